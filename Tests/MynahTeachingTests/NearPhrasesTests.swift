import MynahBase
import Testing

@testable import MynahTeaching

/// Phrases that sound almost like another one.
struct NearPhrasesTests {
    private let mynah = [["h", "'eI"], ["m", "'aI", "n", "@"]]

    private func variants(_ phonemes: [[String]], besides others: [[[String]]] = []) -> [[[String]]] {
        var generator = SeededGenerator(seed: 1)
        return NearPhrases.variants(of: phonemes, besides: [phonemes] + others, using: &generator)
    }

    /// Places at which two pronunciations differ.
    private func differences(_ one: [[String]], _ other: [[String]]) -> [String] {
        zip(one.joined(), other.joined()).filter { $0 != $1 }.map(\.0)
    }

    @Test func onePhonemeIsExchangedOrTwo() {
        let near = variants(mynah)
        #expect(near.count > 10 && near.count <= NearPhrases.limit)
        #expect(Set(near).count == near.count && !near.contains(mynah))
        for variant in near {
            #expect(variant.map(\.count) == mynah.map(\.count))
            #expect((1...2).contains(differences(mynah, variant).count))
        }
        // The vowel without stress stays, and stress stays where it is.
        #expect(near.allSatisfy { $0[1][3] == "@" && $0[1][1].hasPrefix("'") })
    }

    @Test func phrasesToLearnAreNearToNothing() throws {
        let other = try #require(variants(mynah).first)
        #expect(!variants(mynah, besides: [other]).contains(other))
    }

    @Test func theSeedDecides() {
        #expect(variants(mynah) == variants(mynah))
    }

    @Test func unknownPhonemesHaveNoNeighbours() {
        #expect(variants([["x~"], ["@"]]).isEmpty)
    }

    @Test func phonemesBecomeText() {
        #expect(EspeakNG.text(speaking: mynah) == "[[h|'eI m|'aI|n|@]]")
    }
}
