import MynahCluster
import MynahCommands

runMynahMPI { isEnding, onLoss in
    MPICommunicator.isLaunched ? try MPICommunicator(isEnding: isEnding, onLoss: onLoss) : nil
}
