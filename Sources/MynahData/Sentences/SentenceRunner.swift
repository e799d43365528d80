package import MynahBase
package import MynahFeatures
package import MynahNetwork
import Synchronization

/// Runs a network over whole sentences, those of about the same length together, on some threads of one process or several.
///
/// What it computes does not depend on the number of threads and processes.
package struct SentenceRunner: Sendable {
    private let store: SentenceStore
    private let loader: SentenceLoader
    private let network: PreparedNetwork
    private let threads: Int
    private let communicator: any Communicator

    /// Sentences that go through the network together.
    private static let batchSize = 8

    /// Prepares to run a network over the sentences of a store, as they are.
    package init(
        _ network: PreparedNetwork, over store: SentenceStore, frontEnd: FrontEndConfiguration,
        normalizer: FeatureNormalizer, threads: Int, communicator: any Communicator = SingleProcess()
    ) {
        self.store = store
        self.network = network
        self.threads = threads
        self.communicator = communicator
        loader = SentenceLoader(store: store, frontEnd: frontEnd, normalizer: normalizer)
    }

    /// Calls `body` with the logits `[steps, C]` of each sentence, on any thread of any process, and returns the results in the
    /// order of the sentences.
    ///
    /// - Parameter onDone: hears how many sentences are done in this process, on any thread.
    /// - Throws: `DataError.lostRecording`.
    package func map<Result: Codable & Sendable>(
        onDone: @Sendable (Int) -> Void = { _ in },
        _ body: @Sendable (_ index: Int, _ logits: [Float]) -> Result
    ) throws(DataError) -> [Result] {
        let batches = batches
        let done = Atomic(0)
        let parts = communicator.map(
            batches.count, costs: batches.map { $0.reduce(0) { $0 + store.sampleCounts[$1] } },
            threads: threads, makeContext: { loader.makeWorkspace() }
        ) { workspace, number in
            do throws(DataError) {
                return Part(
                    results: try run(batches[number], workspace, { _ in }, done, onDone) { index, logits, _ in
                        body(index, logits)
                    })
            } catch {
                return Part(loss: Loss(error, in: store, batches[number]))
            }
        }
        var results: [Result] = []
        for part in parts {
            if let loss = part.loss { throw .lostRecording(path: loss.path, reason: loss.reason) }
            results += part.results
        }
        return inOrder(zip(batches.joined(), results))
    }

    /// The same in this process alone, with something measured of the samples of each sentence.
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
                try run(batches[number], workspace, measure, done, onDone, body)
            }
        }
        var results: [Result] = []
        for part in parts { results += try part.get() }
        return inOrder(zip(batches.joined(), results))
    }

    private func run<Measure, Result>(
        _ batch: [Int], _ workspace: FeatureWorkspace, _ measure: (_ samples: [Float]) -> Measure,
        _ done: borrowing Atomic<Int>, _ onDone: (Int) -> Void,
        _ body: (_ index: Int, _ logits: [Float], _ measure: Measure) -> Result
    ) throws(DataError) -> [Result] {
        var features: [FeatureMatrix] = []
        var measures: [Measure] = []
        for index in batch {
            features.append(try loader.load(index, workspace))
            measures.append(measure(workspace.samples))
        }
        return zip(zip(batch, measures), logits(of: features)).map { sentence, logits in
            defer { onDone(done.wrappingAdd(1, ordering: .relaxed).newValue) }
            return body(sentence.0, logits, sentence.1)
        }
    }

    private func inOrder<Result>(_ results: some Sequence<(Int, Result)>) -> [Result] {
        results.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// What came of a batch.
    private struct Part<Result: Codable & Sendable>: Codable, Sendable {
        var results: [Result] = []
        var loss: Loss?
    }

    /// A recording that could be decoded before.
    private struct Loss: Codable, Sendable {
        let path: String
        let reason: String

        init(_ error: DataError, in store: SentenceStore, _ batch: [Int]) {
            guard case .lostRecording(let path, let reason) = error else {
                self.init(path: batch.first.map { store.sentences[$0].path } ?? "", reason: "\(error)")
                return
            }
            self.init(path: path, reason: reason)
        }

        private init(path: String, reason: String) {
            self.path = path
            self.reason = reason
        }
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
