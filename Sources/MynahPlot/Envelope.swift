/// A signal of any length in at most so many columns, each with the smallest and the largest of its samples.
///
/// It takes the signal piece by piece, and the same memory for an hour as for a second: when the columns are used up,
/// neighbours are joined.
package struct Envelope: Sendable, Equatable {
    /// The smallest sample of each column.
    package private(set) var minimums: [Float] = []

    /// The largest sample of each column.
    package private(set) var maximums: [Float] = []

    /// Samples in each column but the last, a power of two.
    package private(set) var samplesPerColumn = 1

    /// Samples in all.
    package private(set) var sampleCount = 0

    /// Distance between samples in the units of the horizontal axis.
    package let sampleDistance: Double

    private let columnLimit: Int

    /// Starts without samples.
    ///
    /// - Parameters:
    ///   - sampleDistance: in the units of the horizontal axis; the first sample is at 0.
    ///   - columnLimit: an even number of columns, at least 2.
    package init(sampleDistance: Double, columnLimit: Int = 1_200) {
        precondition(columnLimit >= 2 && columnLimit.isMultiple(of: 2), "\(columnLimit) columns")
        self.sampleDistance = sampleDistance
        self.columnLimit = columnLimit
    }

    /// Adds the next samples, which must be finite.
    package mutating func append(_ samples: Span<Float>) {
        for index in samples.indices {
            let sample = samples[index]
            if !sampleCount.isMultiple(of: samplesPerColumn), let last = minimums.indices.last {
                minimums[last] = min(minimums[last], sample)
                maximums[last] = max(maximums[last], sample)
            } else {
                if minimums.count == columnLimit { joinNeighbours() }
                minimums.append(sample)
                maximums.append(sample)
            }
            sampleCount += 1
        }
    }

    /// The largest magnitude of all samples; 0 without samples.
    package var peak: Float {
        max(maximums.max() ?? 0, -(minimums.min() ?? 0))
    }

    private mutating func joinNeighbours() {
        let pairs = 0..<columnLimit / 2
        minimums = pairs.map { min(minimums[2 * $0], minimums[2 * $0 + 1]) }
        maximums = pairs.map { max(maximums[2 * $0], maximums[2 * $0 + 1]) }
        samplesPerColumn *= 2
    }
}
