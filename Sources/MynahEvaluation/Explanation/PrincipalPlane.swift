package import MynahModel

/// The plane in which points lie furthest apart: their principal components (Pearson, "On lines and planes of closest fit
/// to systems of points in space", 1901).
package struct PrincipalPlane {
    /// `[R]`, the mean of the points.
    package let center: [Double]

    /// `[2][R]`, unit vectors at right angles, the one with the larger variance first.
    ///
    /// Of the two directions that an axis can have, the one in which its largest component is positive. Where points do not
    /// fill a plane, what is left over is any direction.
    package let axes: [[Double]]

    /// Variance of the points along each axis.
    package let variances: [Double]

    /// Fits a plane by the power iteration, which finds one axis after the other.
    ///
    /// Written by hand, since LAPACK needs a BLAS, which nothing else here does, for two vectors of one calibration.
    ///
    /// - Parameter points: `[N][R]`, at least one, of at least two values each.
    package init(_ points: [[Double]]) {
        precondition((points.first?.count ?? 0) >= 2, "a plane needs points of two values or more")
        let size = points[0].count
        let count = Double(points.count)
        let center = (0..<size).map { unit in points.reduce(0) { $0 + $1[unit] } / count }
        var residuals = points.map { point in zip(point, center).map { $0 - $1 } }
        var axes: [[Double]] = []
        var variances: [Double] = []
        for axis in 0..<2 {
            // A fixed start that no data are likely to be at right angles to.
            var direction = Self.unit(
                (0..<size).map { 1 + Double(($0 * 7 + axis * 3) % 11) / 10 }, without: axes)
            for _ in 0..<200 {
                var next = [Double](repeating: 0, count: size)
                for point in residuals {
                    let share = Self.dot(point, direction)
                    for unit in 0..<size { next[unit] += share * point[unit] }
                }
                guard Self.dot(next, next) > 0 else { break }
                direction = Self.unit(next, without: axes)
            }
            let largest = direction.max { abs($0) < abs($1) } ?? 1
            if largest < 0 { direction = direction.map { -$0 } }
            variances.append(
                residuals.reduce(0) { $0 + Self.dot($1, direction) * Self.dot($1, direction) } / count)
            residuals = residuals.map { point in
                let share = Self.dot(point, direction)
                return zip(point, direction).map { $0 - share * $1 }
            }
            axes.append(direction)
        }
        self.center = center
        self.axes = axes
        self.variances = variances
    }

    /// Paths of states in this plane, to four decimals, which is finer than anything shows.
    ///
    /// - Parameters:
    ///   - paths: `[C][T][R]`.
    ///   - clipCounts: `[C]`, the clips that each path is the mean of.
    package func paths(of paths: [[[Double]]], clipCounts: [Int]) -> StatePaths {
        func rounded(_ value: Double) -> Float { Float((value * 1e4).rounded() / 1e4) }
        let plane = StatePaths(
            center: center.map(rounded), axes: axes.map { $0.map(rounded) }, paths: [], clipCounts: [])
        return StatePaths(
            center: plane.center, axes: plane.axes,
            paths: paths.map { path in
                path.map { state in
                    let point = plane.point(of: state.map { Float($0) })
                    return .init(x: rounded(Double(point.x)), y: rounded(Double(point.y)))
                }
            }, clipCounts: clipCounts)
    }

    private static func dot(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The vector at right angles to `axes`, of length 1; where nothing is left of it, one of the base vectors is taken.
    private static func unit(_ vector: [Double], without axes: [[Double]]) -> [Double] {
        let candidates =
            [vector]
            + vector.indices.map { base in vector.indices.map { $0 == base ? 1 : 0 } }
        for candidate in candidates {
            var result = candidate
            for axis in axes {
                let share = dot(result, axis)
                result = zip(result, axis).map { $0 - share * $1 }
            }
            let length = dot(result, result).squareRoot()
            if length > 1e-9 * dot(candidate, candidate).squareRoot(), length > 0 {
                return result.map { $0 / length }
            }
        }
        return vector
    }
}
