package import MynahBase

extension NetworkDescription {
    /// Random weights to start training from, flat as ``parameterLayout`` says, each tensor by its
    /// ``ParameterLayout/Entry/initializer``.
    ///
    /// - Parameter featureDeviations: `[D]`, standard deviations of the features before they were normalized; nil where they
    ///   are as they came. A matrix that turns them back into bands takes these into account.
    package func initialParameters(
        using generator: inout SeededGenerator, featureDeviations: [Float]? = nil
    ) -> [Float] {
        var parameters: [Float] = []
        for entry in parameterLayout.entries {
            parameters += entry.initialValues(using: &generator, featureDeviations: featureDeviations)
        }
        return parameters
    }
}

extension ParameterLayout.Entry {
    /// Values to start training from, `[shape]`, row-major.
    func initialValues(
        using generator: inout SeededGenerator, featureDeviations: [Float]? = nil
    ) -> [Float] {
        func uniform(_ bound: Double) -> [Float] {
            range.map { _ in Float(bound) * (2 * generator.uniform() - 1) }
        }
        switch initializer {
        case .glorot(let outputs): return uniform((6 / Double(fanIn + outputs)).squareRoot())
        case .rectified: return uniform((6 / Double(fanIn)).squareRoot())
        case .unitVectors: return uniform((3 / Double(fanIn)).squareRoot())
        case .orthogonal:
            return (0..<outputs / fanIn).flatMap { _ in orthogonalMatrix(size: fanIn, using: &generator) }
        case .constant(let values):
            return values.flatMap { repeatElement($0, count: range.count / values.count) }
        case .inverseCosine:
            let deviations = featureDeviations ?? [Float](repeating: 1, count: fanIn)
            precondition(
                deviations.count == fanIn, "\(deviations.count) deviations of \(fanIn) features")
            return inverseCosine(bandCount: outputs, deviations: deviations)
        }
    }
}

/// A random orthogonal matrix `[size, size]`: Gaussian rows, made orthonormal one after the other (modified
/// Gram–Schmidt).
private func orthogonalMatrix(size: Int, using generator: inout SeededGenerator) -> [Float] {
    var rows: [[Double]] = []
    while rows.count < size {
        var row = (0..<size).map { _ in generator.gaussian() }
        for other in rows {
            let projection = zip(row, other).reduce(0) { $0 + $1.0 * $1.1 }
            for index in row.indices {
                row[index] -= projection * other[index]
            }
        }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        // A row that lies almost within the span of the others has lost its digits: draw another.
        if length > 1e-3 {
            rows.append(row.map { $0 / length })
        }
    }
    return rows.joined().map(Float.init)
}

/// `[bands, coefficients]`: the inverse cosine transform of coefficients that were divided by `deviations`, with bands of
/// variance 1 as long as the coefficients have nothing to do with each other.
private func inverseCosine(bandCount: Int, deviations: [Float]) -> [Float] {
    (0..<bandCount).flatMap { band in
        let row = deviations.enumerated().map { coefficient, deviation in
            Double(deviation)
                * cosineBasis(coefficient: coefficient, band: band, bandCount: bandCount)
        }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { Float(length > 0 ? $0 / length : 0) }
    }
}
