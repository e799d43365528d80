package import MynahAudio
package import MynahBase
import MynahData
package import MynahModel
import MynahRecognition

/// What a model hears in words of which it has learnt from no clip.
///
/// `_unknown_` in use is mostly such words, while a validation split holds the unknown words of training: what is heard as a
/// command here would be a false alarm that no other figure shows.
package struct UnmetWords: Codable, Hashable, Sendable {
    /// A word, and how often it was taken for a command.
    package struct Word: Codable, Hashable, Sendable {
        /// The word: the folder that the clips lie in.
        package let word: String

        /// Its clips that were taken for a command.
        package let taken: Proportion
    }

    /// Where the clips come from.
    package let source: String

    /// Clips that were taken for a command, of all.
    package let taken: Proportion

    /// Those of them with at least the probability ``threshold``.
    package let takenSurely: Proportion

    /// The probability from which on a word counts as detected unless a model says otherwise, `0 ... 1`.
    package let threshold: Float

    /// The words, those first that were most often taken for a command.
    package let words: [Word]

    /// The commands that were heard, with the number of clips, the most frequent first.
    package let heard: [Heard]

    /// A command that was heard.
    package struct Heard: Codable, Hashable, Sendable {
        /// The command.
        package let label: String

        /// In how many clips.
        package let count: Int
    }

    /// What became of a clip: what it was taken for, and how surely, or why it could not be read.
    private struct Outcome: Codable, Sendable {
        var label = ""
        var probability: Float = 0
        var fault: String?
    }

    /// Recognizes clips, on all threads of all processes, as `mynah recognize` would.
    ///
    /// - Parameters:
    ///   - clips: each with the word that is said in it, at least one.
    ///   - source: what they are called together.
    /// - Returns: what was heard, and the clips that could not be read.
    /// - Throws: `RecognitionError` when the model cannot be used, `EvaluationError.noClips` when none can be read.
    package static func hear(
        _ clips: [(word: String, file: AudioSource)], source: String, with model: CommandModel,
        channel: ChannelSelection, threads: Int, communicator: any Communicator = SingleProcess()
    ) throws -> (words: UnmetWords, unreadable: [UnreadableClip]) {
        _ = try Recognizer(model: model)
        let threshold = DetectionSettings().threshold
        try communicator.requireSame("model", model.hash)
        let names = SHA256.hexDigest(of: clips.map(\.file.name).joined(separator: "\n"))
        try communicator.requireSame(
            "set of words", "\(counted(clips.count, "clip")), hash \(names.prefix(16))")
        let outcomes = communicator.map(
            clips.count, threads: threads,
            makeContext: { Result { () throws(RecognitionError) in try Recognizer(model: model) } }
        ) { recognizer, index in
            do {
                let best = try recognizer.get().recognize(clips[index].file, channel: channel).best
                return Outcome(label: best.label, probability: best.probability)
            } catch {
                return Outcome(fault: "\(error)")
            }
        }
        var unreadable: [UnreadableClip] = []
        var labels: [(word: String, label: String, probability: Float)] = []
        for (clip, outcome) in zip(clips, outcomes) {
            if let fault = outcome.fault {
                unreadable.append(UnreadableClip(path: clip.file.name, reason: fault))
            } else {
                labels.append((clip.word, outcome.label, outcome.probability))
            }
        }
        func taken(
            _ clips: [(word: String, label: String, probability: Float)], from least: Float = 0
        ) -> Proportion? {
            Proportion(
                count: clips.count { StandardLabel.isWord($0.label) && $0.probability >= least },
                total: clips.count)
        }
        guard let all = taken(labels), let sure = taken(labels, from: threshold) else {
            throw EvaluationError.noClips
        }
        let words = UnmetWords(
            source: source, taken: all, takenSurely: sure, threshold: threshold,
            words: Dictionary(grouping: labels, by: \.word)
                .compactMap { word, clips in taken(clips).map { Word(word: word, taken: $0) } }
                .sorted {
                    ($1.taken.value, $1.taken.count, $0.word) < ($0.taken.value, $0.taken.count, $1.word)
                },
            heard: Dictionary(grouping: labels.map(\.label).filter(StandardLabel.isWord), by: \.self)
                .map { Heard(label: $0, count: $1.count) }
                .sorted { ($1.count, $0.label) < ($0.count, $1.label) })
        return (words, unreadable)
    }
}
