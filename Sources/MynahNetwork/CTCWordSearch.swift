/// How well a network that spells finds one word anywhere in a clip.
///
/// A word is compared with what the network would spell instead: at each step with the most probable class. The most probable way
/// through the letters, with blanks between them, may begin and end at any step, as in keyword spotting by forward passes through
/// a small lattice (Fernández, Graves and Schmidhuber, "An application of recurrent neural networks to discriminative
/// keyword spotting", ICANN 2007).
package struct CTCWordSearch: Hashable, Sendable {
    /// `[S]`, `S = 2 U − 1`: letter, blank, letter, …, letter.
    private let classes: [Int]

    /// `[S]`, whether the blank before a letter may be left out, as between two different letters.
    private let skips: [Bool]

    /// `[S]`, what may be spelled instead of a blank: the boundary between two words.
    private let alternatives: [Int?]

    /// Prepares to look for a word, or several in a row.
    ///
    /// - Parameters:
    ///   - words: the letters of each, classes other than the blank; at least one letter each, traps otherwise.
    ///   - boundary: the class that stands between words, where there is one.
    ///   - blank: the class that spells nothing.
    package init(_ words: [[Int]], boundary: Int?, blank: Int = 0) {
        precondition(
            !words.isEmpty && words.allSatisfy { !$0.isEmpty }, "\(words.count) words, one of them empty")
        let letters = words.flatMap(\.self)
        var ends: Set<Int> = []
        var count = 0
        for word in words {
            count += word.count
            ends.insert(count)
        }
        var classes = [letters[0]]
        var skips = [false]
        var alternatives: [Int?] = [nil]
        for (index, pair) in zip(letters, letters.dropFirst()).enumerated() {
            classes += [blank, pair.1]
            skips += [false, pair.0 != pair.1]
            alternatives += [ends.contains(index + 1) ? boundary : nil, nil]
        }
        (self.classes, self.skips, self.alternatives) = (classes, skips, alternatives)
    }

    /// Letters, `U`.
    private var letterCount: Int { (classes.count + 1) / 2 }

    /// The logarithm of the ratio of the best way to spell the word to the best of all there is at the same steps, for each letter.
    ///
    /// - Parameters:
    ///   - logits: `[T, C]`, row-major.
    ///   - classCount: `C`.
    /// - Returns: at most 0, which is where the network itself spells the word; minus infinity where there are too few steps.
    package func score(logits: [Float], classCount: Int) -> Float {
        precondition(
            logits.count.isMultiple(of: classCount), "\(logits.count) logits of \(classCount) classes")
        var scores = [Float](repeating: -.infinity, count: classes.count)
        var best = -Float.infinity
        for start in stride(from: 0, to: logits.count, by: classCount) {
            var largest = -Float.infinity
            for index in start..<start + classCount { largest = max(largest, logits[index]) }
            // From the last state to the first, so that each still finds what the one before it was.
            for state in classes.indices.reversed() {
                var score = state == 0 ? max(0, scores[0]) : max(scores[state], scores[state - 1])
                if state >= 2, skips[state] { score = max(score, scores[state - 2]) }
                var logit = logits[start + classes[state]]
                if let alternative = alternatives[state] { logit = max(logit, logits[start + alternative]) }
                scores[state] = score + logit - largest
            }
            best = max(best, scores[classes.count - 1])
        }
        return best / Float(letterCount)
    }
}
