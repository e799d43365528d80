/// Features of consecutive frames, one row a frame.
package struct FeatureMatrix: Sendable, Equatable {
    /// Features per frame (columns), `D`.
    package let featureCount: Int

    /// `[frameCount, featureCount]`, row-major.
    package var values: [Float]

    /// Number of frames (rows), `T`.
    package var frameCount: Int { values.count / featureCount }

    /// Wraps row-major values; traps unless their count is a multiple of `featureCount`.
    package init(values: [Float] = [], featureCount: Int) {
        precondition(
            featureCount > 0 && values.count.isMultiple(of: featureCount),
            "\(values.count) values do not fill rows of \(featureCount) features")
        self.values = values
        self.featureCount = featureCount
    }

    /// One feature of one frame; traps outside the matrix.
    package subscript(frame: Int, feature: Int) -> Float {
        precondition(
            frame >= 0 && frame < frameCount && feature >= 0 && feature < featureCount,
            "[\(frame), \(feature)] lies outside [\(frameCount), \(featureCount)]")
        return values[frame * featureCount + feature]
    }

    /// The features of one frame, `[featureCount]`.
    package func row(_ frame: Int) -> ArraySlice<Float> {
        values[frame * featureCount..<(frame + 1) * featureCount]
    }

    /// Appends the features of one frame, `[featureCount]`; traps on another count.
    package mutating func append(row: Span<Float>) {
        precondition(
            row.count == featureCount,
            "a row of \(row.count) does not fit a matrix of \(featureCount) features")
        row.withUnsafeBufferPointer { values.append(contentsOf: $0) }
    }

    /// Makes room, so that appending up to this many frames in all allocates nothing.
    package mutating func reserveCapacity(frameCount: Int) {
        values.reserveCapacity(frameCount * featureCount)
    }

    /// Removes all frames and keeps the room that they took.
    package mutating func removeAll() {
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

// What the rows and columns of a feature matrix stand for.

extension FrontEndConfiguration {
    /// The middle of a frame, in seconds from the start of the sound.
    package func frameTime(_ frame: Int) -> Double {
        let start = 2 * frame * framing.frameShiftSamples
        let isCentered = framing.edges == .centeredOnZeros || framing.edges == .centeredOnReflection
        return Double(start + (isCentered ? 0 : framing.frameLengthSamples)) / Double(2 * sampleRate)
    }

    /// The number of the first coefficient, or mel band, of a row.
    package var firstCoefficient: Int { cepstrum?.zeroth == .omitted ? 1 : 0 }

    /// Names of the features of a row, `[featureCount]`: `c0` for a coefficient, `mel0` for a mel band, with `delta_` and
    /// `delta2_` before those of their derivatives.
    package var featureNames: [String] {
        let names = (firstCoefficient..<firstCoefficient + coefficientCount).map {
            cepstrum == nil ? "mel\($0)" : "c\($0)"
        }
        return ["", "delta_", "delta2_"].prefix(1 + (deltas?.order ?? 0)).flatMap { prefix in
            names.map { prefix + $0 }
        }
    }
}
