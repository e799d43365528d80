import MynahBase
import MynahData
package import MynahModel
package import MynahRecognition

extension FolderEvaluation {
    /// Where the network's state goes while it hears each label, as the mean over the clips of the split that it recognizes.
    ///
    /// The state is that of the last recurrent layer, which the read-out reads. Clips that are taken for another label are
    /// left out: a mean of right and wrong ones would be a path that no clip takes.
    ///
    /// - Returns: nil where the network cannot follow a stream, or recognizes no clip.
    /// - Throws: ``RecognitionError`` when front end or network of the model cannot be built.
    package func statePaths() throws(RecognitionError) -> StatePaths? {
        guard (try? StreamingRecognizer(model: model)) != nil else { return nil }
        let traces = concurrentMap(examples.count, threads: threads) { index in
            Result { () throws(RecognitionError) in try path(of: examples[index]) }
        }
        var sums = [[[Double]]](repeating: [], count: model.labels.count)
        var counts = [Int](repeating: 0, count: model.labels.count)
        for (example, trace) in zip(examples, traces) {
            guard let states = try trace.get() else { continue }
            let label = modelLabels[example.label]
            if sums[label].isEmpty {
                sums[label] = states.map { $0.map(Double.init) }
            } else {
                for (step, state) in states.enumerated() {
                    for unit in state.indices { sums[label][step][unit] += Double(state[unit]) }
                }
            }
            counts[label] += 1
        }
        for label in sums.indices {
            for step in sums[label].indices {
                for unit in sums[label][step].indices { sums[label][step][unit] /= Double(counts[label]) }
            }
        }
        let points = sums.flatMap(\.self)
        guard let size = points.first?.count, size >= 2 else { return nil }
        return PrincipalPlane(points).paths(of: sums, clipCounts: counts)
    }

    /// The states of the last recurrent layer, `[T][R]`; nil for a clip that is not recognized.
    private func path(of example: Example) throws(RecognitionError) -> [[Float]]? {
        var window: [Float] = []
        loader.load(example, into: &window)
        let trace = try ClipTrace(window, model: model)
        guard trace.posteriors.last?.indexOfLargest == modelLabels[example.label] else { return nil }
        return trace.layers.last?.states
    }
}
