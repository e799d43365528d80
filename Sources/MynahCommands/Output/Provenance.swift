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
///   - verifier: The speech model that verified words in it as the command line names it, if there is one.
///   - seed: The seed of the bootstrap.
func provenance(
    of model: CommandModel, name: String, folder: String?, clips: FolderEvaluation?,
    listening: OpenSetListening? = nil, verifier: String? = nil, seed: UInt64
) -> EvaluationProvenance {
    let recordings = listening?.recordings ?? []
    return EvaluationProvenance(
        mynahVersion: mynahVersion, machine: Machine.description, commandLine: commandLineText(),
        model: name, modelHash: model.hash, frontEndHash: model.frontEndHash,
        verifier: verifier.flatMap { name in
            listening?.verifierHash.map { EvaluationProvenance.Verifier(name: name, hash: $0) }
        },
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
