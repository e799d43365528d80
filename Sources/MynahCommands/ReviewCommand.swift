import ArgumentParser
import MynahBase
import MynahData
import MynahEvaluation
import MynahTeaching

/// `mynah review`: asks a person what was said at the moments that were kept.
struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Play what mynah listen --keep has kept, and ask what was said.",
        discussion: """
            Each moment that has no answer yet is played, by aplay, paplay or ffplay where one of them is installed, and \
            asked about: whether the word was right, was another one, or nobody spoke. Each answer is written to review.tsv \
            in FOLDER at once, so that nothing is lost when a review is interrupted; the next one goes on where it ended. \
            mynah learn trains with the answers.

            EXAMPLE
              mynah listen --keep kept
              mynah review kept
              mynah review kept --truth night.tsv
            """)

    @Argument(help: "The folder of what was kept.")
    var folder: String

    @Option(
        help: ArgumentHelp(
            "Answer from a table of what is said in the recording: start, end and word, as mynah compose writes it.",
            discussion: "For all that has no answer yet, which has to come from this one recording."))
    var truth: String?

    func run() throws {
        let (clips, unreadableCount) = try KeptFolder(opening: folder).clips()
        if unreadableCount > 0 {
            Terminal.note(
                "mynah: \(folder.printable): \(counted(unreadableCount, "file")) passed over, which hold no moment"
            )
        }
        var table = try ReviewTable(in: folder)
        if table.unreadableCount > 0 {
            Terminal.note(
                "mynah: \(folder.pathOf(ReviewTable.fileName).printable): \(counted(table.unreadableCount, "line")) passed over"
            )
        }
        if let truth {
            let open = clips.filter { table.answers[$0.name] == nil }
            for (clip, answer) in try TruthReview.answers(
                to: open, from: TruthTable(contentsOf: truth), name: truth)
            {
                try table.answer(clip, answer)
            }
        } else {
            try ask(about: clips, table: &table)
        }
        tell(clips, table)
    }

    private func tell(_ clips: [KeptClip], _ table: ReviewTable) {
        let answers = clips.compactMap { table.answers[$0.name] }
        let right = answers.count { $0 == .right }
        let nobody = answers.count { $0 == .nobody }
        Terminal.note(
            """
            \(NumberText.grouped(answers.count)) of \(counted(clips.count, "moment")) reviewed: \(right) right, \
            \(answers.count - right - nobody) other words, \(nobody) without one.
            """)
    }

    private func ask(about clips: [KeptClip], table: inout ReviewTable) throws {
        var input = StandardInputLines()
        var player = SoundPlayer()
        var asked: [KeptClip] = []
        // What fired first, then what nearly did, the surest first: whoever stops early has seen what matters most.
        let open = clips.filter { table.answers[$0.name] == nil }
        var waiting =
            (open.filter(\.moment.fired)
            + open.filter { !$0.moment.fired }.sorted { $0.moment.share > $1.moment.share })[...]
        let count = waiting.count
        if count > 0 { Terminal.note(Self.help) }
        while let clip = waiting.first {
            Terminal.note(Self.question(about: clip, number: count - waiting.count + 1, of: count))
            player.play(clip.soundPath)
            question: while true {
                Terminal.text("r, w, n, p, s, u, q? ")
                guard let line = try input.next() else { return }
                switch line.text.trimmed.lowercased() {
                case "r": try table.answer(clip.name, .right)
                case "n": try table.answer(clip.name, .nobody)
                case "w":
                    switch try Self.otherWord(than: clip.moment, &input) {
                    case .word(let word): try table.answer(clip.name, .wrongWord(word))
                    case .noSuchWord: continue question
                    case .end: return
                    }
                case "p":
                    player.play(clip.soundPath)
                    continue question
                case "s": break
                case "u":
                    guard let last = asked.popLast() else {
                        Terminal.note("there is nothing to take back")
                        continue question
                    }
                    if table.answers[last.name] != nil { try table.answer(last.name, nil) }
                    waiting = [last] + waiting
                    break question
                case "q": return
                default:
                    Terminal.note(Self.help)
                    continue question
                }
                asked.append(clip)
                waiting = waiting.dropFirst()
                break
            }
        }
    }

    private static let help = """
        r: the word is right; w: another word was said; n: nobody said a word; p: play again; s: skip; u: undo; q: quit
        """

    private static func question(about clip: KeptClip, number: Int, of count: Int) -> String {
        let moment = clip.moment
        let what = moment.fired ? "heard" : "nearly heard"
        return """
            \(number) of \(count): \(what) \(moment.word.printable) \(NumberText.percent(Double(moment.score))) at \
            \(NumberText.fixed(moment.end, decimals: 1)) s of \(moment.source.printable), \(moment.time.printable)
            """
    }

    /// What was said instead of a word.
    private enum OtherWord {
        /// A word of the model, or nil for any other.
        case word(String?)
        case noSuchWord
        /// The input is over.
        case end
    }

    private static func otherWord(
        than moment: KeptMoment, _ input: inout StandardInputLines
    ) throws -> OtherWord {
        let others = moment.words.filter { $0 != moment.word }
        if others.isEmpty { return .word(nil) }
        Terminal.text("which of \(listed(others, limit: 40)); nothing for any other word? ")
        guard let line = try input.next() else { return .end }
        let word = line.text.trimmed
        if word.isEmpty { return .word(nil) }
        guard others.contains(word) else {
            Terminal.note("\(word.quoted) is none of them")
            return .noSuchWord
        }
        return .word(word)
    }
}

/// Plays sounds by the first program that can, of those that are installed; without one it names the files.
struct SoundPlayer {
    private static let programs = [
        ["aplay", "-q"], ["paplay"], ["ffplay", "-nodisp", "-autoexit", "-loglevel", "error"],
    ]

    /// The longest that a sound is played, in seconds; kept ones last some seconds.
    private static let limitSeconds = 120.0

    private var program: [String]?

    /// Looks for a program.
    init() {
        program = Self.programs.first { ProgramRun.isInstalled($0[0]) }
        if program == nil {
            Terminal.note(
                "note: none of aplay, paplay and ffplay is installed: listen to the files that are named")
        }
    }

    /// Plays a file to its end; a program that fails is told of, and not tried again.
    mutating func play(_ path: String) {
        guard let program else { return Terminal.note(path.printable) }
        // A path that begins with a dash would be an option.
        let file = path.hasPrefix("-") ? "./" + path : path
        do throws(ProgramRun.Fault) {
            _ = try ProgramRun.output(of: program + [file], limitSeconds: Self.limitSeconds)
        } catch {
            Terminal.note("mynah: \(program[0]): \(error); listen to the files that are named")
            self.program = nil
            Terminal.note(path.printable)
        }
    }
}
