import MynahBase

/// A phrase that sounds almost like another one.
package struct NearPhrase: Hashable, Sendable {
    /// Its name for people, and for its folder.
    package let name: String

    /// What is spoken.
    package let text: String

    /// Whether `text` is made of phonemes, which only espeak-ng reads.
    package let isPhonemes: Bool
}

/// Phrases that sound almost like one to be learnt, as hard examples of what it is not.
///
/// They are the phrase with one phoneme exchanged for one that differs from it in place, voice or manner of articulation, with
/// two where there are few such phrases, and, of a phrase of several words, each of the words alone. Vowels without stress stay
/// as they are: people say them in many ways.
enum NearPhrases {
    /// The most of them that are made.
    static let limit = 48

    /// Below so many with one phoneme exchanged, some with two are made as well.
    private static let fewestSingles = 24

    /// Marks in front of a phoneme: primary and secondary stress, none, and others of espeak-ng.
    private static let marks: Set<Character> = ["'", ",", "%", "="]

    /// What a consonant of English is exchanged for, in the mnemonics of espeak-ng.
    ///
    /// Neighbours in the table of the International Phonetic Association (Handbook of the IPA, 1999).
    private static let consonants: [String: [String]] = [
        "p": ["b", "t", "k", "f"], "b": ["p", "d", "g", "v"], "t": ["d", "p", "k"], "d": ["t", "b", "g"],
        "k": ["g", "t", "p"], "g": ["k", "d", "b"], "f": ["v", "T", "s", "p"], "v": ["f", "b", "D", "z"],
        "T": ["f", "s", "t"], "D": ["v", "z", "d"], "s": ["z", "S", "T", "f"], "z": ["s", "Z", "v"],
        "S": ["s", "tS", "f"], "Z": ["S", "dZ", "z"], "tS": ["S", "dZ", "t"], "dZ": ["tS", "Z", "d"],
        "h": ["f", "w", "s"], "m": ["n", "b"], "n": ["m", "d", "l"], "N": ["n", "m"], "l": ["r", "w", "n"],
        "r": ["l", "w"], "w": ["v", "r", "l"], "j": ["l", "w"], "t#": ["d", "n"], "*": ["d", "l"],
    ]

    /// What a vowel of English with stress is exchanged for, likewise.
    private static let vowels: [String: [String]] = [
        "I": ["i:", "E", "V"], "E": ["I", "a", "eI"], "a": ["E", "V", "A:"], "V": ["a", "0", "U"],
        "0": ["O:", "V", "oU"], "U": ["u:", "V"], "i:": ["I", "eI"], "eI": ["E", "aI", "i:"],
        "aI": ["eI", "OI", "aU"], "OI": ["aI", "oU"], "aU": ["oU", "aI"], "oU": ["aU", "u:", "O:"],
        "u:": ["U", "oU"], "3:": ["O:", "A:"], "A:": ["a", "O:", "oU"], "O:": ["oU", "A:", "3:"],
        "A@": ["O@", "3:", "e@"], "O@": ["A@", "3:"], "e@": ["i@", "A@"], "i@": ["e@", "aI"],
        "i@3": ["e@", "aI@"],
        "aI@": ["i@3", "OI"], "O2": ["A:", "oU"], "VR": ["A@", "i@"],
    ]

    /// The near phrases of a phrase, most alike first.
    ///
    /// - Parameters:
    ///   - phrase: what is written.
    ///   - phonemes: `EspeakNG.phonemes(of:voice:)` of it.
    ///   - others: those of all phrases that are to be learnt, which are near to nothing.
    ///   - generator: draws where there are too many.
    /// - Returns: their phonemes, and words of the phrase; empty where no phoneme is known.
    static func variants(
        of phonemes: [[String]], besides others: [[[String]]], using generator: inout SeededGenerator
    ) -> [[[String]]] {
        let places = phonemes.indices.flatMap { word in phonemes[word].indices.map { (word, $0) } }
        let learnt = Set(others.map(Self.key))
        var singles: [[[String]]] = []
        var changes: [(place: Int, word: Int, phoneme: Int, other: String)] = []
        for (place, (word, phoneme)) in places.enumerated() {
            for other in alternatives(to: phonemes[word][phoneme]) {
                changes.append((place, word, phoneme, other))
                var changed = phonemes
                changed[word][phoneme] = other
                singles.append(changed)
            }
        }
        generator.shuffle(&singles)
        var pairs: [[[String]]] = []
        if singles.count < fewestSingles {
            for first in changes {
                for second in changes where second.place > first.place {
                    var changed = phonemes
                    changed[first.word][first.phoneme] = first.other
                    changed[second.word][second.phoneme] = second.other
                    pairs.append(changed)
                }
            }
            generator.shuffle(&pairs)
        }
        var seen = learnt
        return Array((singles + pairs).filter { seen.insert(key($0)).inserted }.prefix(limit))
    }

    /// What tells one pronunciation from another, stress aside.
    private static func key(_ words: [[String]]) -> String {
        words.map { $0.map { $0.drop { marks.contains($0) } }.joined(separator: "|") }.joined(separator: " ")
    }

    private static func alternatives(to phoneme: String) -> [String] {
        let mark = phoneme.prefix { marks.contains($0) }
        let bare = String(phoneme.dropFirst(mark.count))
        if let others = consonants[bare] { return others.map { mark + $0 } }
        let isStressed = mark.contains { $0 == "'" || $0 == "," }
        return isStressed ? (vowels[bare] ?? []).map { mark + $0 } : []
    }
}
