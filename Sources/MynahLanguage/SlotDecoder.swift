import MynahModel

/// The most probable labels of a sentence's words that can follow each other: nothing is inside of a slot that has not begun.
///
/// Viterbi's algorithm ("Error bounds for convolutional codes", 1967) over the labels that the network gives each word on its own.
/// Only beginnings and inside labels of the same slot go before an inside label, so that a step takes one comparison a slot.
package struct SlotDecoder: Sendable {
    /// Labels, `L`.
    private let labelCount: Int

    /// For slots that are numbered from 0.
    package init(slotCount: Int) {
        labelCount = SlotLabels(slotCount: slotCount).count
    }

    /// The labels of the words.
    ///
    /// - Parameters:
    ///   - logits: `[words, L]`.
    ///   - allowed: for each slot whether it may occur.
    package func labels(_ logits: ArraySlice<Float>, allowed: [Bool]) -> [Int] {
        precondition(
            logits.count.isMultiple(of: labelCount) && allowed.count == labelCount / 2,
            "\(logits.count) logits for \(labelCount) labels and \(allowed.count) slots")
        let wordCount = logits.count / labelCount
        guard wordCount > 0 else { return [] }
        var scores = [Float](repeating: -.infinity, count: labelCount)
        var next = scores
        // The label before each label of a word, in the best row of labels that ends there.
        var before = [Int](repeating: 0, count: wordCount * labelCount)
        for word in 0..<wordCount {
            let row = logits.startIndex + word * labelCount
            var best = SlotLabels.outside
            if word > 0 {
                for label in 1..<max(1, labelCount) where scores[label] > scores[best] { best = label }
            }
            let bestScore = word == 0 ? 0 : scores[best]
            next[SlotLabels.outside] = bestScore + logits[row]
            before[word * labelCount] = best
            for slot in allowed.indices {
                let (begin, inside) = (SlotLabels.beginning(of: slot), SlotLabels.inside(slot))
                guard allowed[slot] else { continue }
                next[begin] = bestScore + logits[row + begin]
                before[word * labelCount + begin] = best
                let from = scores[inside] > scores[begin] ? inside : begin
                next[inside] = word == 0 ? -.infinity : scores[from] + logits[row + inside]
                before[word * labelCount + inside] = from
            }
            swap(&scores, &next)
        }
        var label = scores.indices.max { scores[$0] < scores[$1] } ?? SlotLabels.outside
        var labels = [Int](repeating: label, count: wordCount)
        for word in stride(from: wordCount - 1, to: 0, by: -1) {
            label = before[word * labelCount + label]
            labels[word - 1] = label
        }
        return labels
    }
}
