import MynahBase
import Testing

@testable import MynahTeaching

@Suite("Whitening by what differs within words")
struct WhiteningTests {
    /// Twenty words of five vectors each: what differs within a word differs mostly in the first value.
    private var vectors: (values: [[Float]], words: [Int?]) {
        var generator = SeededGenerator(seed: 3)
        var (values, words): ([[Float]], [Int?]) = ([], [])
        for word in 0..<20 {
            let middle = (0..<4).map { _ in generator.symmetric(2) }
            for _ in 0..<5 {
                values.append(
                    zip(middle, [5, 0.5, 0.5, 0.5] as [Float]).map { $0 + generator.symmetric($1) })
                words.append(word)
            }
        }
        return (values, words)
    }

    @Test("the direction in which takes of a word differ counts less")
    func scales() {
        let (values, words) = vectors
        let whitening = Whitening(values, words: words)
        let origin = whitening.apply([0, 0, 0, 0])
        func length(_ vector: [Float]) -> Float {
            zip(whitening.apply(vector), origin).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        #expect(length([1, 0, 0, 0]) < 0.7 * length([0, 1, 0, 0]))
    }

    @Test("weights for scaled vectors give the same logits for vectors as they are")
    func undone() {
        let (values, words) = vectors
        let whitening = Whitening(values, words: words)
        let fit: [Float] = [0.3, -1, 2, 0.5, 0.1, -0.7, 0.2, 0.9, -1.5, -0.4]
        let (weights, bias) = whitening.undone(fit, classCount: 2)
        for vector in values.prefix(20) {
            let scaled = whitening.apply(vector)
            for label in 0..<2 {
                let before = (0..<4).reduce(fit[label * 5 + 4]) { $0 + fit[label * 5 + $1] * scaled[$1] }
                let after = (0..<4).reduce(bias[label]) { $0 + weights[label * 4 + $1] * vector[$1] }
                #expect(abs(before - after) < 1e-3 * (1 + abs(before)))
            }
        }
    }

    @Test("vectors of unknown words, and all alike, are scaled without an overflow")
    func degenerate() {
        let alike = [[Float]](repeating: [1, 2], count: 6)
        let scaled = Whitening(alike, words: [Int?](repeating: nil, count: 6)).apply([1, 3])
        #expect(scaled.allSatisfy { $0.isFinite })
    }
}
