/// Features of consecutive frames, one row a frame.
public struct FeatureMatrix: Sendable, Equatable {
    /// Features per frame (columns), `D`.
    public let featureCount: Int

    /// `[frameCount, featureCount]`, row-major.
    public var values: [Float]

    /// Number of frames (rows), `T`.
    public var frameCount: Int { values.count / featureCount }

    /// Wraps row-major values; traps unless their count is a multiple of `featureCount`.
    public init(values: [Float] = [], featureCount: Int) {
        precondition(
            featureCount > 0 && values.count.isMultiple(of: featureCount),
            "\(values.count) values do not fill rows of \(featureCount) features")
        self.values = values
        self.featureCount = featureCount
    }

    /// One feature of one frame; traps outside the matrix.
    public subscript(frame: Int, feature: Int) -> Float {
        precondition(
            frame >= 0 && frame < frameCount && feature >= 0 && feature < featureCount,
            "[\(frame), \(feature)] lies outside [\(frameCount), \(featureCount)]")
        return values[frame * featureCount + feature]
    }

    /// The features of one frame, `[featureCount]`.
    public func row(_ frame: Int) -> ArraySlice<Float> {
        values[frame * featureCount..<(frame + 1) * featureCount]
    }

    /// Appends the features of one frame, `[featureCount]`; traps on another count.
    public mutating func append(row: Span<Float>) {
        precondition(
            row.count == featureCount,
            "a row of \(row.count) does not fit a matrix of \(featureCount) features")
        row.withUnsafeBufferPointer { values.append(contentsOf: $0) }
    }

    /// Makes room, so that appending up to this many frames in all allocates nothing.
    public mutating func reserveCapacity(frameCount: Int) {
        values.reserveCapacity(frameCount * featureCount)
    }

    /// Removes all frames and keeps the room that they took.
    public mutating func removeAll() {
        values.removeAll(keepingCapacity: true)
    }

    /// Appends rows that `fill` writes, every value of `[count, featureCount]`.
    mutating func appendRows(_ count: Int, fill: (UnsafeMutablePointer<Float>) -> Void) {
        guard values.capacity > 0 else {
            let valueCount = count * featureCount
            values = Array(unsafeUninitializedCapacity: valueCount) { buffer, initializedCount in
                guard let base = buffer.baseAddress else { return }
                fill(base)
                initializedCount = valueCount
            }
            return
        }
        let start = values.count
        values.append(contentsOf: repeatElement(0, count: count * featureCount))
        values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            fill(base + start)
        }
    }
}
