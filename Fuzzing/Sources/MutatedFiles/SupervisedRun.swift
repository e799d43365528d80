import Foundation
import FuzzSupport

/// Has processes read damaged files, and notices which of them crash, hang, leak or take too much memory.
struct SupervisedRun {
    /// Files that one process reads.
    private static let filesPerProcess = 2_000
    /// Seconds of processor time after which a file counts as a hang.
    private static let longestSeconds = 5
    /// Memory of a process, in KiB, that no file may take it beyond; the address sanitizer needs most of it.
    private static let largestMemory = 1 << 19

    private let originals: String
    private let seed: UInt64
    private let findings: String
    private let start = ContinuousClock.now

    private var counts: [String: Int] = [:]
    private var findingNames: [String] = []
    private var longestMicroseconds = 0
    private var largestMemory = 0

    init(originals: String, seed: UInt64, findings: String) {
        self.originals = originals
        self.seed = seed
        self.findings = findings
    }

    var hasFindings: Bool { !findingNames.isEmpty }

    mutating func read(_ numbers: Range<Int>) throws {
        try FileManager.default.createDirectory(atPath: findings, withIntermediateDirectories: true)
        var next = numbers.lowerBound
        while next < numbers.upperBound {
            let start = next
            next = try readSome(start..<min(start + Self.filesPerProcess, numbers.upperBound))
            if next / 10_000 > start / 10_000 { say("\(next) …") }
        }
    }

    /// Starts one process; returns the number of the file with which the next has to go on.
    private mutating func readSome(_ numbers: Range<Int>) throws -> Int {
        let report = "\(findings)/report.txt"
        try Data().write(to: URL(fileURLWithPath: report))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ReaderJob(originals: originals, seed: seed, numbers: numbers).arguments
        let output = Pipe()
        // The address sanitizer takes the backtracer's copying of memory for a fault.
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["SWIFT_BACKTRACE": "enable=off"]) { $1 }
        process.standardOutput = output
        // Decoders write remarks about damaged files there.
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: report))
        try process.run()
        try output.fileHandleForWriting.close()

        var number = numbers.lowerBound
        var lines = LineReader(
            descriptor: output.fileHandleForReading.fileDescriptor, of: process.processIdentifier)
        var failure: String?
        reading: while failure == nil {
            switch lines.next(within: Self.longestSeconds) {
            case .line(let line):
                note(line)
                number += 1
                if largestMemory > Self.largestMemory { failure = "memory" }
            case .timeout: failure = "hang"
            case .end: break reading
            }
        }
        if failure != nil { process.terminate() }
        if failure == "hang" { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        if failure == nil, number < numbers.upperBound {
            failure = "crash"
        } else if failure == nil, process.terminationStatus != 0 {
            try keep("leak-\(seed)-\(numbers.lowerBound)-\(numbers.upperBound)", report: report, file: nil)
        }
        guard let failure else { return number }
        let culprit = failure == "memory" ? number - 1 : number
        try keep(
            "\(failure)-\(seed)-\(culprit)", report: report,
            file: Subject(originals).bytes(seed: seed, number: culprit))
        largestMemory = min(largestMemory, Self.largestMemory)
        return culprit + 1
    }

    private mutating func note(_ line: String) {
        let fields = line.split(separator: "\t")
        guard fields.count == 3, let microseconds = Int(fields[0]), let memory = Int(fields[1]) else {
            return
        }
        longestMicroseconds = max(longestMicroseconds, microseconds)
        largestMemory = max(largestMemory, memory)
        counts[String(fields[2]), default: 0] += 1
    }

    private mutating func keep(_ name: String, report: String, file: [UInt8]?) throws {
        findingNames.append(name)
        say("finding: \(findings)/\(name)")
        let text = try Data(contentsOf: URL(fileURLWithPath: report))
        try text.write(to: URL(fileURLWithPath: "\(findings)/\(name).txt"))
        if let file { try Data(file).write(to: URL(fileURLWithPath: "\(findings)/\(name)")) }
    }

    func printSummary() {
        let total = counts.values.reduce(0, +)
        let seconds = Int((ContinuousClock.now - start) / .seconds(1))
        say("\(total) mutated files, seed \(seed), \(seconds) s")
        say("read: \(counts["read"] ?? 0)")
        say("refused: \(total - (counts["read"] ?? 0))")
        for (outcome, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) })
        where outcome != "read" {
            say("  \(outcome): \(count)")
        }
        say(
            "longest: \(Double(longestMicroseconds) / 1_000) ms, largest process: \(largestMemory / 1_024) MiB"
        )
        say("findings: \(findingNames.count)")
    }
}

/// Prints a line at once, also into a file.
private func say(_ line: String) { FileHandle.standardOutput.write(Data("\(line)\n".utf8)) }
