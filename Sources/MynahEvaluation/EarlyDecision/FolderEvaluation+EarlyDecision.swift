import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition
import MynahTraining

extension FolderEvaluation {
    /// Hears every selected clip decision by decision.
    ///
    /// - Parameter confidence: within `EarlyDecision.confidences`.
    /// - Returns: nil for a model that is not causal, which knows nothing before the end of a clip.
    /// - Throws: `EvaluationError.noClips`, `RecognitionError` when the model cannot be used.
    public func earlyDecision(
        confidence: Float, bootstrap: ClusterBootstrap
    ) throws -> EarlyDecisionEvaluation? {
        guard model.canStream else { return nil }
        _ = try UnfoldingNetwork(model)
        let tried = Set(EarlyDecisionEvaluation.confidences + [confidence]).sorted()
        let clips = concurrentMap(examples.count, threads: threads, makeContext: makeUnfoldingNetwork) {
            network, index in
            let example = examples[index]
            loader.load(example, into: &network.window)
            let (heard, verdicts) = network.hear(confidences: tried)
            return UnfoldingClip(
                speaker: speaker(of: example), label: modelLabels[example.label], heard: heard,
                verdicts: verdicts)
        }
        let timing = StreamTiming(model)
        return try EarlyDecisionEvaluation(
            clips, labels: model.labels,
            times: (0..<(clips.first?.heard.count ?? 0)).map(timing.end(ofDecision:)),
            clipSeconds: Double(model.clipSampleCount) / Double(model.frontEnd.sampleRate),
            confidence: confidence, tried: tried, bootstrap: bootstrap)
    }

    private func makeUnfoldingNetwork() -> UnfoldingNetwork {
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
    private var extractor: MFCCExtractor
    private let pass: NetworkPass
    private let decisions: [Int]

    init(_ model: CommandModel) throws(RecognitionError) {
        self.model = model
        do {
            extractor = try MFCCExtractor(model.frontEnd)
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

    /// The most probable label at each decision of ``window``, and what the rule finds safe at each confidence.
    func hear(confidences: [Float]) -> (heard: [Int], verdicts: [EarlyDecision.Verdict?]) {
        var features = extractor.features(of: window)
        model.normalizer.normalize(&features)
        pass.setInput(clip: 0, features: features.values)
        let posteriors = model.posteriors(
            ofLogits: pass.forward(parameters: model.parameters, decisions: decisions))
        let seconds = StreamTiming(model).decisionSeconds
        var rules = confidences.map {
            EarlyDecision(labels: model.labels, confidence: $0, decisionSeconds: seconds)
        }
        let rows = posteriors.span
        let classCount = model.labels.count
        let heard = decisions.map { decision in
            let row = rows.extracting(decision * classCount..<(decision + 1) * classCount)
            for index in rules.indices { _ = rules[index].push(row) }
            var top = 0
            for label in row.indices where row[label] > row[top] { top = label }
            return top
        }
        return (heard, rules.map(\.verdict))
    }
}
