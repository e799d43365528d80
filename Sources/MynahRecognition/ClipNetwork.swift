package import MynahFeatures
package import MynahModel
package import MynahNetwork

/// The way from a clip to posteriors: front end, normalizer, network of whole clips, softmax.
///
/// All that hears clips goes this way: recognition, evaluation, calibration, cross-validation, and verification, which compares
/// it with the way of streams, that of `StreamingRecognizer`. One thread uses it at a time.
package final class ClipNetwork {
    /// Steps of the network in a clip, at each of which it can decide.
    package var stepCount: Int { pass.stepCount }

    private var extractor: FeatureExtractor
    private let normalizer: FeatureNormalizer
    private let network: PreparedNetwork
    private let temperature: Float
    private let pass: NetworkPass

    /// `[T, D]`: of the clip that is being placed into the batch.
    private var rows: FeatureMatrix

    /// Prepares for clips of one length.
    ///
    /// - Parameters:
    ///   - temperature: what the logits are divided by, above 0.
    ///   - frameCount: frames of a clip, `T`.
    ///   - batchSize: clips that go through the network together, at most.
    /// - Throws: ``RecognitionError`` when the front end or a pass of the network cannot be built.
    package init(
        frontEnd: FrontEndConfiguration, normalizer: FeatureNormalizer, network: PreparedNetwork,
        temperature: Float = 1, frameCount: Int, batchSize: Int = 1
    ) throws(RecognitionError) {
        self.normalizer = normalizer
        self.network = network
        self.temperature = temperature
        rows = FeatureMatrix(featureCount: frontEnd.featureCount)
        do {
            extractor = try FeatureExtractor(frontEnd)
        } catch {
            throw .frontEnd(error)
        }
        do {
            pass = try NetworkPass(network.description, frameCount: frameCount, batchSize: batchSize)
        } catch {
            throw .network(error)
        }
    }

    /// Prepares for the clips of a model.
    ///
    /// - Parameter frameCount: frames of a clip; nil for those of the clips that the model was trained on.
    /// - Throws: ``RecognitionError`` when front end or network of the model cannot be built.
    package convenience init(
        _ model: CommandModel, frameCount: Int? = nil, batchSize: Int = 1
    ) throws(RecognitionError) {
        try self.init(
            frontEnd: model.frontEnd, normalizer: model.normalizer, network: model.preparedNetwork,
            temperature: model.temperature,
            frameCount: frameCount ?? model.frontEnd.frameCount(sampleCount: model.clipSampleCount),
            batchSize: batchSize)
    }

    /// Whether the network goes on from the state in which the last clip ended, as in a stream, instead of a clean one.
    package var carriesState: Bool {
        get { pass.carriesState }
        set { pass.carriesState = newValue }
    }

    /// The posteriors at the end of each clip, `[clips][C]`, of as many clips as a batch has, or fewer.
    package func posteriors(of clips: [ArraySlice<Float>]) -> [[Float]] {
        for (place, clip) in clips.enumerated() { setInput(clip.span, place: place) }
        return Array(decide(nil).prefix(clips.count))
    }

    /// The posteriors at each step of a clip, `[steps][C]`: what the network would say, had the clip ended there.
    package func posteriorsAtEachStep(of clip: [Float]) -> [[Float]] {
        setInput(clip.span, place: 0)
        return decide(Array(0..<stepCount))
    }

    /// The posteriors at some steps of a clip whose features were computed before, `[steps][C]`.
    ///
    /// - Parameters:
    ///   - features: `[T, D]`, not normalized.
    ///   - steps: rising; nil for the last one.
    package func posteriors(ofFeatures features: FeatureMatrix, steps: [Int]? = nil) -> [[Float]] {
        rows = features
        setInputToRows(place: 0)
        return decide(steps)
    }

    /// What the network decides from at the end of each clip, `[clips][read-out size]`: the input of its output layer.
    ///
    /// - Parameter clips: as many as a batch has, or fewer.
    package func readOutVectors(of clips: [ArraySlice<Float>]) -> [[Float]] {
        for (place, clip) in clips.enumerated() { setInput(clip.span, place: place) }
        return vectors(count: clips.count)
    }

    /// The same of clips whose features were computed before, `[T, D]` each, not normalized.
    package func readOutVectors(ofFeatures clips: [FeatureMatrix]) -> [[Float]] {
        for (place, features) in clips.enumerated() {
            rows = features
            setInputToRows(place: place)
        }
        return vectors(count: clips.count)
    }

    private func vectors(count: Int) -> [[Float]] {
        _ = pass.forward(network)
        let values = pass.readOutVectors
        let size = network.description.readOutSize
        return (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
    }

    private func setInput(_ clip: Span<Float>, place: Int) {
        rows.removeAll()
        extractor.appendFeatures(of: clip, to: &rows)
        setInputToRows(place: place)
    }

    private func setInputToRows(place: Int) {
        normalizer.normalize(&rows)
        pass.setInput(clip: place, features: rows.values)
    }

    /// `[steps, B][C]`; nil stands for the last step.
    private func decide(_ steps: [Int]?) -> [[Float]] {
        let classCount = network.description.classCount
        var values = pass.forward(network, decisions: steps)
        SoftmaxCrossEntropy.applySoftmax(to: &values, classCount: classCount, temperature: temperature)
        return stride(from: 0, to: values.count, by: classCount).map {
            Array(values[$0..<$0 + classCount])
        }
    }
}
