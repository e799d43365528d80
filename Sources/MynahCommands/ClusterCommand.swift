import ArgumentParser
import Glibc
package import MynahBase
import MynahNetwork
import Synchronization

/// Runs the program `mynah-mpi`: those subcommands of `mynah` that several processes can share.
///
/// - Parameter join: joins the processes that `mpirun` has started; it is given whether this process has been asked to end,
///   and what to call when the others are lost. It returns nil where there are none.
package func runMynahMPI(
    joining join: (
        _ isEnding: @escaping @Sendable () -> Bool, _ onLoss: @escaping @Sendable (String?) -> Never
    ) throws -> (any Communicator)?
) -> Never {
    ClusterCommand.main(joining: join)
}

/// The program `mynah-mpi`.
struct ClusterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mynah-mpi",
        abstract: "Trains and evaluates on many cores and machines, started by mpirun.",
        discussion: """
            The subcommands are those of mynah, with the same options; so are the models, to the bit, and the reports. Every \
            process needs the recordings under the same path; only the first one writes.

            EXAMPLE
              mpirun -n 4 mynah-mpi train recordings --run my-run
              mpirun -n 8 --hostfile hosts mynah-mpi train --resume my-run
              mpirun -n 4 mynah-mpi evaluate recordings --model my-run/best.safetensors
            """,
        version: mynahVersion,
        subcommands: [
            TrainCommand.self, TrainSpeechCommand.self, EvaluateCommand.self, VerifyCommand.self,
        ])

    static func main(
        joining join: (
            _ isEnding: @escaping @Sendable () -> Bool, _ onLoss: @escaping @Sendable (String?) -> Never
        ) throws -> (any Communicator)?
    ) -> Never {
        MynahCommand.prepareProcess()
        do {
            if let communicator = try join(isEnding, tellLoss) { Ranks.join(communicator) }
            notePlaces()
            try Ranks.all.requireSame("version of Mynah", mynahVersion)
            try Ranks.all.requireSame("processor", VectorInstructions.description)
            var command = try parseAsRoot(programArguments)
            try command.run()
            // MPI would wait for the last one at full speed.
            _ = Ranks.all.isAnywhere(false)
            Ranks.all.finish()
            exit(withError: nil)
        } catch {
            end(error)
        }
    }

    /// Ends this process after an error, and with it, by `mpirun`, all others.
    private static func end(_ error: any Error) -> Never {
        guard exitCode(for: error) == .failure, !(error is ExitCode) else {
            // Help, wrong usage, and what a command has told: it is the same in all processes.
            let code = MynahCommand.tell(error, of: self)
            Ranks.all.finish()
            exit(withError: code)
        }
        if !Ranks.isFirst {
            // What all of them meet is told by the first one, which ends this process meanwhile.
            sleep(2)
            Terminal.isSilent = false
            Terminal.note(
                "mynah: rank \(Ranks.all.rank) on \(Ranks.all.host.printable): \("\(error)".printable)")
        } else {
            Terminal.error(error)
        }
        Ranks.all.abandon()
        _exit(1)
    }

    /// Where the processes are, to find out who is gone.
    private struct Place: Sendable {
        let host: String
        let process: pid_t

        /// Whether it is known to have ended; what happens on other machines is not known.
        var isGone: Bool { host == Machine.name && kill(process, 0) != 0 && errno == ESRCH }
    }

    private static let places = Mutex<[Place]>([])

    private static func notePlaces() {
        let hosts = Ranks.all.allGather(Array(Ranks.all.host.utf8))
        let processes = Ranks.all.allGather([getpid()])
        places.withLock {
            $0 = zip(hosts, processes).map { Place(host: String(decoding: $0, as: UTF8.self), process: $1) }
        }
    }

    /// Whether this process has been asked to end, for a reason other than that one of the others is gone.
    @Sendable private static func isEnding() -> Bool {
        guard Interruption.isRequested else { return false }
        if places.withLock({ $0.contains(where: \.isGone) }) { tellLoss(nil) }
        return true
    }

    /// Tells that other processes are gone, and ends this one.
    @Sendable private static func tellLoss(_ reason: String?) -> Never {
        let places = places.withLock(\.self)
        let gone = places.firstIndex(where: \.isGone)
        // One tells it, the first one unless that is gone itself.
        if places.firstIndex(where: { !$0.isGone }) ?? 0 == Ranks.all.rank {
            let who =
                gone.map { "rank \($0) on \(places[$0].host.printable)" } ?? "another process of this job"
            Terminal.isSilent = false
            Terminal.note(
                """
                mynah: \(who) has ended\(reason.map { " (\($0.printable))" } ?? ""): what was written stays, and a run goes on \
                with --resume, with any number of processes
                """)
        }
        // All have to see who was there, and who was not.
        usleep(300_000)
        _exit(1)
    }
}
