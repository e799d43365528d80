import FoundationEssentials
import Glibc
import MynahAudio
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel
import MynahNetwork
import MynahPlot
import MynahReport

/// The folder of one training: how it was started, how it went, where it is, and what came out.
struct RunFolder {
    /// How a training was started, from which `--resume` starts it again.
    struct Configuration: Codable {
        /// The subcommand; nil where a version has started it that had none but `train`.
        var command: String?

        /// Its arguments.
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

    /// More than any command line has, in bytes.
    private static let maximumConfigurationByteCount = 16 << 20

    /// An absolute path, since the program may change its working directory.
    let path: String

    /// The subcommand that trains in it.
    let command: String

    private let lock: FolderLock

    /// Whether the folder was made for this training.
    private let isNew: Bool

    /// Makes the folder for a new training, which ``begin(_:threads:precision:)`` starts, and locks it.
    ///
    /// - Throws: `CommandError` when it is in use, holds a training already, or files of other kinds that would be replaced;
    ///   `FileError` when it cannot be made.
    init(creating path: String, for command: String, replacing outputOptions: OutputOptions) throws {
        self.command = command
        isNew = try makeFolder(path)
        self.path = Self.absolute(path)
        let configuration = "\(self.path)/\(File.configuration.rawValue)"
        if !fileExists(configuration) {
            // The lock is taken away again; one that lies there belongs to a training that is about to begin.
            try outputOptions.check(
                File.allCases.filter { $0 != .lock }
                    .compactMap { OutputFile("--run", path.pathOf($0.rawValue), .other) })
        }
        lock = try FolderLock(of: path, at: "\(self.path)/\(File.lock.rawValue)")
        guard !fileExists(configuration) else { throw CommandError.runExists(folder: path, command: command) }
    }

    /// Opens the folder of a training that was started before, and locks it.
    ///
    /// - Throws: `CommandError` when it holds none, or is in use.
    init(resuming path: String, by command: String) throws {
        self.command = command
        isNew = false
        self.path = Self.absolute(path)
        guard fileExists("\(self.path)/\(File.configuration.rawValue)") else {
            throw CommandError.noRun(folder: path)
        }
        lock = try FolderLock(of: path, at: "\(self.path)/\(File.lock.rawValue)")
    }

    /// Writes down how the training is started: from now on it can be resumed.
    func begin(_ arguments: [String], threads: Int, precision: ProductPrecision) throws {
        try write(
            jsonText(
                Configuration(
                    command: command, arguments: arguments, workingDirectory: Self.absolute("."),
                    threads: threads,
                    precision: precision, mynahVersion: mynahVersion),
                pretty: true), to: .configuration)
    }

    /// Whether the training has been started, now or before.
    var hasBegun: Bool { fileExists(file(.configuration)) }

    /// Takes the folder of a training away that was never started.
    func abandon() {
        guard !hasBegun else { return }
        _ = file(.lock).withPath { unlink($0) }
        if isNew { _ = path.withPath { rmdir($0) } }
    }

    /// What lies in the folder.
    enum File: String, CaseIterable {
        case configuration = "run.json"
        case lock = "run.lock"
        case log = "log.jsonl"
        case checkpoint = "last.checkpoint"
        case best = "best.safetensors"
        case curves = "curves.svg"
        case reportText = "report.txt"
        case reportJSON = "report.json"
    }

    func file(_ file: File) -> String { "\(path)/\(file.rawValue)" }

    /// How the training was started.
    ///
    /// - Throws: `CommandError` when that cannot be read, or another subcommand started it.
    func configuration() throws -> Configuration {
        let configuration: Configuration
        do {
            configuration = try JSONDecoder().decode(
                Configuration.self,
                from: Data(
                    TextLines(
                        contentsOf: file(.configuration), limitBytes: Self.maximumConfigurationByteCount
                    ).text.utf8))
        } catch {
            throw CommandError.badRun(folder: path, reason: "\(File.configuration.rawValue): \(error)")
        }
        let starter = configuration.command ?? TrainCommand.name
        guard starter == command else {
            throw CommandError.badRun(
                folder: path, reason: "it was started by mynah \(starter.prefix(40)); use that with --resume")
        }
        return configuration
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

extension RunFolder {
    /// Evaluates the model of a finished training on the validation split, and writes the report.
    func report(
        model path: String, data: String, unknownFolders: [String], channel: ChannelSelection, threads: Int
    ) throws {
        let model = try CommandModel(contentsOf: path)
        let evaluation = try FolderEvaluation(
            folder: data, unknownFolders: unknownFolders, model: model, split: .validation,
            channel: channel, threads: threads)
        let bootstrap = ClusterBootstrap(seed: 1)
        let report = EvaluationReport(
            provenance: provenance(
                of: model, name: path, folder: data, clips: evaluation, seed: 1),
            closedSet: try ClosedSetEvaluation(
                labels: model.labels, clips: try evaluation.run(), bootstrap: bootstrap),
            conditions: nil)
        try write(report.text(color: false), to: .reportText)
        try write(jsonText(report, pretty: true) + "\n", to: .reportJSON)
    }

    /// The same of a speech model.
    func reportSpeech(
        model path: String, corpora: [TranscribedCorpus], channel: ChannelSelection, threads: Int
    ) throws {
        let report = try SpeechReport(
            of: try SpeechModel(contentsOf: path), name: path, corpora: corpora, split: .validation,
            channel: channel, threads: threads, seed: 1)
        try write(report.text(color: false), to: .reportText)
        try write(jsonText(report, pretty: true) + "\n", to: .reportJSON)
    }
}
