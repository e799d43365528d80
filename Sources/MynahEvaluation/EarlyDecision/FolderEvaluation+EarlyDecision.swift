import MynahBase
import MynahData
import MynahFeatures
package import MynahModel
import MynahNetwork
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
        _ = try UnfoldingNetwork(model)
        let tried = Set(EarlyDecisionEvaluation.confidences + [confidence]).sorted()
        let clips = concurrentMap(
            examples.count, threads: threads, makeContext: { makeUnfoldingNetwork(model) }
        ) { network, index in
            let example = examples[index]
            loader.load(example, into: &network.window)
            let posteriors = network.hear()
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
            let heard = posteriors.map(highest)
            return UnfoldingClip(
                speaker: speaker(of: example), label: modelLabels[example.label], heard: heard,
                atEnd: undecided.map { highest($0.probabilities) } ?? heard.last ?? 0,
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
        _ = try UnfoldingNetwork(model)
        let tracks = concurrentMap(
            examples.count, threads: threads, makeContext: { makeUnfoldingNetwork(model) }
        ) { network, index in
            loader.load(examples[index], into: &network.window)
            return network.hear()
        }
        return try EarlyCalibrationFit(
            tracks: tracks, truth: examples.map { modelLabels[$0.label] },
            unknown: model.labels.firstIndex(of: StandardLabel.unknown), threads: threads
        ).calibration
    }

    private func makeUnfoldingNetwork(_ model: CommandModel) -> UnfoldingNetwork {
        do {
            return try UnfoldingNetwork(model)
        } catch {
            preconditionFailure("a network of this model was made before: \(error)")
        }
    }
}

/// A network that is asked after each step of a clip what it has heard so far.
private final class UnfoldingNetwork {
    /// The clip, `[sampleCount]`.
    var window: [Float] = []

    private let model: CommandModel
    private var extractor: FeatureExtractor
    private let pass: NetworkPass
    private let decisions: [Int]

    init(_ model: CommandModel) throws(RecognitionError) {
        self.model = model
        do {
            extractor = try FeatureExtractor(model.frontEnd)
        } catch {
            throw .frontEnd(error)
        }
        do {
            pass = try NetworkPass(
                model.network, frameCount: model.frontEnd.frameCount(sampleCount: model.clipSampleCount),
                batchSize: 1)
        } catch {
            throw .network(error)
        }
        decisions = Array(0..<pass.stepCount)
    }

    /// The posteriors at each decision of ``window``, `[T][C]`.
    func hear() -> [[Float]] {
        var features = extractor.features(of: window)
        model.normalizer.normalize(&features)
        pass.setInput(clip: 0, features: features.values)
        let posteriors = model.posteriors(
            ofLogits: pass.forward(model.preparedNetwork, decisions: decisions))
        let classCount = model.labels.count
        return decisions.map { Array(posteriors[$0 * classCount..<($0 + 1) * classCount]) }
    }
}

/// The first label of the highest posterior.
private func highest(_ posteriors: [Float]) -> Int {
    var top = 0
    for label in posteriors.indices where posteriors[label] > posteriors[top] { top = label }
    return top
}
