internal import CVectorMath
import MynahBase

/// Shares of values that are dropped in training, `0 ..< 1`.
package struct DropoutRates: Codable, Hashable, Sendable {
    /// Of each recurrent layer's outputs.
    package var layers: Float

    /// Of the state that the gates read.
    package var recurrent: Float

    /// Drops nothing unless told otherwise.
    package init(layers: Float = 0, recurrent: Float = 0) {
        self.layers = layers
        self.recurrent = recurrent
    }
}

/// Dropout with one mask for all frames of a clip (Gal and Ghahramani, arXiv 1512.05287).
///
/// A feature that is dropped is dropped from the first frame to the last, so that the noise does not drown the memory.
/// What remains is scaled by `1 / (1 − rate)`; recognition therefore does nothing.
struct Dropout: ~Copyable {
    /// Probability that a feature is dropped, `0 ..< 1`.
    let rate: Float

    /// `[B, D]`: 0 or `1 / (1 − rate)`.
    private let mask: FloatBuffer

    private let featureCount: Int

    init(rate: Float, batchSize: Int, featureCount: Int) {
        precondition(rate >= 0 && rate < 1, "dropout rate is \(rate), expected 0 ..< 1")
        self.rate = rate
        self.featureCount = featureCount
        mask = FloatBuffer(count: rate > 0 ? batchSize * featureCount : 0)
    }

    /// Draws a new mask; without a generator everything passes, as in recognition.
    func draw(using generator: inout SeededGenerator?) {
        guard mask.count > 0 else { return }
        guard var drawing = generator else {
            mask.base.update(repeating: 1, count: mask.count)
            return
        }
        for index in 0..<mask.count {
            mask.base[index] = drawing.uniform() < rate ? 0 : 1 / (1 - rate)
        }
        generator = drawing
    }

    /// Multiplies each frame `[B, D]` of `values` `[T·B, D]` by the mask: forward and backward are the same.
    func apply(to values: MatrixView) {
        guard rate > 0 else { return }
        let mask = mask.matrix(columns: featureCount)
        precondition(
            values.columns == featureCount && values.rows.isMultiple(of: mask.rows),
            "dropout mask \(mask.shape) for values \(values.shape)")
        for row in 0..<values.rows {
            mynah_multiply_by(
                values.base + row * values.stride, mask.base + (row % mask.rows) * featureCount, featureCount)
        }
    }
}
