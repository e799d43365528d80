import ArgumentParser
import MynahBase
import MynahData
import MynahEvaluation
import MynahModel

/// How a labelled folder is read and recognized.
struct LabelledDataOptions: ParsableArguments {
    @Option(
        name: .customLong("unknown"),
        help: "Another folder of the same layout, whose words are all _unknown_.")
    var unknownFolders: [String] = []

    @Flag(help: "Go on without recordings of a pack that are damaged.")
    var skipDamaged = false

    @OptionGroup var channels: ChannelOptions

    @Option(parsing: .unconditional, help: "Number of threads; without it, one per core.")
    var threads = Ranks.threadCount

    func validate() throws {
        guard (1...1024).contains(threads) else {
            throw ValidationError("--threads is \(threads), expected 1 to 1024")
        }
    }

    /// Reads a folder for a model, and tells what the user should know of it.
    ///
    /// - Parameter canChoose: whether the command has an option for the split.
    func evaluation(
        of model: CommandModel, folder: String, split: DataSplit, canChoose: Bool = false
    ) throws -> FolderEvaluation {
        let evaluation = try SplitChoice.check(canChoose: canChoose) {
            try FolderEvaluation(
                folder: folder, unknownFolders: unknownFolders, model: model, split: split,
                channel: channels.selection, skipsDamaged: skipDamaged, threads: threads,
                communicator: Ranks.all)
        }
        for note in evaluation.notes { Terminal.note("note: \(note)") }
        for clip in evaluation.unreadable {
            Terminal.note("mynah: \(clip.path.printable): \(clip.reason.printable)")
        }
        return evaluation
    }
}

/// Who speaks in the recordings of a labelled folder, where their names follow no known scheme.
struct SpeakerOptions: ParsableArguments {
    @Option(
        name: .customLong("speaker-pattern"),
        help: ArgumentHelp(
            "Where speakers stand in the paths of recordings within the folder: a regular expression with one group.",
            discussion: "As grep -E has them; '_([a-z]+)-[0-9]+[.]' finds anna in lights/take_anna-3.wav."),
        transform: { text in
            do throws(DataError) {
                return try SpeakerPattern(text)
            } catch {
                throw ValidationError("\(error)")
            }
        })
    var pattern: SpeakerPattern?
}

/// The way out where a split has no clips.
enum SplitChoice {
    /// Adds to an error about an empty split which other one to name with `--split`, if the command has that option, and
    /// that `--every-speaker` would do without one, if it has that.
    static func check<Result>(
        canChoose: Bool, canHearAll: Bool = false, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch EvaluationError.emptySplit(let folder, let split, let found) where canChoose {
            throw CommandError.emptySplit(
                folder: folder, split: split, found: found, canHearAll: canHearAll)
        }
    }
}
