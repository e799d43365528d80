import MynahBase
import Synchronization

/// The processes that carry out this command together: this one alone, unless `mpirun` has started `mynah-mpi`.
enum Ranks {
    private static let joined = Mutex<(any Communicator)?>(nil)

    /// All of them.
    static var all: any Communicator { joined.withLock { $0 } ?? SingleProcess() }

    /// Says, before any command is parsed, that there are others.
    ///
    /// The first process alone speaks from now on.
    static func join(_ communicator: any Communicator) {
        joined.withLock { $0 = communicator }
        Terminal.isSilent = !communicator.isFirst
    }

    /// Whether this process is the one that writes files and speaks.
    static var isFirst: Bool { all.isFirst }

    /// How the program is called, with as many processes.
    static var programCall: String { all.size > 1 ? "mpirun -n \(all.size) mynah-mpi" : "mynah" }

    /// Threads of this process unless told otherwise: the cores that it may use, divided by the processes of this machine
    /// where they are not bound to cores of their own.
    static var threadCount: Int {
        max(1, min(processorCount(), onlineProcessorCount() / all.localSize))
    }
}
