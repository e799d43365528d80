import MynahBase
import MynahData
import MynahEvaluation
import MynahModel

/// What can go wrong in the program itself.
enum CommandError: Error, CustomStringConvertible {
    /// Standard output does not take what is written.
    case cannotWriteOutput(reason: String)

    /// A file would be replaced that mynah cannot know to be its own.
    case replacesOther(path: String)

    /// A file would be replaced that is read.
    case replacesInput(option: String, path: String)

    /// Two options name the same file.
    case sameOutput(path: String, options: [String])

    /// A file does not hold the settings of a front end.
    case badFrontEnd(path: String, reason: String)

    /// A folder was given that holds no audio files.
    case noAudioFiles(folder: String)

    /// No file has a name of this pattern.
    case noMatch(pattern: String)

    /// A sound is too long for a front end that must have it in memory as a whole.
    case tooLongForWholeClip(file: String, seconds: Double, limit: Double, reason: String)

    /// A word is named that the model does not know.
    case noSuchWord(option: String, word: String, available: [String])

    /// Ctrl-C came before the result was complete.
    case interrupted

    /// The same, of a packing, which goes on when it is started again.
    case packingStopped(pack: String)

    /// Training was stopped before any model was complete.
    case stoppedBeforeFirstModel

    /// The same, of a training that can go on with the command that started it.
    case stoppedWithCheckpoint(folder: String, command: String)

    /// A folder has nothing in a split, where another one could be chosen, or, with `canHearAll`, none.
    case emptySplit(
        folder: String, split: DataSplit, found: DataSummary.SplitCounts, canHearAll: Bool = false)

    /// All sentences are of one speaker, and training could do without validation.
    case oneSpeaker(speaker: String)

    /// A line of standard input, from 1, that cannot be used.
    case badInput(line: Int, reason: String)

    /// There are no phrases in a split, where another one, if there is one, could be chosen.
    case noPhrases(data: String, split: String, other: String?)

    /// Options were given that have no meaning for this kind of model.
    case otherKindOfModel(model: String, kind: ModelKind, option: String)

    /// Words of a folder are to be found, and there is no model to do it.
    case noSpeechModel(folder: String)

    /// A model was given, and a table knows already where its words are.
    case needlessModel(table: String)

    /// A folder of recordings was given for a table, and there is no table.
    case needlessRecordings(folder: String)

    /// Not one clip could be cut.
    case nothingHarvested(table: String)

    /// A folder has no words beside those that are to be laid in.
    case noOtherWords(folder: String)

    /// No thresholds keep within a budget of false alarms, so that a model was not written.
    case budgetNotKept(model: String, budgetPerHour: Double)

    /// Whether no further result can be told.
    var endsOutput: Bool {
        if case .cannotWriteOutput = self { return true }
        return false
    }

    var description: String {
        switch self {
        case .cannotWriteOutput(let reason): "standard output: cannot be written: \(reason)"
        case .replacesOther(let path):
            "\(path.printable): exists already; --force replaces it"
        case .replacesInput(let option, let path): "\(option) would replace \(path.printable), which is read"
        case .sameOutput(let path, let options):
            "\(options.joined(separator: " and ")) name the same file, \(path.printable)"
        case .badFrontEnd(let path, let reason):
            "\(path.printable): does not hold the settings of a front end: \(reason.printable)"
        case .noAudioFiles(let folder): "\(folder.printable): no audio files in this folder"
        case .noMatch(let pattern): "\(pattern.printable): no file matches"
        case .tooLongForWholeClip(let file, let seconds, let limit, let reason):
            """
            \(file.printable): lasts \(NumberText.fixed(seconds, decimals: 1)) s, of which at most \(NumberText.fixed(limit, decimals: 0)) s \
            can be taken at once, and the \(reason)
            """
        case .noSuchWord(let option, let word, let available):
            """
            \(option): the model knows no word \(word.quoted); it knows \
            \(available.map(\.printable).joined(separator: ", "))
            """
        case .packingStopped(let pack):
            "\(pack.printable): stopped before it was complete; the same command goes on"
        case .interrupted: "stopped before the result was complete: nothing was written"
        case .stoppedWithCheckpoint(let folder, let command):
            "stopped within the first epoch; go on with: mynah \(command) --resume \(folder.printable)"
        case .emptySplit(let folder, let split, let found, let canHearAll):
            """
            \(EvaluationError.emptySplit(folder: folder, split: split, found: found)); choose another one with \
            --split\(Self.fullest(found).map { ", such as --split \($0)" } ?? "")\
            \(canHearAll ? "; with --every-speaker all are heard, whether the model has learnt from them or not" : "")
            """
        case .badInput(let line, let reason): "line \(line) of standard input \(reason)"
        case .noPhrases(let data, let split, let other):
            """
            \(data.printable): has no phrases for \(split)\(other.map { "; choose another split, such as --split \($0)" } ?? "")
            """
        case .oneSpeaker(let speaker):
            "\(DataError.oneSpeaker(speaker: speaker)); with --no-validation it learns from all, and the last epoch is kept"
        case .otherKindOfModel(let model, let kind, let option):
            "\(model.printable): is \(kind.sentence), for which there is no \(option)"
        case .noSpeechModel(let folder):
            "\(folder.printable): is a folder, whose words --model finds: a speech model is missing"
        case .needlessModel(let table):
            "\(table.printable): is a table of words, which --model has no part in"
        case .needlessRecordings(let folder):
            "\(folder.printable): is a folder, which --recordings has no part in"
        case .nothingHarvested(let table):
            "no clip was cut; \(table.printable) says why"
        case .noOtherWords(let folder):
            "\(folder.printable): has no other words for --others; name fewer with --words"
        case .budgetNotKept(let model, let budget):
            "\(model.printable): not written: no thresholds keep to \(NumberText.fixed(budget, decimals: 2)) false alarms an hour"
        case .stoppedBeforeFirstModel: "stopped within the first epoch: there is no model yet to keep"
        }
    }
    /// The split to choose by preference among those that have clips.
    private static func fullest(_ found: DataSummary.SplitCounts) -> DataSplit? {
        [.validation, .testing, .training].first { found[$0] > 0 }
    }
}
