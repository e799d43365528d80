import Foundation
import FuzzSupport

/// Reads damaged files by the thousand and counts what becomes of them.
///
///     MutatedFiles ORIGINALS COUNT SEED FINDINGS [FIRST]
///
/// `ORIGINALS` is a folder of valid sounds, or the word `models`; file `FIRST` (0) and those after it, `COUNT` in all, follow from `SEED`. They are
/// read by processes of their own, so that a crash, a hang or a leak ends one of them and not the run. Damaged files
/// that do harm are kept in the folder `FINDINGS`, with what their reader wrote; then the exit status is 1.
@main
struct MutatedFiles {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if let job = ReaderJob(arguments) {
            job.run()
            return
        }
        guard (4...5).contains(arguments.count), let count = Int(arguments[1]), count > 0,
            let seed = UInt64(arguments[2]), let first = arguments.count == 5 ? Int(arguments[4]) : 0,
            first >= 0
        else {
            print("usage: MutatedFiles ORIGINALS COUNT SEED FINDINGS [FIRST]")
            exit(2)
        }
        var run = SupervisedRun(originals: arguments[0], seed: seed, findings: arguments[3])
        try run.read(first..<first + count)
        run.printSummary()
        if run.hasFindings { exit(1) }
    }
}
