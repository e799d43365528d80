import MynahBase
import Testing

@testable import MynahNetwork

/// The search for a word against all ways of spelling anything, tried one after another.
struct CTCWordSearchTests {
    /// The best of all ways in which classes of `logits` can spell letters over some steps in a row, for each letter.
    private func expected(_ letters: [Int], boundary: Int?, after pauses: Set<Int>, logits: [[Float]])
        -> Float
    {
        let classCount = logits[0].count
        var best = -Float.infinity
        for first in logits.indices {
            for end in first + 1...logits.count {
                for code in 0..<Int(pow(classCount, end - first)) {
                    let path = (0..<end - first).map { code / pow(classCount, $0) % classCount }
                    guard spells(path, letters, boundary: boundary, after: pauses) else { continue }
                    var sum: Float = 0
                    for (step, index) in zip(first..<end, path) {
                        sum += logits[step][index] - (logits[step].max() ?? 0)
                    }
                    best = max(best, sum)
                }
            }
        }
        return best / Float(letters.count)
    }

    /// Whether a path begins with the first letter, ends with the last, and has no more than blanks between, or between two words
    /// the boundary.
    private func spells(_ path: [Int], _ letters: [Int], boundary: Int?, after pauses: Set<Int>) -> Bool {
        guard path.first == letters.first, path.last == letters.last else { return false }
        var place = 0
        var isPause = false
        for (step, index) in path.enumerated() {
            if index == 0 || index == boundary {
                guard index == 0 || pauses.contains(place) else { return false }
                isPause = true
            } else if step == 0 || isPause || index != path[step - 1] {
                guard place < letters.count, letters[place] == index else { return false }
                place += 1
                isPause = false
            }
        }
        return place == letters.count
    }

    private func pow(_ base: Int, _ exponent: Int) -> Int {
        (0..<exponent).reduce(1) { power, _ in power * base }
    }

    @Test(arguments: [[[1, 2]], [[1, 1]], [[2]], [[1, 2, 1]], [[1], [2]], [[1], [1]]])
    func equalsAllWaysTried(words: [[Int]]) {
        var generator = SeededGenerator(seed: UInt64(words.joined().reduce(words.count) { 5 * $0 + $1 }))
        let pauses = Set(words.count > 1 ? [words[0].count] : [])
        for _ in 0..<20 {
            let logits = (0..<5).map { _ in
                (0..<4).map { _ in 4 * Float.random(in: -1...1, using: &generator) }
            }
            let score = CTCWordSearch(words, boundary: 3).score(logits: logits.flatMap(\.self), classCount: 4)
            let best = expected(words.flatMap(\.self), boundary: 3, after: pauses, logits: logits)
            #expect(abs(score - best) < 1e-5, "\(words): \(score), expected \(best)")
        }
    }

    /// What the network spells itself costs nothing, and what it does not spell costs the more, the less it resembles it.
    @Test func spelledWordCostsNothing() {
        func logits(_ path: [Int]) -> [Float] {
            path.flatMap { index in (0..<5).map { $0 == index ? 3 : 0 } }
        }
        let search = CTCWordSearch([[1, 2, 2, 4]], boundary: nil)
        func score(_ path: [Int]) -> Float { search.score(logits: logits(path), classCount: 5) }
        #expect(score([3, 0, 1, 1, 2, 0, 2, 4, 0, 3]) == 0)
        #expect(score([3, 0, 1, 1, 2, 2, 2, 4, 0, 3]) == -0.75)
        #expect(score([1, 3, 2, 0, 2, 4]) == -0.75)
        #expect(score([3, 3, 3, 3, 3, 3]) == -3.75)
    }

    @Test func tooFewStepsSpellNothing() {
        let search = CTCWordSearch([[1, 1]], boundary: nil)
        #expect(search.score(logits: [0, 1, 0, 1], classCount: 2) == -.infinity)
        #expect(search.score(logits: [], classCount: 2) == -.infinity)
    }
}
