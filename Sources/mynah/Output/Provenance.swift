import Glibc
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel

/// Where the figures of a report come from.
///
/// - Parameters:
///   - model: The model that was evaluated.
///   - name: The model as the command line names it.
///   - folder: The folder of clips as the command line names it, if there is one.
///   - clips: What was read of the folder.
///   - listening: The continuous audio that was listened to, if there is any.
///   - seed: The seed of the bootstrap.
func provenance(
    of model: CommandModel, name: String, folder: String?, clips: FolderEvaluation?,
    listening: OpenSetListening? = nil, seed: UInt64
) -> EvaluationProvenance {
    let recordings = listening?.recordings ?? []
    return EvaluationProvenance(
        mynahVersion: mynahVersion, machine: Machine.description, commandLine: commandLineText(),
        model: name, modelHash: model.hash, frontEndHash: model.frontEndHash,
        data: folder ?? recordings.map(\.name).joined(separator: ", "),
        dataHash: clips?.summary.dataHash ?? SHA256.hexDigest(of: recordings.map(\.hash).joined()),
        split: clips?.split.rawValue, splitRule: clips?.splitRule, seed: seed,
        unreadableClips: (clips?.unreadable ?? []) + (listening?.unreadable ?? []))
}

/// Where the figures of a speech model come from.
///
/// - Parameters:
///   - model: The model that was evaluated.
///   - name: The model as the command line names it.
///   - folders: The transcribed folders as the command line names them.
///   - trial: What was read of them.
///   - seed: The seed of the bootstrap.
func provenance(
    of model: SpeechModel, name: String, folders: [String], trial: SpeechTrial, seed: UInt64
) -> EvaluationProvenance {
    EvaluationProvenance(
        mynahVersion: mynahVersion, machine: Machine.description, commandLine: commandLineText(),
        model: name, modelHash: model.hash, frontEndHash: model.frontEndHash,
        data: folders.joined(separator: ", "), dataHash: trial.dataHash, split: trial.split?.rawValue,
        splitRule: trial.splitRule, seed: seed, unreadableClips: [])
}

/// The machine that figures of speed belong to.
enum Machine {
    /// Processor, cores and operating system in one line.
    static let description: String = {
        var system = utsname()
        uname(&system)
        let name = text(of: system.sysname)
        let release = text(of: system.release)
        let architecture = text(of: system.machine)
        return "\(processorName ?? architecture), \(processorCount()) cores, \(name) \(release)"
    }()

    /// The name of the machine in its network.
    static let name: String = {
        var system = utsname()
        uname(&system)
        return text(of: system.nodename)
    }()

    private static var processorName: String? {
        guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
            if text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") {
                return String(text[text.index(after: colon)...].drop { $0 == " " }.prefix { $0 != "\n" })
            }
        }
        return nil
    }

    private static func text<Field>(of field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
