package import MynahModel

/// Which speakers of transcribed folders are learnt from, and which are kept for validation and testing: whole speakers, by the
/// rule of ``SpeakerSplit``, and where luck has spoiled that (``SplitBalance``), with some of them moved.
package struct SpeakerDivision: Hashable, Sendable {
    /// Speakers that are elsewhere than the rule puts them.
    package let moved: [MovedSpeaker]

    private let splits: [String: DataSplit]

    /// The rule alone, with these exceptions: how a model's speakers were divided.
    package init(moved: [MovedSpeaker]) {
        self.moved = moved.sorted { $0.speaker.utf8.lexicographicallyPrecedes($1.speaker.utf8) }
        splits = Dictionary(
            moved.map { ($0.speaker, DataSplit(rawValue: $0.split) ?? .training) }, uniquingKeysWith: { $1 })
    }

    /// The same, but for speakers whom a model that is learnt on from has moved: what it has learnt is not forgotten.
    package func keeping(_ earlier: [MovedSpeaker]) -> SpeakerDivision {
        let kept = Set(earlier.map(\.speaker))
        return SpeakerDivision(moved: moved.filter { !kept.contains($0.speaker) } + earlier)
    }

    /// Divides the speakers of sentences.
    ///
    /// - Throws: `DataError.oneSpeaker`.
    package init(of sentences: [Sentence]) throws(DataError) {
        let speakers = Set(sentences.lazy.map(\.speaker)).sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        guard speakers.count > 1 else { throw .oneSpeaker(speaker: speakers.first ?? "") }
        let byRule = sentences.map { SpeakerSplit.split(ofHashed: $0.speaker) }
        let balance = SplitBalance(
            sentences.map { SplitBalance.Clip(speaker: $0.speaker, key: $0.name, word: "", counts: true) },
            splits: byRule, isStated: false)
        var splits = balance.splits
        let learnt = splits.count { $0 == .training }
        if speakers.count < 3 || balance.moved == .takes || 2 * learnt < sentences.count {
            // No three splits of whole speakers with most to learn from: whoever has said least is for validation.
            let counts = Dictionary(sentences.lazy.map { ($0.speaker, 1) }, uniquingKeysWith: +)
            let least = speakers.min { (counts[$0, default: 0], $0) < (counts[$1, default: 0], $1) }
            splits = sentences.map { $0.speaker == least ? .validation : .training }
        }
        var moved: [String: DataSplit] = [:]
        for (sentence, (rule, split)) in zip(sentences, zip(byRule, splits)) where rule != split {
            moved[sentence.speaker] = split
        }
        self.init(moved: moved.map { MovedSpeaker(speaker: $0.key, split: $0.value.rawValue) })
    }

    /// No division: all speakers are learnt from, and those whom the rule puts elsewhere are moved.
    package init(learningFromAll sentences: [Sentence]) {
        let others = Set(sentences.lazy.map(\.speaker)).filter {
            SpeakerSplit.split(ofHashed: $0) != .training
        }
        self.init(moved: others.map { MovedSpeaker(speaker: $0, split: DataSplit.training.rawValue) })
    }

    /// What a speaker's sentences are used for.
    package func split(of speaker: String) -> DataSplit {
        splits[speaker] ?? SpeakerSplit.split(ofHashed: speaker)
    }

    /// The rule in words.
    package var rule: String {
        moved.isEmpty
            ? "speaker hash of Speech Commands"
            : "speaker hash of Speech Commands, \(LabelledFolder.movedPhrase): \(counted(moved.count, "speaker"))"
    }
}
