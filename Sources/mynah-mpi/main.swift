import MynahCluster
import MynahCommands

runMynahMPI { isEnding, onLoss in
    try MPICommunicator(isEnding: isEnding, onLoss: onLoss)
}
