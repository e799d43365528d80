internal import CVectorMath
import MynahNetwork

extension [Float] {
    /// Adds another gradient times a factor.
    mutating func add(_ other: [Float], times factor: Float) {
        precondition(count == other.count, "a sum of gradients of \(count) and \(other.count) weights")
        withUnsafeMutableBufferPointer { sums in
            other.withUnsafeBufferPointer { values in
                guard let sums = sums.baseAddress, let base = values.baseAddress else { return }
                mynah_add_scaled(sums, factor, base, values.count)
            }
        }
    }

    /// Scales a gradient down to a norm that it exceeds (Pascanu et al., arXiv 1211.5063); statistics do not count.
    ///
    /// - Returns: false where the norm is not finite; then nothing is changed.
    mutating func limitNorm(to limit: Float, layout: ParameterLayout) -> Bool {
        withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return true }
            let learnt = layout.entries.filter { $0.role != .statistic }.map(\.range)
            let square = learnt.reduce(Float(0)) {
                $0 + mynah_dot(base + $1.lowerBound, base + $1.lowerBound, $1.count)
            }
            let norm = square.squareRoot()
            guard norm.isFinite else { return false }
            guard norm > limit else { return true }
            for range in learnt { mynah_scale(base + range.lowerBound, limit / norm, range.count) }
            return true
        }
    }
}
