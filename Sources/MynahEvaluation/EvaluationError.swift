import MynahBase
public import MynahData

/// What keeps an evaluation from being made.
public enum EvaluationError: Error, Hashable, Sendable {
    /// There is no clip to evaluate.
    case noClips

    /// A folder has no clips of a word, or no sentences, in the split that is to be evaluated; `found` are those of all splits.
    case emptySplit(folder: String, split: DataSplit, found: DataSummary.SplitCounts)

    /// A posterior is not a number in 0 ... 1.
    case invalidPosterior(path: String, label: String, value: Float)

    /// The posteriors of a clip do not sum to 1.
    case posteriorsNotNormalized(path: String, sum: Float)

    /// The sub-folders of a folder are not the words of the model.
    ///
    /// `absentLabels` are labels of the model without a sub-folder, `unknownWords` sub-folders without a label.
    case labelsDoNotMatch(folder: String, absentLabels: [String], unknownWords: [String])

    /// Two models that are to be compared have different labels.
    case modelLabelsDiffer(onlyFirst: [String], onlySecond: [String])

    /// No temperature in range fits best to the clips, of which the model recognizes `correctCount`.
    case noTemperature(correctCount: Int, clipCount: Int, allowed: ClosedRange<Float>)

    /// A line of a table of spoken words, counted from 1, is not as it should be.
    case badTruth(file: String, line: Int, reason: String)

    /// A recording cannot be composed as it was asked for.
    case invalidComposition(reason: String)

    /// A table of spoken words names none that the model knows.
    case noKnownWords(file: String, words: [String])

    /// A table goes on for longer than the recording that it describes.
    case truthBeyondRecording(file: String, end: Double, seconds: Double)

    /// A table of spoken words cannot be read.
    case unreadableTruth(file: String, reason: String)

    /// A word of a folder or a table that nobody would tell from a label of the model.
    case lookalikeWord(place: String, word: String, label: String)

    /// None of the recordings that were to be listened to could be read.
    case noAudio
}

extension EvaluationError: CustomStringConvertible {
    /// One line: what is wrong, in which file, what was found and what was expected.
    public var description: String {
        switch self {
        case .noClips:
            return "no clips to evaluate, expected at least 1"
        case .emptySplit(let folder, let split, let found):
            return "\(folder.printable): has no recordings of words in the \(split) split (\(found))"
        case .invalidPosterior(let path, let label, let value):
            return "\(path.printable): the probability of '\(label.printable)' is \(value), expected 0 to 1"
        case .posteriorsNotNormalized(let path, let sum):
            return "\(path.printable): the probabilities of all labels sum to \(sum), expected 1"
        case .modelLabelsDiffer(let onlyFirst, let onlySecond):
            let faults = [("first", onlyFirst), ("second", onlySecond)].filter { !$0.1.isEmpty }
                .map { "only the \($0) has \(Self.list($1))" }
            return "the models have different labels: \(faults.joined(separator: "; "))"
        case .noTemperature(let correctCount, let clipCount, let allowed):
            return
                """
                no temperature from \(allowed.lowerBound) to \(allowed.upperBound) fits best to \(clipCount) clips of \
                which \(correctCount) are right; expected some right and some wrong ones
                """
        case .labelsDoNotMatch(let folder, let absentLabels, let unknownWords):
            var faults: [String] = []
            if !absentLabels.isEmpty {
                faults.append("labels of the model without a sub-folder: \(Self.list(absentLabels))")
            }
            if !unknownWords.isEmpty {
                faults.append("sub-folders that are no label of the model: \(Self.list(unknownWords))")
            }
            return
                "\(folder.printable): the folder does not match the model; \(faults.joined(separator: "; "))"
        case .badTruth(let file, let line, let reason):
            return "\(file.printable): line \(line): \(reason)"
        case .invalidComposition(let reason):
            return "recording: \(reason.printable)"
        case .noKnownWords(let file, let words):
            guard !words.isEmpty else {
                return "\(file.printable): it names no words, expected at least 1 that the model knows"
            }
            return "\(file.printable): none of its words is known to the model: \(Self.list(words))"
        case .truthBeyondRecording(let file, let end, let seconds):
            return
                "\(file.printable): its last word ends at \(end) s, but the recording lasts \(seconds) s"
        case .unreadableTruth(let file, let reason):
            return "\(file.printable): cannot be read: \(reason.printable)"
        case .lookalikeWord(let place, let word, let label):
            return
                "\(place.printable): its word \(word.quoted) differs from the label \(label.quoted) of the model in "
                + "case, blanks or invisible characters only; write it as the model does"
        case .noAudio:
            return "none of the recordings could be read, expected at least 1"
        }
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(12).map(\.printable).joined(separator: ", ")
        return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
    }
}
