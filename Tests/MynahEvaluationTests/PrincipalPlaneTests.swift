import MynahBase
import MynahNetwork
import Testing

@testable import MynahEvaluation

struct PrincipalPlaneTests {
    /// Points of known spread along known directions: the axes are those, and the variances too.
    @Test func findsTheAxes() {
        let (first, second) = ([0.6, 0.8, 0.0, 0.0], [0.0, 0.0, 0.28, -0.96])
        var points: [[Double]] = []
        for (a, b) in [(3.0, 1.0), (-3.0, 1.0), (3.0, -1.0), (-3.0, -1.0)] {
            points.append((0..<4).map { 10 + a * first[$0] + b * second[$0] })
        }
        let plane = PrincipalPlane(points)
        for unit in 0..<4 {
            #expect(abs(plane.center[unit] - 10) < 1e-12)
            #expect(abs(plane.axes[0][unit] - first[unit]) < 1e-9)
            // The sign is that in which the largest component is positive.
            #expect(abs(plane.axes[1][unit] + second[unit]) < 1e-9)
        }
        #expect(abs(plane.variances[0] - 9) < 1e-9 && abs(plane.variances[1] - 1) < 1e-9)
    }

    /// No other plane holds more of the variance of a cloud than this one.
    @Test func holdsMostOfTheVariance() {
        var generator = SeededGenerator(seed: 5)
        let points = (0..<200).map { _ in
            (0..<6).map { Double(generator.uniform() - 0.5) * Double(7 - $0) }
        }
        let plane = PrincipalPlane(points)
        let dot = { (a: [Double], b: [Double]) in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        #expect(abs(dot(plane.axes[0], plane.axes[1])) < 1e-9)
        for axis in plane.axes { #expect(abs(dot(axis, axis) - 1) < 1e-9) }
        func variance(along axis: [Double]) -> Double {
            let shares = points.map { dot(zip($0, plane.center).map { $0 - $1 }, axis) }
            return dot(shares, shares) / Double(points.count)
        }
        let held = plane.axes.reduce(0) { $0 + variance(along: $1) }
        for first in 0..<6 {
            for second in first + 1..<6 {
                let (a, b) = ((0..<6).map { $0 == first ? 1.0 : 0 }, (0..<6).map { $0 == second ? 1.0 : 0 })
                #expect(variance(along: a) + variance(along: b) <= held + 1e-9)
            }
        }
    }

    @Test func pointsWithoutSpread() {
        let plane = PrincipalPlane([[1, 2, 3], [1, 2, 3]])
        #expect(plane.center == [1, 2, 3])
        #expect(plane.variances.allSatisfy { $0 == 0 })
        #expect(plane.axes.allSatisfy { abs($0.reduce(0) { $0 + $1 * $1 } - 1) < 1e-9 })
    }
}
