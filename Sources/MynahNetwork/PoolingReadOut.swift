internal import CVectorMath
import MynahBase

/// Means of the states: one, where each frame weighs the same, or one for each head of an attention.
///
/// Sums run over the frames from first to last, and each decision takes what they have become. An attention weighs a frame by
/// the exponential of its score, kept in range by taking away the largest score so far; whenever that rises, what was
/// summed before is scaled down (Milakov and Gimelshein, "Online normalizer calculation for softmax", arXiv 1805.02867).
/// So no decision depends on what comes after it.
final class PoolingReadOut: ReadOutLayer {
    private let frameWeights: FrameWeights?
    private let heads: Int
    private let stateSize: Int
    private let batchSize: Int

    /// `[T·B, heads]`: scores, then `exp(score − largest score up to this frame)`.
    private let shares: FloatBuffer
    private let shareGradient: FloatBuffer

    /// `[T·B, heads]`, where there is an attention: `exp(largest score before this frame − largest score up to it)`.
    private let decays: FloatBuffer

    /// `[T·B, size]`.
    private let hidden: FloatBuffer
    private let hiddenGradient: FloatBuffer

    /// `[B, heads, R]` and `[B, heads]`: sums of the weighted states and of the weights; in the backward pass their
    /// gradients.
    private let sums: FloatBuffer
    private let totals: FloatBuffer

    /// `[decisions·B, heads·R]` and `[decisions·B, heads]`.
    private var vectors = FloatBuffer(count: 0)
    private var divisors = FloatBuffer(count: 0)

    init(_ frameWeights: FrameWeights?, heads: Int, stateSize: Int, stepCount: Int, batchSize: Int) {
        self.frameWeights = frameWeights
        self.heads = heads
        self.stateSize = stateSize
        self.batchSize = batchSize
        let rows = stepCount * batchSize
        shares = FloatBuffer(count: rows * heads)
        shareGradient = FloatBuffer(count: frameWeights == nil ? 0 : rows * heads)
        decays = FloatBuffer(count: frameWeights == nil ? 0 : rows * heads)
        hidden = FloatBuffer(count: rows * (frameWeights?.size ?? 0))
        hiddenGradient = FloatBuffer(count: rows * (frameWeights?.size ?? 0))
        sums = FloatBuffer(count: batchSize * heads * stateSize)
        totals = FloatBuffer(count: batchSize * heads)
    }

    func forward(_ states: MatrixView, decisions: [Int], _ weights: Weights) -> MatrixView {
        vectors.ensure(count: decisions.count * batchSize * heads * stateSize)
        divisors.ensure(count: decisions.count * batchSize * heads)
        computeShares(states, weights)
        sums.clear()
        totals.clear()
        var step = 0
        for (index, decision) in decisions.enumerated() {
            while step <= decision {
                add(states, step: step)
                step += 1
            }
            for row in 0..<batchSize * heads {
                let divisor = totals.base[row]
                let target = vectors.base + (index * batchSize * heads + row) * stateSize
                target.update(from: sums.base + row * stateSize, count: stateSize)
                mynah_scale(target, 1 / divisor, stateSize)
                divisors.base[index * batchSize * heads + row] = divisor
            }
        }
        return vectors.matrix(columns: heads * stateSize)[rows: 0..<decisions.count * batchSize]
    }

    func backward(
        _ states: MatrixView, decisions: [Int], outputGradient: MatrixView, _ weights: Weights,
        gradient: UnsafeMutablePointer<Float>, stateGradient: MatrixView
    ) {
        sums.clear()
        totals.clear()
        shareGradient.clear()
        for (index, decision) in decisions.enumerated().reversed() {
            for row in 0..<batchSize * heads {
                let place = index * batchSize * heads + row
                let (flowing, vector) = (
                    outputGradient.base + place * stateSize, vectors.base + place * stateSize
                )
                let divisor = divisors.base[place]
                mynah_add_scaled(sums.base + row * stateSize, 1 / divisor, flowing, stateSize)
                totals.base[row] -= mynah_dot(flowing, vector, stateSize) / divisor
            }
            let earlier = index > 0 ? decisions[index - 1] : -1
            for step in (earlier + 1..<decision + 1).reversed() {
                addGradient(states, step: step, to: stateGradient)
            }
        }
        guard let frameWeights else { return }
        // Of a frame's weight to its score. The largest score so far is no part of the means, so nothing flows to it.
        mynah_multiply_by(shareGradient.base, shares.base, shareGradient.count)
        frameWeights.backward(
            states, weights, scoreGradient: shareGradient.matrix(columns: heads),
            hidden: hidden.matrix(columns: frameWeights.size),
            hiddenGradient: hiddenGradient.matrix(columns: frameWeights.size),
            gradient: gradient, stateGradient: stateGradient)
    }

    /// Fills ``shares`` and ``decays``.
    private func computeShares(_ states: MatrixView, _ weights: Weights) {
        guard let frameWeights else {
            shares.base.update(repeating: 1, count: shares.count)
            return
        }
        frameWeights.forward(
            states, weights, hidden: hidden.matrix(columns: frameWeights.size),
            scores: shares.matrix(columns: heads))
        let rowSize = batchSize * heads
        for column in 0..<rowSize {
            var largest = shares.base[column]
            for index in stride(from: column, to: shares.count, by: rowSize) {
                let before = largest
                largest = max(before, shares.base[index])
                shares.base[index] -= largest
                decays.base[index] = before - largest
            }
        }
        mynah_exponentials(shares.count, shares.base)
        mynah_exponentials(decays.count, decays.base)
    }

    private func add(_ states: MatrixView, step: Int) {
        decay(step: step)
        for clip in 0..<batchSize {
            let state = states.base + (step * batchSize + clip) * states.stride
            for head in 0..<heads {
                let row = clip * heads + head
                let share = shares.base[step * batchSize * heads + row]
                mynah_add_scaled(sums.base + row * stateSize, share, state, stateSize)
                totals.base[row] += share
            }
        }
    }

    /// Backward of ``add(_:step:)``.
    private func addGradient(_ states: MatrixView, step: Int, to stateGradient: MatrixView) {
        for clip in 0..<batchSize {
            let offset = (step * batchSize + clip) * states.stride
            for head in 0..<heads {
                let row = clip * heads + head
                let place = step * batchSize * heads + row
                mynah_add_scaled(
                    stateGradient.base + offset, shares.base[place], sums.base + row * stateSize, stateSize)
                if frameWeights != nil {
                    shareGradient.base[place] =
                        mynah_dot(states.base + offset, sums.base + row * stateSize, stateSize)
                        + totals.base[row]
                }
            }
        }
        decay(step: step)
    }

    /// Scales ``sums`` and ``totals`` as the largest score rises at a step: forward those of the frames before it, backward
    /// their gradients, by the same factor.
    private func decay(step: Int) {
        guard frameWeights != nil else { return }
        for row in 0..<batchSize * heads {
            let factor = decays.base[step * batchSize * heads + row]
            guard factor != 1 else { continue }
            mynah_scale(sums.base + row * stateSize, factor, stateSize)
            totals.base[row] *= factor
        }
    }
}
