import FoundationEssentials
import Glibc
import MynahBase
import MynahData
import MynahModel
import MynahNetwork
import MynahPlot
import MynahReport

/// The folder of one training: how it was started, how it went, where it is, and what came out.
struct RunFolder {
    /// How a training was started, from which `--resume` starts it again.
    struct Configuration: Codable {
        /// Arguments of `mynah train`.
        var arguments: [String]

        /// The folder in which they were given, since they may name files relative to it.
        var workingDirectory: String

        /// What is chosen by the machine where nobody does, and has to stay wherever the training goes on; nil where an
        /// earlier version has started it.
        var threads: Int?
        var precision: ProductPrecision?

        /// The program that started it.
        var mynahVersion: String
    }

    /// One line of the log: an epoch.
    struct LogLine: Codable {
        var epoch: Int
        var trainingLoss: Double
        var validationLoss: Double
        var validationCorrect: Int
        var validationTotal: Int
        var clipsPerSecond: Double
        var isBest: Bool
    }

    /// An absolute path, since the program may change its working directory.
    let path: String

    /// Makes the folder for a new training.
    ///
    /// - Throws: `CommandError` when it cannot be made, or holds a training already.
    init(
        creating path: String, arguments: [String], options: TrainingOptions,
        replacing outputOptions: OutputOptions
    ) throws {
        try makeFolder(path)
        self.path = Self.absolute(path)
        guard !fileExists(file(.configuration)) else { throw CommandError.runExists(folder: path) }
        try outputOptions.check(
            File.allCases.compactMap { OutputFile("--run", path.pathOf($0.rawValue), .other) })
        try write(
            jsonText(
                Configuration(
                    arguments: arguments, workingDirectory: Self.absolute("."), threads: options.threads,
                    precision: options.precision, mynahVersion: mynahVersion),
                pretty: true), to: .configuration)
    }

    /// Opens the folder of a training that was started before.
    ///
    /// - Throws: `CommandError` when it holds none.
    init(resuming path: String) throws {
        self.path = Self.absolute(path)
        guard fileExists(file(.configuration)) else { throw CommandError.noRun(folder: path) }
    }

    /// What lies in the folder.
    enum File: String, CaseIterable {
        case configuration = "run.json"
        case log = "log.jsonl"
        case checkpoint = "last.checkpoint"
        case best = "best.safetensors"
        case curves = "curves.svg"
        case reportText = "report.txt"
        case reportJSON = "report.json"
    }

    func file(_ file: File) -> String { "\(path)/\(file.rawValue)" }

    /// How the training was started.
    func configuration() throws -> Configuration {
        do {
            return try JSONDecoder().decode(
                Configuration.self, from: Data(try bytes(of: .configuration)))
        } catch {
            throw CommandError.badRun(folder: path, reason: "\(File.configuration.rawValue): \(error)")
        }
    }

    /// The checkpoint to go on from; nil when the training was stopped before the first one.
    var checkpoint: String? {
        fileExists(file(.checkpoint)) ? file(.checkpoint) : nil
    }

    /// The log of the epochs before `epoch`; later ones are those that a killed training had begun to write.
    func log(before epoch: Int) throws -> [LogLine] {
        guard fileExists(file(.log)) else { return [] }
        return String(decoding: try bytes(of: .log), as: UTF8.self).split(separator: "\n")
            .compactMap { try? JSONDecoder().decode(LogLine.self, from: Data($0.utf8)) }
            .filter { $0.epoch <= epoch }
    }

    /// Writes the log and its curves anew.
    func write(_ log: [LogLine]) throws {
        try write(log.map { try jsonText($0, pretty: false) + "\n" }.joined(), to: .log)
        let epochs = log.map { line in
            TrainingCurves.Epoch(
                number: line.epoch, trainingLoss: line.trainingLoss, validationLoss: line.validationLoss,
                errorRate: 1 - Double(line.validationCorrect) / Double(max(1, line.validationTotal)))
        }
        try write(TrainingCurves(epochs).figure.svg, to: .curves)
    }

    func write(_ text: String, to file: File) throws {
        try Destination.write(text, to: self.file(file))
    }

    private func bytes(of file: File) throws -> [UInt8] {
        try RegularFile.contents(of: self.file(file), limitBytes: 64 << 20)
    }

    private static func absolute(_ path: String) -> String { resolvedPath(path) ?? path }
}
