internal import CVectorMath
import Glibc
import MynahBase
import MynahNetwork

/// Vectors with labels, and the weights of an output layer that tells them apart: softmax regression with a penalty on the
/// squares of the weights.
///
/// The loss is convex, so that where it ends does not depend on where it begins. It is minimized by L-BFGS (Nocedal and Wright,
/// "Numerical Optimization", second edition, algorithm 7.5) on one thread, in a fixed order.
struct SoftmaxRegression: Sendable {
    /// `[N, D]`, of mean 0 and deviation 1 where that is known.
    let vectors: [Float]

    /// `[N]`, a class each.
    let labels: [Int]

    /// Classes, `C`.
    let classCount: Int

    /// Values of a vector, `D`.
    let size: Int

    /// What the sum of the squares of the weights is multiplied by, halved.
    let decay: Float

    /// Steps at most.
    static let stepLimit = 60

    /// Steps that are remembered.
    private static let memory = 8

    /// The weights, `[C, D + 1]`, the last column for the bias.
    ///
    /// - Parameter importance: `[N]`, what the loss of each vector counts; those with 0 are left out.
    func fit(importance: [Float]) -> [Float] {
        precondition(
            vectors.count == labels.count * size && importance.count == labels.count,
            "\(vectors.count) values and \(importance.count) weights of \(labels.count) vectors of \(size)")
        let evaluator = Evaluator(self, importance: importance)
        var place = [Float](repeating: 0, count: classCount * (size + 1))
        var (loss, gradient) = evaluator.evaluate(place)
        var steps: [(step: [Float], change: [Float], scale: Float)] = []
        for _ in 0..<Self.stepLimit {
            var direction = Self.direction(gradient, steps)
            var slope = dot(direction, gradient)
            if slope >= 0 {
                steps = []
                direction = gradient.map { -$0 }
                slope = dot(direction, gradient)
            }
            guard -slope > 1e-9 else { break }
            // The first step is short: nothing is known of the curvature.
            var length: Float = steps.isEmpty ? min(1, 1 / (-slope).squareRoot()) : 1
            var next = (loss: loss, gradient: gradient, place: place)
            var isBetter = false
            for _ in 0..<20 {
                next.place = zip(place, direction).map { $0 + length * $1 }
                (next.loss, next.gradient) = evaluator.evaluate(next.place)
                isBetter = next.loss <= loss + 1e-4 * length * slope
                if isBetter { break }
                length /= 2
            }
            guard isBetter else { break }
            let step = direction.map { length * $0 }
            let change = zip(next.gradient, gradient).map { $0 - $1 }
            let product = dot(step, change)
            if product > 1e-10 {
                steps.append((step, change, 1 / product))
                if steps.count > Self.memory { steps.removeFirst() }
            }
            let gain = loss - next.loss
            (loss, gradient, place) = (next.loss, next.gradient, next.place)
            if gain < 1e-6 * max(loss, 1e-3) { break }
        }
        return place
    }

    /// The logits of vectors, `[N][C]`.
    func logits(_ weights: [Float], rows: [Int]) -> [[Float]] {
        rows.map { row in
            (0..<classCount).map { label in
                let start = label * (size + 1)
                var sum = weights[start + size]
                for column in 0..<size { sum += weights[start + column] * vectors[row * size + column] }
                return sum
            }
        }
    }

    /// Downhill, as the last steps tell of the curvature: the two-loop recursion.
    private static func direction(
        _ gradient: [Float], _ steps: [(step: [Float], change: [Float], scale: Float)]
    ) -> [Float] {
        var direction = gradient.map { -$0 }
        guard let last = steps.last else { return direction }
        var factors: [Float] = []
        for (step, change, scale) in steps.reversed() {
            let factor = scale * dot(step, direction)
            factors.append(factor)
            add(-factor, change, to: &direction)
        }
        let curvature = 1 / (last.scale * dot(last.change, last.change))
        for index in direction.indices { direction[index] *= curvature }
        for ((step, change, scale), factor) in zip(steps, factors.reversed()) {
            add(factor - scale * dot(change, direction), step, to: &direction)
        }
        return direction
    }

    /// Loss and gradient at a place, with the memory that they need.
    private struct Evaluator: ~Copyable {
        let problem: SoftmaxRegression
        let rows: [Int]
        let importance: [Float]

        /// `[rows, D]`: those vectors that count.
        let vectors: FloatBuffer
        let logits: FloatBuffer
        let packed: FloatBuffer
        let scratch: FloatBuffer
        let product: FloatBuffer

        init(_ problem: SoftmaxRegression, importance: [Float]) {
            self.problem = problem
            rows = importance.indices.filter { importance[$0] > 0 }
            let total = importance.reduce(0, +)
            self.importance = rows.map { importance[$0] / total }
            let (size, classes) = (problem.size, problem.classCount)
            vectors = FloatBuffer(count: rows.count * size)
            logits = FloatBuffer(count: rows.count * classes)
            packed = FloatBuffer(count: mynah_packed_count(size, classes))
            scratch = FloatBuffer(count: mynah_scratch_count(classes, size))
            product = FloatBuffer(count: classes * size)
            let target = vectors.base
            for (place, row) in rows.enumerated() {
                for column in 0..<size {
                    target[place * size + column] = problem.vectors[row * size + column]
                }
            }
        }

        func evaluate(_ weights: [Float]) -> (loss: Float, gradient: [Float]) {
            let (size, classes) = (problem.size, problem.classCount)
            let width = size + 1
            weights.withUnsafeBufferPointer { weights in
                guard let base = weights.baseAddress else { return }
                mynah_pack_transposed(base, width, size, classes, packed.base)
            }
            mynah_multiply_packed(
                rows.count, classes, size, vectors.base, size, packed.base, size, logits.base, classes, 0)
            var loss = 0.0
            var gradient = [Float](repeating: 0, count: classes * width)
            for (place, row) in rows.enumerated() {
                let start = logits.base + place * classes
                var largest = -Float.infinity
                for label in 0..<classes {
                    start[label] += weights[label * width + size]
                    largest = max(largest, start[label])
                }
                let own = start[problem.labels[row]]
                var sum: Float = 0
                for label in 0..<classes {
                    start[label] = expf(start[label] - largest)
                    sum += start[label]
                }
                loss += Double(importance[place] * (logf(sum) + largest - own))
                for label in 0..<classes {
                    let target: Float = label == problem.labels[row] ? 1 : 0
                    start[label] = importance[place] * (start[label] / sum - target)
                    gradient[label * width + size] += start[label]
                }
            }
            product.base.update(repeating: 0, count: classes * size)
            mynah_multiply_transposed(
                classes, size, rows.count, logits.base, classes, vectors.base, size, product.base, size,
                scratch.base)
            var squares = 0.0
            for label in 0..<classes {
                for column in 0..<size {
                    let weight = weights[label * width + column]
                    squares += Double(weight * weight)
                    gradient[label * width + column] =
                        product.base[label * size + column] + problem.decay * weight
                }
            }
            return (Float(loss + Double(problem.decay) / 2 * squares), gradient)
        }
    }
}

private func dot(_ a: [Float], _ b: [Float]) -> Float {
    a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
            guard let first = a.baseAddress, let second = b.baseAddress else { return 0 }
            return mynah_dot(first, second, a.count)
        }
    }
}

private func add(_ factor: Float, _ values: [Float], to sums: inout [Float]) {
    sums.withUnsafeMutableBufferPointer { sums in
        values.withUnsafeBufferPointer { values in
            guard let target = sums.baseAddress, let source = values.baseAddress else { return }
            mynah_add_scaled(target, factor, source, values.count)
        }
    }
}
