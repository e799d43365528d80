import Foundation
import MynahTestSupport
import Testing

/// Colour and progress, which belong on a terminal and nowhere else.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct TerminalTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private var evaluation: String { "\"$MYNAH\" evaluate '\(words.set)' --model '\(words.model)'" }

    /// Large enough for an epoch to last some tenths of a second, since no more than ten lines a second are drawn.
    private var training: String {
        """
        "$MYNAH" train '\(words.set)' --output '\(folder.file("model"))' --layers 256,256 --epochs 2 --threads 1
        """
    }

    @Test(.needsTerminal) func colourOnATerminal() throws {
        #expect(try PseudoTerminal.run(evaluation).output.contains("\u{1B}[1m"))
        #expect(
            try PseudoTerminal.run(evaluation, environment: ["NO_COLOR": ""]).output.contains("\u{1B}[1m"))
        let plain = try PseudoTerminal.run(evaluation, environment: ["NO_COLOR": "1"])
        #expect(plain.output.contains("Accuracy"))
        #expect(!plain.output.contains("\u{1B}"))
    }

    @Test(.needsTerminal) func progressOnATerminal() throws {
        let outcome = try PseudoTerminal.run(training)
        #expect(outcome.ending == .status(0))
        #expect(outcome.output.contains("\r\u{1B}[K"))
        // A rate below 100 has a decimal, and on a busy machine the rest takes minutes.
        #expect(
            outcome.output.firstMatch(
                of: /░ epoch 1\/2 [0-9]+(\.[0-9])? clips\/s, at most [0-9]+ (s|min [0-9]+ s) left/)
                != nil)
        #expect(outcome.output.contains("\u{1B}[Kepoch 1/2: loss "))
    }

    /// Each drawing fits, whatever the terminal is narrowed to, so that it can be drawn over.
    @Test(.needsTerminal, arguments: [30, 12, 1]) func progressIsAsNarrowAsTheTerminal(columns: Int) throws {
        let width = max(1, columns - 1)
        let outcome = try PseudoTerminal.run(training, columns: columns)
        #expect(outcome.ending == .status(0))
        // An ellipsis is all that one column takes.
        let lines = PseudoTerminal.statusLines(outcome).filter {
            $0.hasPrefix("epoch 1/2".prefix(width)) || $0 == "…"
        }
        #expect(lines.allSatisfy { $0.starts(with: #/epoch [12]/2: loss /#) || $0.count <= width })
        #expect(lines.contains { $0.count == width }, "\(outcome.output)")
    }

    @Test(.needsTerminal) func keyboardIsNotWaitedFor() throws {
        let outcome = try PseudoTerminal.run("\"$MYNAH\" recognize --model '\(words.model)' -")
        #expect(outcome.ending == .status(1))
        #expect(outcome.output == "mynah: -: standard input is a terminal; pipe audio into it\r\n")
    }

    @Test func neitherIntoAFile() throws {
        for line in [evaluation, training, "\"$MYNAH\" inspect", "\"$MYNAH\" --help"] {
            let outcome = try shell(line, environment: ["TERM": "xterm-256color"])
            #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
            #expect(!(outcome.output + outcome.errors).contains("\r"))
        }
    }

    /// A reader who has seen enough ends the program without a word.
    @Test func closedPipe() throws {
        let clips = String(repeating: " '\(words.clip(.rising))'", count: 300)
        let outcome = try shell("\"$MYNAH\" recognize --model '\(words.model)'\(clips) | head -1")
        #expect(outcome.ending == .status(0))
        #expect(outcome.outputLines.count == 1)
        #expect(outcome.errors.isEmpty)
    }
}
