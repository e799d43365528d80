import Foundation
import MynahBase
import Testing

@testable import MynahNetwork

/// How well letters are spelled, against all ways of spelling them, tried one after another.
struct LetterLogitsTests {
    private static let classCount = 4

    /// The class that stands between words.
    private static let boundary = 3

    /// All ways through some steps.
    private static func paths(_ stepCount: Int) -> [[Int]] {
        (0..<stepCount).reduce([[]]) { paths, _ in
            paths.flatMap { path in (0..<classCount).map { path + [$0] } }
        }
    }

    /// What a path spells: boundaries are blanks.
    private static func letters(of path: [Int]) -> [Int] {
        var last = 0
        var letters: [Int] = []
        for index in path.map({ $0 == boundary ? 0 : $0 }) {
            if index != last, index != 0 { letters.append(index) }
            last = index
        }
        return letters
    }

    @Test(arguments: [[], [1], [2], [1, 2], [2, 2], [1, 2, 1], [1, 1, 1]])
    func equalsAllWaysTried(letters: [Int]) {
        var generator = SeededGenerator(seed: UInt64(letters.reduce(1) { 5 * $0 + $1 }))
        for stepCount in 2...5 {
            let logits = (0..<stepCount * Self.classCount).map { _ in
                4 * Float.random(in: -1...1, using: &generator)
            }
            let rows = (0..<stepCount).map { step in
                (0..<Self.classCount).map { exp(Double(logits[step * Self.classCount + $0])) }
            }
            let total = rows.map { $0.reduce(0, +) }.reduce(1, *)
            let sum = Self.paths(stepCount).filter { Self.letters(of: $0) == letters }.map { path in
                zip(rows, path).reduce(1) { $0 * $1.0[$1.1] }
            }.reduce(0, +)
            // The best of all, where what is spelled by a boundary and by a blank counts together.
            let best = rows.map { max($0[0] + $0[3], $0[1], $0[2]) }.reduce(1, *)
            let heard = LetterLogits(logits, classCount: Self.classCount, boundary: Self.boundary)
            let score = heard.score(of: letters)
            if sum == 0 {
                #expect(score == -.infinity)
            } else {
                #expect(abs(score - (log(sum / total) - log(best / total))) < 1e-4, "\(stepCount) steps")
            }
        }
    }

    @Test func spellsWithoutBoundaries() {
        // Steps: 1, boundary, 1, blank as probable as a boundary, 2 a little less than both together.
        let rows: [[Float]] = [[0, 9, 0, 0], [0, 0, 0, 9], [0, 9, 0, 0], [1, 0, 1.5, 1], [0, 0, 9, 0]]
        let heard = LetterLogits(rows.flatMap(\.self), classCount: Self.classCount, boundary: Self.boundary)
        #expect(heard.letters == [1, 1, 2])
        #expect(LetterLogits([], classCount: Self.classCount, boundary: nil).letters.isEmpty)
    }

    /// What a network spells itself is worth more than any other letters of that length.
    @Test func whatIsSpelledIsWorthMost() {
        var generator = SeededGenerator(seed: 7)
        let logits = (0..<24 * Self.classCount).map { _ in 8 * Float.random(in: -1...1, using: &generator) }
        let heard = LetterLogits(logits, classCount: Self.classCount, boundary: nil)
        let own = heard.score(of: heard.letters)
        for index in heard.letters.indices {
            var other = heard.letters
            other[index] = other[index] % (Self.classCount - 1) + 1
            #expect(heard.score(of: other) < own)
        }
    }
}
