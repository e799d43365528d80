import Foundation
import Glibc
import Testing

/// `mynah-mpi`, which lies beside the tests where it was asked for, under an `mpirun`.
enum RankedProgram {
    /// Where it lies.
    static let path = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path + "/mynah-mpi"

    /// Why it cannot be run; nil where it can.
    static let missing: String? = {
        guard access(path, X_OK) == 0 else { return "needs mynah-mpi: make test-mpi" }
        return launcher == nil ? "needs mpirun" : nil
    }()

    /// The program that starts others: that of the MPI which was built with.
    private static let launcher: String? = {
        let name = ProcessInfo.processInfo.environment["MYNAH_MPIRUN"] ?? "mpirun"
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }()

    /// Whether it is that of Open MPI, which asks processes to end a second before it kills them; that of MPICH kills at once.
    static let isOpenMPI: Bool = {
        let version = (try? shell("\(launcher ?? "false") --version 2>&1 || true"))?.output ?? ""
        return !version.contains("HYDRA")
    }()

    /// Open MPI wants to be asked for more processes than cores, and by root; MPICH does not know how to be asked.
    private static let options: [String] = {
        isOpenMPI
            ? ["-q", "--allow-run-as-root", "--oversubscribe", "--bind-to", "none"] : []
    }()

    /// The command that starts some processes, each with its own arguments and in its own folder.
    static func command(_ ranks: [(arguments: [String], folder: String?)]) -> [String] {
        let parts = ranks.map { rank in
            ["-n", "1"] + (rank.folder.map { ["-wdir", $0] } ?? []) + [path] + rank.arguments
        }
        return [launcher ?? ""] + options + Array(parts.joined(separator: [":"]))
    }

    /// The command that starts `size` processes.
    static func command(size: Int, _ arguments: [String]) -> [String] {
        [launcher ?? ""] + options + ["-n", "\(size)", path] + arguments
    }

    /// Starts processes.
    static func job(_ command: [String], folder: String? = nil) throws -> Job {
        // Open MPI looks for the user's settings.
        try Job(command, environment: ["HOME": NSTemporaryDirectory()], folder: folder)
    }

    /// Runs `size` processes to their end.
    static func run(size: Int, _ arguments: [String], folder: String? = nil) throws -> Outcome {
        try job(command(size: size, arguments), folder: folder).wait(timeLimit: 120)
    }

    /// The processes that a launcher has started, by their order, children of its helpers included.
    static func processes(of job: Job) -> [pid_t] {
        func children(_ process: pid_t) -> [pid_t] {
            let text = FileManager.default.contents(atPath: "/proc/\(process)/task/\(process)/children")
            let own = String(decoding: text ?? Data(), as: UTF8.self).split(separator: " ").compactMap {
                pid_t($0)
            }
            return own + own.flatMap(children)
        }
        return children(job.processID).filter { process in
            let name = FileManager.default.contents(atPath: "/proc/\(process)/comm")
            return String(decoding: name ?? Data(), as: UTF8.self) == "mynah-mpi\n"
        }.sorted()
    }
}

extension Trait where Self == ConditionTrait {
    /// Runs a test only where there is `mynah-mpi`.
    static var needsRanks: Self {
        .enabled(if: RankedProgram.missing == nil, "\(RankedProgram.missing ?? "")")
    }
}
