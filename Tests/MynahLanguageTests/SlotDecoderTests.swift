import MynahBase
import MynahModel
import Testing

@testable import MynahLanguage

@Suite struct SlotDecoderTests {
    /// The best row of labels by trying all of them.
    private func exhaustive(_ logits: [Float], words: Int, slots: Int, allowed: [Bool]) -> [Int] {
        let count = 1 + 2 * slots
        var best: (labels: [Int], score: Float) = ([], -.infinity)
        var labels = [Int](repeating: 0, count: words)
        while true {
            let isLegal = labels.indices.allSatisfy { word in
                guard let slot = SlotLabels.slot(of: labels[word]) else { return true }
                guard allowed[slot] else { return false }
                return SlotLabels.isBeginning(labels[word])
                    || word > 0 && SlotLabels.slot(of: labels[word - 1]) == slot
            }
            let score = labels.indices.reduce(Float(0)) { $0 + logits[$1 * count + labels[$1]] }
            if isLegal, score > best.score { best = (labels, score) }
            guard let place = labels.lastIndex(where: { $0 < count - 1 }) else { return best.labels }
            labels[place] += 1
            for later in place + 1..<words { labels[later] = 0 }
        }
    }

    @Test func theLabelsAreTheBestThatMayFollowEachOther() {
        var generator = SeededGenerator(seed: 1)
        for round in 0..<200 {
            let (words, slots) = (1 + generator.index(below: 4), 1 + generator.index(below: 3))
            let logits = (0..<words * (1 + 2 * slots)).map { _ in generator.symmetric(3) }
            let allowed = (0..<slots).map { _ in generator.uniform() < 0.7 }
            let labels = SlotDecoder(slotCount: slots).labels(logits[...], allowed: allowed)
            #expect(
                labels == exhaustive(logits, words: words, slots: slots, allowed: allowed), "round \(round)")
        }
    }

    @Test func noWordsHaveNoLabels() {
        #expect(SlotDecoder(slotCount: 2).labels([], allowed: [true, true]) == [])
    }

    @Test func spansAreThoseOfTheCoNLLMeasure() {
        let (begin, inside) = (SlotLabels.beginning(of: 1), SlotLabels.inside(1))
        func spans(_ labels: [Int]) -> [Range<Int>] { SlotLabels.spans(of: labels).map(\.words) }
        #expect(spans([0, begin, inside, 0]) == [1..<3])
        #expect(spans([begin, begin, inside]) == [0..<1, 1..<3])
        // Inside of what has not begun begins it.
        #expect(spans([inside, inside, 0, inside]) == [0..<2, 3..<4])
        #expect(spans([begin, SlotLabels.inside(0)]) == [0..<1, 1..<2])
        #expect(spans([]) == [])
    }
}
