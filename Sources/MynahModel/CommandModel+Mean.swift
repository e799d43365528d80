internal import MynahBase

extension CommandModel {
    /// The model whose weights are the means of those of several, each of which was trained on from the same weights.
    ///
    /// It costs what one of them costs, and is often as good as all together. Where they come from different weights, it knows
    /// nothing, which cannot be seen from the weights: it must be tried. Its temperature is 1; it has no thresholds, calibration,
    /// paths of states or spellings, since those of one network do not hold for another.
    ///
    /// Traps unless there are two models or more.
    ///
    /// Source: M. Wortsman et al., "Model soups: averaging weights of multiple fine-tuned models improves accuracy without
    /// increasing inference time", arXiv 2203.05482.
    ///
    /// - Parameters:
    ///   - models: what is averaged, each with what errors and the provenance of the mean call it.
    ///   - commandLine: the command that does it.
    /// - Throws: ``ModelError/notAlike(model:first:part:)`` when two differ in anything but their weights and what was fitted to
    ///   these, or have learnt from different recordings.
    package static func mean(
        of models: [(name: String, model: CommandModel)], commandLine: String
    ) throws(ModelError) -> CommandModel {
        precondition(models.count > 1, "a mean of \(models.count) models, expected 2 or more")
        let (firstName, first) = models[0]
        var sums = first.parameters.map(Double.init)
        for (name, model) in models.dropFirst() {
            if let part = first.partThatDiffers(from: model) {
                throw .notAlike(model: name, first: firstName, part: part)
            }
            let weights = model.parameters
            for index in sums.indices { sums[index] += Double(weights[index]) }
        }
        return try CommandModel(
            labels: first.labels, frontEnd: first.frontEnd, normalizer: first.normalizer,
            clipSampleCount: first.clipSampleCount, network: first.network,
            parameters: sums.map { Float($0 / Double(models.count)) },
            provenance: TrainingProvenance(meanOf: models, commandLine: commandLine))
    }

    /// The first part without which the weights of two models cannot be averaged, or should not be; nil where there is none.
    private func partThatDiffers(from other: CommandModel) -> String? {
        let parts = [
            ("labels", labels == other.labels), ("front end", frontEnd == other.frontEnd),
            ("statistics of the features", normalizer == other.normalizer),
            ("window", clipSampleCount == other.clipSampleCount), ("network", network == other.network),
            ("recordings to learn from", provenance.dataHash == other.provenance.dataHash),
        ]
        return parts.first { !$0.1 }?.0
    }
}

extension TrainingProvenance {
    /// Where the mean of models comes from: what they have in common, and each with its hash and its command.
    ///
    /// No clip of validation is counted as recognized before the mean has heard them.
    fileprivate init(meanOf models: [(name: String, model: CommandModel)], commandLine: String) {
        let first = models[0].model.provenance
        let sources = models.map { name, model in
            Setting(
                name: "mean of the weights of \(name)",
                value:
                    "SHA-256 \(model.hash), seed \(model.provenance.seed), epoch \(model.provenance.bestEpoch) of "
                    + "\(model.provenance.epochCount): \(model.provenance.commandLine)")
        }
        var attributions: [String] = []
        for case let text? in models.map(\.model.provenance.attribution) where !attributions.contains(text) {
            attributions.append(text)
        }
        self.init(
            seed: first.seed, commandLine: commandLine, data: first.data, dataHash: first.dataHash,
            splitRule: first.splitRule, mynahVersion: MynahBase.mynahVersion, date: currentDateText(),
            epochCount: 0, bestEpoch: 0, validationAccuracy: .init(correct: 0, total: 0),
            settings: sources + first.settings,
            attribution: attributions.isEmpty ? nil : attributions.joined(separator: "; "))
    }
}
