import FoundationEssentials
import Glibc
import MynahBase
package import MynahNetwork

/// The folder of one training: how it was started, how it went, where it is, and what came out.
package struct RunFolder {
    /// How a training was started, from which `--resume` starts it again.
    package struct Configuration: Codable {
        /// The subcommand; nil where a version has started it that had none but `train`.
        package var command: String?

        /// Its arguments.
        package var arguments: [String]

        /// The folder in which they were given, since they may name files relative to it.
        package var workingDirectory: String

        /// When that was, in ISO 8601; nil where an earlier version has started it.
        package var date: String?

        /// What is chosen by the machine where nobody does, and has to stay wherever the training goes on; nil where an
        /// earlier version has started it.
        package var threads: Int?
        package var precision: ProductPrecision?

        /// The program that started it.
        package var mynahVersion: String
    }

    /// One line of the log: an epoch.
    package struct LogLine: Codable, Sendable {
        /// Counted from 1.
        package var epoch: Int

        /// Mean losses, in nats, as ``EpochSummary`` has them.
        package var trainingLoss: Double
        package var validationLoss: Double

        /// What of the validation was right: clips, or symbols.
        package var validationCorrect: Int
        package var validationTotal: Int

        /// Examples learnt from per second, over the epoch.
        package var clipsPerSecond: Double

        /// Whether no earlier epoch was better.
        package var isBest: Bool

        /// Wraps the figures of an epoch.
        package init(
            epoch: Int, trainingLoss: Double, validationLoss: Double, validationCorrect: Int,
            validationTotal: Int, clipsPerSecond: Double, isBest: Bool
        ) {
            self.epoch = epoch
            self.trainingLoss = trainingLoss
            self.validationLoss = validationLoss
            self.validationCorrect = validationCorrect
            self.validationTotal = validationTotal
            self.clipsPerSecond = clipsPerSecond
            self.isBest = isBest
        }
    }

    /// More than any command line has, in bytes.
    private static let maximumConfigurationByteCount = 16 << 20

    /// An absolute path, since the program may change its working directory.
    package let path: String

    /// The subcommand that trains in it.
    package let command: String

    private let lock: FolderLock

    /// Whether the folder was made for this training.
    private let isNew: Bool

    /// Makes the folder for a new training, which ``begin(_:date:threads:precision:)`` starts, and locks it.
    ///
    /// - Parameters:
    ///   - path: the folder; it may be there.
    ///   - command: the subcommand that trains in it.
    ///   - mayReplace: throws where one of these files, which training would write, must not be replaced.
    /// - Throws: ``RunFolderError`` when it is in use or holds a training already; `FileError` when it cannot be made; what
    ///   `mayReplace` throws.
    package init(
        creating path: String, for command: String, mayReplace: (_ files: [String]) throws -> Void
    ) throws {
        self.command = command
        isNew = try makeFolder(path)
        self.path = Self.absolute(path)
        let configuration = "\(self.path)/\(File.configuration.rawValue)"
        if !fileExists(configuration) {
            // The lock is taken away again; one that lies there belongs to a training that is about to begin.
            try mayReplace(File.allCases.filter { $0 != .lock }.map { path.pathOf($0.rawValue) })
        }
        lock = try FolderLock(of: path, at: "\(self.path)/\(File.lock.rawValue)")
        guard !fileExists(configuration) else { throw RunFolderError.exists(folder: path, command: command) }
    }

    /// Opens the folder of a training that was started before, and locks it.
    ///
    /// - Throws: ``RunFolderError`` when it holds none, or is in use; `FileError`.
    package init(resuming path: String, by command: String) throws {
        self.command = command
        isNew = false
        self.path = Self.absolute(path)
        guard fileExists("\(self.path)/\(File.configuration.rawValue)") else {
            throw RunFolderError.missing(folder: path)
        }
        lock = try FolderLock(of: path, at: "\(self.path)/\(File.lock.rawValue)")
    }

    /// Writes down how the training is started: from now on it can be resumed.
    package func begin(
        _ arguments: [String], date: String, threads: Int, precision: ProductPrecision
    ) throws {
        try write(
            jsonText(
                Configuration(
                    command: command, arguments: arguments, workingDirectory: Self.absolute("."), date: date,
                    threads: threads, precision: precision, mynahVersion: mynahVersion),
                pretty: true), to: .configuration)
    }

    /// Whether the training has been started, now or before.
    package var hasBegun: Bool { fileExists(file(.configuration)) }

    /// Takes the folder of a training away that was never started.
    package func abandon() {
        guard !hasBegun else { return }
        _ = file(.lock).withPath { unlink($0) }
        if isNew { _ = path.withPath { rmdir($0) } }
    }

    /// What lies in the folder.
    package enum File: String, CaseIterable {
        case configuration = "run.json"
        case lock = "run.lock"
        case log = "log.jsonl"
        case checkpoint = "last.checkpoint"
        case best = "best.safetensors"
        case curves = "curves.svg"
        case reportText = "report.txt"
        case reportJSON = "report.json"
    }

    package func file(_ file: File) -> String { "\(path)/\(file.rawValue)" }

    /// How the training was started.
    ///
    /// - Throws: ``RunFolderError/unusable(folder:reason:)`` when that cannot be read, or another subcommand started it.
    package func configuration() throws -> Configuration {
        let configuration: Configuration
        do {
            configuration = try JSONDecoder().decode(
                Configuration.self,
                from: Data(
                    TextLines(
                        contentsOf: file(.configuration), limitBytes: Self.maximumConfigurationByteCount
                    ).text.utf8))
        } catch {
            throw RunFolderError.unusable(folder: path, reason: "\(File.configuration.rawValue): \(error)")
        }
        let starter = configuration.command ?? "train"
        guard starter == command else {
            throw RunFolderError.unusable(
                folder: path, reason: "it was started by mynah \(starter.prefix(40)); use that with --resume")
        }
        return configuration
    }

    /// The checkpoint to go on from; nil when the training was stopped before the first one.
    package var checkpoint: String? {
        fileExists(file(.checkpoint)) ? file(.checkpoint) : nil
    }

    /// The log of the epochs before `epoch`; later ones are those that a killed training had begun to write.
    package func log(before epoch: Int) throws -> [LogLine] {
        guard fileExists(file(.log)) else { return [] }
        return String(decoding: try bytes(of: .log), as: UTF8.self).split(separator: "\n")
            .compactMap { try? JSONDecoder().decode(LogLine.self, from: Data($0.utf8)) }
            .filter { $0.epoch <= epoch }
    }

    /// Writes the log anew.
    package func write(_ log: [LogLine]) throws {
        try write(log.map { try jsonText($0) + "\n" }.joined(), to: .log)
    }

    /// Writes one of the files.
    package func write(_ text: String, to file: File) throws {
        try AtomicFile.write(Array(text.utf8), to: self.file(file))
    }

    private func bytes(of file: File) throws -> [UInt8] {
        try RegularFile.contents(of: self.file(file), limitBytes: 64 << 20)
    }

    private static func absolute(_ path: String) -> String { resolvedPath(path) ?? path }
}

/// Why a folder cannot be that of a training.
package enum RunFolderError: Error, Hashable, Sendable {
    /// The folder for a new training holds one already, which `command` goes on with.
    case exists(folder: String, command: String)

    /// Another process, which is described if it is known, trains in it.
    case inUse(folder: String, by: String?)

    /// The folder of a training that is to go on holds none.
    case missing(folder: String)

    /// The folder of a training that is to go on cannot be used.
    case unusable(folder: String, reason: String)
}

extension RunFolderError: CustomStringConvertible {
    /// One line for the user, without control characters.
    package var description: String {
        switch self {
        case .exists(let folder, let command):
            "\(folder.printable): holds a training already; go on with: mynah \(command) --resume \(folder.printable)"
        case .inUse(let folder, let owner):
            "\(folder.printable): is in use by another training\(owner.map { " (\($0.printable))" } ?? "")"
        case .missing(let folder):
            "\(folder.printable): holds no training (no run.json), expected a folder made by --run"
        case .unusable(let folder, let reason): "\(folder.printable): cannot go on: \(reason.printable)"
        }
    }
}
