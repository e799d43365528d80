/// Where a trainer gets its examples from: features and labels, drawn anew for each epoch.
package protocol ExampleSource: Sendable {
    /// What one thread keeps from example to example: extractors and buffers.
    associatedtype Context

    /// Frames per example, `T`.
    var frameCount: Int { get }

    /// Features per frame, `D`.
    var featureCount: Int { get }

    /// The first recording that could be read before and cannot be any more; its examples were silence.
    var loss: DataError? { get }

    /// Number of examples in an epoch.
    func exampleCount(epoch: Int) -> Int

    /// Makes what one thread needs.
    func makeContext() -> Context

    /// Writes one example.
    ///
    /// What it writes depends on the epoch and the index alone, so that examples can be made in any order on any
    /// thread.
    ///
    /// - Parameters:
    ///   - features: `[T, D]`, row-major; already of that size.
    ///   - index: place in the epoch's order.
    ///   - epoch: counted from 0.
    ///   - context: the thread's own.
    /// - Returns: the label's index.
    func example(_ features: inout [Float], index: Int, epoch: Int, context: inout Context) -> Int
}

extension ExampleSource {
    /// Nothing is lost of what lies in memory.
    package var loss: DataError? { nil }
}
