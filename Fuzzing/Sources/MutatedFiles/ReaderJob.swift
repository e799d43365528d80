import FuzzSupport
import Glibc

/// The part of a run that one process reads: it writes a line for each file and checks its leaks when it exits.
struct ReaderJob {
    private static let mark = "--read"

    private let originals: String
    private let seed: UInt64
    private let numbers: Range<Int>

    init(originals: String, seed: UInt64, numbers: Range<Int>) {
        self.originals = originals
        self.seed = seed
        self.numbers = numbers
    }

    /// The job that a process was started with, or `nil` if it was started by a user.
    init?(_ arguments: [String]) {
        guard arguments.count == 5, arguments[0] == Self.mark, let seed = UInt64(arguments[2]),
            let first = Int(arguments[3]), let end = Int(arguments[4]), first <= end
        else { return nil }
        self.init(originals: arguments[1], seed: seed, numbers: first..<end)
    }

    /// What to start a process with, so that it does this job.
    var arguments: [String] {
        [Self.mark, originals, "\(seed)", "\(numbers.lowerBound)", "\(numbers.upperBound)"]
    }

    func run() {
        let subject = Subject(originals)
        let file = MemoryFile()
        for number in numbers {
            let start = ContinuousClock.now
            let outcome = subject.outcome(seed: seed, number: number, through: file)
            let microseconds = (ContinuousClock.now - start) / .microseconds(1)
            var usage = rusage()
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            let line = "\(Int(microseconds))\t\(usage.ru_maxrss)\t\(outcome)\n"
            _ = line.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
        }
    }
}
