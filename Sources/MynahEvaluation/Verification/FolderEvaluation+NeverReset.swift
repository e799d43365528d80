import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahRecognition

extension FolderEvaluation {
    /// Recognizes every selected clip twice: each from a clean state, and all as one stream that is never reset.
    ///
    /// The stream has the clips end to end, in an order that the seed draws, each as long as the model's window; what it
    /// says at the end of a clip counts as its answer. So each clip is heard with the memory of all before it.
    ///
    /// - Returns: the first as the clips with a reset, the second as those without.
    /// - Throws: ``RecognitionError`` when the model cannot follow a stream, `EvaluationError` when a posterior is none.
    package func resetComparison(bootstrap: ClusterBootstrap, seed: UInt64 = 1) throws -> PairedComparison {
        let order = shuffledExamples(seed: seed)
        let stream = try StreamingRecognizer(model: model)
        let carried = order.map { answer(to: $0, of: stream) }
        let clean = order.map { example in
            stream.reset()
            return answer(to: example, of: stream)
        }
        return try PairedComparison(
            labels: model.labels, first: clean, second: carried, bootstrap: bootstrap)
    }

    private func shuffledExamples(seed: UInt64) -> [Example] {
        var generator = SeededGenerator(seed: seed)
        return examples.shuffled(using: &generator)
    }

    /// What a stream says at the end of a clip that goes on from what it has heard.
    private func answer(to example: Example, of stream: StreamingRecognizer) -> ScoredClip {
        var window: [Float] = []
        loader.load(example, into: &window)
        var posteriors = [Float](repeating: 0, count: model.labels.count)
        let start = ThreadTime.seconds
        stream.push(
            window.span,
            onPosteriors: { _, values in
                for label in values.indices { posteriors[label] = values[label] }
            })
        return ScoredClip(
            path: "example \(example.number)", speaker: speaker(of: example),
            label: modelLabels[example.label],
            posteriors: posteriors, processingSeconds: ThreadTime.seconds - start,
            audioSeconds: Double(window.count) / Double(model.frontEnd.sampleRate))
    }
}

extension VerificationCheck {
    /// The most that a stream that is never reset may lose, in points.
    package static let allowedLoss = 1.0

    /// Whether a model that is never reset recognizes as well as one that is reset before each clip.
    ///
    /// - Parameter comparison: with a reset, then without.
    package init(neverReset comparison: PairedComparison) {
        let points = 100 * comparison.difference
        let interval =
            comparison.differenceInterval.map {
                ", 95 % \(NumberText.fixed(100 * $0.lower, decimals: 2)) to \(NumberText.fixed(100 * $0.upper, decimals: 2))"
            } ?? ""
        func accuracy(_ proportion: Proportion) -> String {
            """
            \(NumberText.percent(proportion.value)) (\(NumberText.grouped(proportion.count)) of \
            \(NumberText.grouped(proportion.total)))
            """
        }
        self.init(
            "never reset", points >= -Self.allowedLoss,
            """
            validation clips end to end: \(accuracy(comparison.secondAccuracy)) without a reset, \
            \(accuracy(comparison.firstAccuracy)) with one before each clip, difference \
            \(NumberText.fixed(points, decimals: 2)) points\(interval) (limit -\(NumberText.fixed(Self.allowedLoss, decimals: 0)))
            """)
    }
}
