import MynahModel

/// The accuracy to expect among people and sounds that no training has met, in one figure to choose models by.
///
/// A validation split flatters a model: its unknown words are those of training, and its noise is soft. Here each label
/// counts alike, and its recall is measured where strangers would:
///
/// - a word, by its clips in the split, whose speakers are strangers;
/// - `_unknown_`, by the unknown words of the split to two fifths and by words that were never met to three: of the 25 words
///   that are no commands in the testing set of Speech Commands, 10 are ones of which it has many clips for training here,
///   and 15 hardly any;
/// - `_silence_`, by noise alone, white, pink and recorded, from soft to loud, each level counting alike.
package struct StrangerAccuracy: Codable, Hashable, Sendable {
    /// Mean recall of the words, `0 ... 1`.
    package let words: Double

    /// Recall of `_unknown_`, `0 ... 1`; nil for a model without the label.
    package let unknown: Double?

    /// Recall of `_silence_`, `0 ... 1`; nil for a model without the label.
    package let silence: Double?

    /// Mean recall of all labels, `0 ... 1`.
    package let accuracy: Double

    /// Share of unknown words that were never met.
    private static let unmetShare = 0.6

    /// The figure from its parts; nil where one of them says nothing, as when a word has no clips.
    package init?(closedSet: ClosedSetEvaluation, noiseAlone: [NoiseAlone], unmet: UnmetWords) {
        let recalls = closedSet.classes.map { ($0.label, $0.recall?.value) }
        let words = recalls.filter { StandardLabel.isWord($0.0) }.compactMap(\.1)
        guard words.count == recalls.count(where: { StandardLabel.isWord($0.0) }), !words.isEmpty else {
            return nil
        }
        self.words = words.reduce(0, +) / Double(words.count)
        var labels = words
        if let recall = recalls.first(where: { $0.0 == StandardLabel.unknown }) {
            guard let met = recall.1 else { return nil }
            let unknown = (1 - Self.unmetShare) * met + Self.unmetShare * (1 - unmet.taken.value)
            labels.append(unknown)
            self.unknown = unknown
        } else {
            unknown = nil
        }
        if let label = closedSet.classes.firstIndex(where: { $0.label == StandardLabel.silence }) {
            let shares = noiseAlone.filter { $0.kind != .recordings }.flatMap(\.points).map {
                Double($0.counts[label]) / Double(max(1, $0.counts.reduce(0, +)))
            }
            guard !shares.isEmpty else { return nil }
            let silence = shares.reduce(0, +) / Double(shares.count)
            labels.append(silence)
            self.silence = silence
        } else {
            silence = nil
        }
        accuracy = labels.reduce(0, +) / Double(labels.count)
    }
}
