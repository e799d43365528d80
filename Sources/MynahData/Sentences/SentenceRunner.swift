import MynahBase
package import MynahFeatures
package import MynahNetwork
import Synchronization

/// Runs a network over whole sentences, those of about the same length together, on some threads.
///
/// What it computes does not depend on the number of threads.
package struct SentenceRunner: Sendable {
    private let store: SentenceStore
    private let loader: SentenceLoader
    private let network: PreparedNetwork
    private let threads: Int

    /// Sentences that go through the network together.
    private static let batchSize = 8

    /// Prepares to run a network over the sentences of a store, as they are.
    package init(
        _ network: PreparedNetwork, over store: SentenceStore, frontEnd: FrontEndConfiguration,
        normalizer: FeatureNormalizer, threads: Int
    ) {
        self.store = store
        self.network = network
        self.threads = threads
        loader = SentenceLoader(store: store, frontEnd: frontEnd, normalizer: normalizer)
    }

    /// Calls `body` with the logits `[steps, C]` of each sentence, on any thread, and returns the results in the order of the
    /// sentences.
    ///
    /// - Parameter onDone: hears how many sentences are done, on any thread.
    /// - Throws: `DataError.lostRecording`.
    package func map<Result: Sendable>(
        onDone: @Sendable (Int) -> Void = { _ in },
        _ body: @Sendable (_ index: Int, _ logits: [Float]) -> Result
    ) throws(DataError) -> [Result] {
        try map(measuring: { _ in }, onDone: onDone) { index, logits, _ in body(index, logits) }
    }

    /// The same, with something measured of the samples of each sentence.
    package func map<Measure, Result: Sendable>(
        measuring measure: @Sendable (_ samples: [Float]) -> Measure,
        onDone: @Sendable (Int) -> Void = { _ in },
        _ body: @Sendable (_ index: Int, _ logits: [Float], _ measure: Measure) -> Result
    ) throws(DataError) -> [Result] {
        let batches = batches
        let done = Atomic(0)
        let parts = concurrentMap(
            batches.count, threads: threads, makeContext: { loader.makeWorkspace() }
        ) { workspace, number in
            Swift.Result { () throws(DataError) in
                let batch = batches[number]
                var features: [FeatureMatrix] = []
                var measures: [Measure] = []
                for index in batch {
                    features.append(try loader.load(index, workspace))
                    measures.append(measure(workspace.samples))
                }
                return zip(zip(batch, measures), logits(of: features)).map { sentence, logits in
                    defer { onDone(done.wrappingAdd(1, ordering: .relaxed).newValue) }
                    return (index: sentence.0, result: body(sentence.0, logits, sentence.1))
                }
            }
        }
        var results: [(index: Int, result: Result)] = []
        for part in parts { results += try part.get() }
        return results.sorted { $0.index < $1.index }.map(\.result)
    }

    /// The sentences, sorted by their lengths and cut into batches, the longest first.
    private var batches: [[Int]] {
        let sorted = store.sampleCounts.indices.sorted {
            (store.sampleCounts[$0], $0) > (store.sampleCounts[$1], $1)
        }
        return stride(from: 0, to: sorted.count, by: Self.batchSize).map {
            Array(sorted[$0..<min($0 + Self.batchSize, sorted.count)])
        }
    }

    private func logits(of features: [FeatureMatrix]) -> [[Float]] {
        let longest = features.map(\.frameCount).max() ?? 0
        let size = max(1, network.description.batchSize(features.count, frameCount: longest))
        return stride(from: 0, to: features.count, by: size).flatMap { start in
            network.frameLogits(of: features[start..<min(start + size, features.count)].map(\.values))
        }
    }
}

extension PreparedNetwork {
    /// The logits `[steps, C]` of each of some clips, given by their features `[frames, D]`; one output for each step.
    package func frameLogits(of clips: [[Float]]) -> [[Float]] {
        let frameCounts = clips.map { $0.count / description.inputSize }
        let pass: NetworkPass
        do {
            pass = try NetworkPass(
                description, frameCount: frameCounts.max() ?? 0, batchSize: clips.count)
        } catch {
            preconditionFailure("the network was validated for clips as long: \(error)")
        }
        for (clip, features) in clips.enumerated() { pass.setInput(clip: clip, features: features) }
        let logits = pass.forward(self, decisions: Array(0..<pass.stepCount))
        let classCount = description.classCount
        return pass.clipStepCounts.enumerated().map { clip, stepCount in
            var own: [Float] = []
            own.reserveCapacity(stepCount * classCount)
            for step in 0..<stepCount {
                let start = (step * clips.count + clip) * classCount
                own += logits[start..<start + classCount]
            }
            return own
        }
    }
}
