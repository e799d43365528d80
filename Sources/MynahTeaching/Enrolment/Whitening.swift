internal import CVectorMath
import MynahBase

/// Scales vectors so that what differs between two recordings of one word is alike in all directions: a difference between voices
/// counts little then, and one that tells words apart much.
///
/// `z = L⁻¹ (x − m)`, where `L Lᵀ` is the mean covariance within the words of the negatives, seven tenths of it replaced by its
/// mean diagonal: there are fewer negatives than it has values. Source: A. O. Hatch, S. Kajarekar and A. Stolcke, "Within-class
/// covariance normalization for SVM-based speaker recognition", Interspeech 2006.
struct Whitening: Sendable {
    /// Values of a vector, `D`.
    private let size: Int

    /// `[D]`: the mean of the negatives.
    private let means: [Float]

    /// `[D, D]`: the lower triangle `L`.
    private let factor: [Float]

    /// Share of the mean diagonal.
    private static let shrinkage: Float = 0.7

    /// Fits to vectors.
    ///
    /// - Parameter words: what is said in each, by any number; nil where that is unknown. Where no word is said twice, what
    ///   counts is how all of them differ from their mean.
    init(_ vectors: [[Float]], words: [Int?]) {
        let size = vectors.first?.count ?? 0
        self.size = size
        means = Self.mean(vectors, size)
        var groups: [Int: [Int]] = [:]
        for (index, word) in words.enumerated() {
            if let word { groups[word, default: []].append(index) }
        }
        var members = groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
        if members.isEmpty { members = [Array(vectors.indices)] }
        let count = members.reduce(0) { $0 + $1.count }
        let differences = FloatBuffer(count: count * size)
        var row = 0
        for group in members {
            let own = Self.mean(group.map { vectors[$0] }, size)
            for index in group {
                for column in 0..<size {
                    differences.base[row * size + column] = vectors[index][column] - own[column]
                }
                row += 1
            }
        }
        let covariance = FloatBuffer(count: size * size)
        let scratch = FloatBuffer(count: mynah_scratch_count(size, size))
        mynah_multiply_transposed(
            size, size, count, differences.base, size, differences.base, size, covariance.base, size,
            scratch.base)
        let scale = (1 - Self.shrinkage) / Float(max(1, count))
        let trace =
            (0..<size).reduce(Float(0)) { $0 + covariance.base[$1 * size + $1] } / Float(max(1, count))
        let diagonal = max(Self.shrinkage * trace / Float(max(1, size)), 1e-6)
        var matrix = [Float](repeating: 0, count: size * size)
        for row in 0..<size {
            for column in 0...row {
                matrix[row * size + column] =
                    scale * covariance.base[row * size + column] + (row == column ? diagonal : 0)
            }
        }
        factor = Self.choleskyFactor(matrix, size)
    }

    private static func mean(_ vectors: [[Float]], _ size: Int) -> [Float] {
        var sums = [Float](repeating: 0, count: size)
        for vector in vectors { for index in 0..<size { sums[index] += vector[index] } }
        return sums.map { $0 / Float(max(1, vectors.count)) }
    }

    /// The lower triangle of a symmetric matrix → its factor, row by row (Golub and Van Loan, "Matrix Computations", 4.2).
    private static func choleskyFactor(_ matrix: [Float], _ size: Int) -> [Float] {
        var factor = matrix
        factor.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            for row in 0..<size {
                for column in 0..<row {
                    let product = mynah_dot(base + row * size, base + column * size, column)
                    base[row * size + column] =
                        (base[row * size + column] - product) / base[column * size + column]
                }
                let square = mynah_dot(base + row * size, base + row * size, row)
                // The diagonal was raised, so that only rounding could bring it down to here.
                base[row * size + row] = max(base[row * size + row] - square, 1e-9).squareRoot()
            }
        }
        return factor
    }

    /// A vector → the scaled one, by forward substitution.
    func apply(_ vector: [Float]) -> [Float] {
        var result = vector
        result.withUnsafeMutableBufferPointer { result in
            factor.withUnsafeBufferPointer { factor in
                guard let z = result.baseAddress, let base = factor.baseAddress else { return }
                for row in 0..<size {
                    z[row] =
                        (vector[row] - means[row] - mynah_dot(base + row * size, z, row))
                        / base[row * size + row]
                }
            }
        }
        return result
    }

    /// Weights for scaled vectors, `[C, D + 1]` with the bias last → weights `[C, D]` and bias `[C]` for vectors as they are: by back
    /// substitution with `Lᵀ`.
    func undone(_ fit: [Float], classCount: Int) -> (weights: [Float], bias: [Float]) {
        var (weights, bias): ([Float], [Float]) = ([], [])
        for label in 0..<classCount {
            var row = Array(fit[label * (size + 1)..<label * (size + 1) + size])
            for index in (0..<size).reversed() {
                row[index] /= factor[index * size + index]
                for before in 0..<index { row[before] -= factor[index * size + before] * row[index] }
            }
            weights += row
            bias.append(
                zip(row, means).reduce(fit[label * (size + 1) + size]) { $0 - $1.0 * $1.1 })
        }
        return (weights, bias)
    }
}
