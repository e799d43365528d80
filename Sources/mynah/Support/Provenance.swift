import MynahEvaluation
import MynahModel
import MynahTraining

extension FolderEvaluation {
    /// Where the figures of this evaluation come from.
    ///
    /// - Parameters:
    ///   - model: The model that was evaluated.
    ///   - name: The model as the command line names it.
    ///   - data: The folder as the command line names it.
    ///   - seed: The seed of the bootstrap.
    func provenance(
        of model: CommandModel, name: String, data: String, seed: UInt64
    ) -> EvaluationProvenance {
        EvaluationProvenance(
            mynahVersion: mynahVersion, machine: Machine.description, commandLine: commandLineText(),
            model: name, modelHash: model.hash, frontEndHash: model.frontEndHash, data: data,
            dataHash: summary.dataHash, split: split.rawValue, seed: seed, unreadableClips: unreadable)
    }
}
