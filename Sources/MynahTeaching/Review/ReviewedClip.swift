import MynahModel

/// A kept moment, and what a person said of it.
struct ReviewedClip: Hashable, Sendable {
    let clip: KeptClip

    /// The word of the model that was said; nil for anything else, and for nothing.
    let said: String?

    /// Whether it was heard wrongly: a word that was not said, or not one that was.
    var isMistake: Bool { clip.moment.fired != (said == clip.moment.word) }

    /// Joins moments with their answers; those without one are left out.
    ///
    /// - Throws: ``ReviewError/otherWord(word:clip:labels:)`` where a word was right that the model does not know.
    static func all(
        _ clips: [KeptClip], answers: [String: ReviewAnswer], labels: [String]
    ) throws(ReviewError) -> [ReviewedClip] {
        let words = labels.filter(StandardLabel.isWord)
        var reviewed: [ReviewedClip] = []
        for clip in clips {
            switch answers[clip.name] {
            case nil: continue
            case .right:
                guard words.contains(clip.moment.word) else {
                    throw .otherWord(word: clip.moment.word, clip: clip.soundPath, labels: words)
                }
                reviewed.append(ReviewedClip(clip: clip, said: clip.moment.word))
            case .wrongWord(let word):
                let isKnown = word.map { words.contains($0) } ?? false
                reviewed.append(ReviewedClip(clip: clip, said: isKnown ? word : nil))
            case .nobody: reviewed.append(ReviewedClip(clip: clip, said: nil))
            }
        }
        return reviewed
    }
}
