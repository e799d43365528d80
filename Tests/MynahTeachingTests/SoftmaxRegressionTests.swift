import Glibc
import MynahBase
import Testing

@testable import MynahTeaching

@Suite("Softmax regression on vectors")
struct SoftmaxRegressionTests {
    /// Points around the corners of a triangle, 30 a corner.
    private var triangle: (vectors: [Float], labels: [Int]) {
        var generator = SeededGenerator(seed: 5)
        let corners: [(Float, Float)] = [(0, 2), (2, -1), (-2, -1)]
        var (vectors, labels): ([Float], [Int]) = ([], [])
        for index in 0..<90 {
            let corner = corners[index % 3]
            vectors += [corner.0 + generator.symmetric(0.5), corner.1 + generator.symmetric(0.5)]
            labels.append(index % 3)
        }
        return (vectors, labels)
    }

    private func problem(decay: Float = 0.01) -> SoftmaxRegression {
        SoftmaxRegression(
            vectors: triangle.vectors, labels: triangle.labels, classCount: 3, size: 2, decay: decay)
    }

    @Test("vectors that can be told apart are")
    func separates() {
        let problem = problem()
        let weights = problem.fit(importance: [Float](repeating: 1, count: 90))
        let logits = problem.logits(weights, rows: Array(0..<90))
        #expect((0..<90).allSatisfy { logits[$0].indexOfLargest == triangle.labels[$0] })
    }

    @Test("at the end the gradient is next to nothing: no small change of a weight lowers the loss")
    func converges() {
        let problem = problem(decay: 0.1)
        let importance = [Float](repeating: 1, count: 90)
        let weights = problem.fit(importance: importance)
        func loss(_ weights: [Float]) -> Double {
            let rows = problem.logits(weights, rows: Array(0..<90))
            let data = zip(rows, triangle.labels).reduce(0.0) { sum, pair in
                let odds = pair.0.map { exp(Double($0)) }
                return sum - log(odds[pair.1] / odds.reduce(0, +))
            }
            let squares = weights.indices.filter { $0 % 3 != 2 }.reduce(0.0) {
                $0 + Double(weights[$1] * weights[$1])
            }
            return data / 90 + 0.05 * squares
        }
        let least = loss(weights)
        for index in weights.indices {
            for change: Float in [-0.05, 0.05] {
                var moved = weights
                moved[index] += change
                // The bias of all classes together changes nothing.
                #expect(loss(moved) >= least - 1e-5)
            }
        }
    }

    @Test("what counts nothing changes nothing, whatever its label is")
    func leavesOut() {
        var importance = [Float](repeating: 1, count: 90)
        for index in 0..<30 { importance[index] = 0 }
        var labels = triangle.labels
        for index in 0..<30 { labels[index] = 0 }
        let whole = problem().fit(importance: importance)
        let other = SoftmaxRegression(
            vectors: triangle.vectors, labels: labels, classCount: 3, size: 2, decay: 0.01
        ).fit(importance: importance)
        #expect(whole == other)
    }
}
