import MynahBase
import MynahData
import MynahFeatures
package import MynahModel
import MynahRecognition

extension FolderEvaluation {
    /// Hears every selected clip decision by decision.
    ///
    /// - Parameter confidence: within `EarlyDecision.confidences`.
    /// - Returns: nil for a model that is not causal, which knows nothing before the end of a clip.
    /// - Throws: `EvaluationError.noClips`, `RecognitionError` when the model cannot be used.
    package func earlyDecision(
        confidence: Float, bootstrap: ClusterBootstrap
    ) throws -> EarlyDecisionEvaluation? {
        guard model.canStream else { return nil }
        _ = try ClipNetwork(model)
        let tried = Set(EarlyDecisionEvaluation.confidences + [confidence]).sorted()
        let clips = communicator.map(
            examples.count, threads: threads, makeContext: { makeNetwork(model) }
        ) { network, index in
            let example = examples[index]
            var window: [Float] = []
            loader.load(example, into: &window)
            let posteriors = network.posteriorsAtEachStep(of: window)
            let timing = StreamTiming(model)
            var rules = tried.map {
                EarlyDecision(
                    labels: model.labels, confidence: $0, decisionSeconds: timing.decisionSeconds,
                    calibration: model.earlyCalibration)
            }
            for row in posteriors {
                for index in rules.indices { _ = rules[index].push(row.span) }
            }
            let undecided = rules.first { $0.verdict == nil }
            let heard = posteriors.map { $0.indexOfLargest ?? 0 }
            return UnfoldingClip(
                speaker: speaker(of: example), label: modelLabels[example.label], heard: heard,
                atEnd: undecided?.probabilities.indexOfLargest ?? heard.last ?? 0,
                verdicts: rules.map(\.verdict))
        }
        let timing = StreamTiming(model)
        return try EarlyDecisionEvaluation(
            clips, labels: model.labels,
            times: (0..<(clips.first?.heard.count ?? 0)).map(timing.end(ofDecision:)),
            clipSeconds: Double(model.clipSampleCount) / Double(model.frontEnd.sampleRate),
            confidence: confidence, tried: tried,
            minimumSeconds: EarlyDecision.defaultMinimumSeconds(model.earlyCalibration), bootstrap: bootstrap)
    }

    /// Fits what makes the posteriors of clips that are not over yet believable, to every decision of the selected clips.
    ///
    /// - Parameter model: the evaluated model, which may have another temperature.
    /// - Returns: nil for a model that is not causal.
    /// - Throws: `EvaluationError.noClips`, `RecognitionError` when the model cannot be used.
    package func earlyCalibration(of model: CommandModel) throws -> EarlyCalibration? {
        guard model.canStream else { return nil }
        _ = try ClipNetwork(model)
        let tracks = concurrentMap(
            examples.count, threads: threads, makeContext: { makeNetwork(model) }
        ) { network, index in
            var window: [Float] = []
            loader.load(examples[index], into: &window)
            return network.posteriorsAtEachStep(of: window)
        }
        return try EarlyCalibrationFit(
            tracks: tracks, truth: examples.map { modelLabels[$0.label] },
            unknown: model.labels.firstIndex(of: StandardLabel.unknown), threads: threads
        ).calibration
    }

    private func makeNetwork(_ model: CommandModel) -> ClipNetwork {
        do {
            return try ClipNetwork(model)
        } catch {
            preconditionFailure("a network of this model was made before: \(error)")
        }
    }
}
