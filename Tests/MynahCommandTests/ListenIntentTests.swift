import Foundation
import MynahTestSupport
import Testing

/// `mynah listen --intents`: words that are heard become what they ask for.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct ListenIntentTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords
    private let intents: String
    private let talk: String

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
        for (name, text) in [
            "Climb.txt": "rising {what}\nrising falling {what}\n", "lists/what.txt": "valley\n",
            "Dive.txt": "falling {what}\nfalling rising {what}\n", "Rest.txt": "valley\nvalley valley\n",
        ] { try folder.write(Array(text.utf8), to: "sounds/\(name)") }
        intents = folder.file("sounds.safetensors")
        let training = try mynah([
            "intent", "train", folder.file("sounds"), "--output", intents, "--layers", "bigru:12",
            "--word-size",
            "12", "--epochs", "60", "--learning-rate", "0.02", "--dropout", "0", "--averaging", "0",
        ])
        #expect(training.ending == .status(0), "\(training.errors)")
        talk = try folder.writeSound(ListenTests.talk(), to: "talk.wav")
    }

    private struct Line: Decodable {
        struct Slot: Decodable, Equatable {
            let slot: String
            let value: String
        }

        let intent: String
        let text: String
        let slots: [Slot]
        let start: Double
        let end: Double
    }

    /// The words that were told before the first sentence, with a blank between two of them: the small network may hear some that
    /// nobody said.
    private func wordsBeforeSentence(_ outcome: Outcome) throws -> String {
        let lines = outcome.outputLines.prefix { $0.contains("\"word\"") }
        let events = try lines.map {
            try JSONDecoder().decode(ListenTests.Event.self, from: Data($0.utf8))
        }
        return events.map(\.word).joined(separator: " ")
    }

    private func listen(_ extra: [String]) throws -> (outcome: Outcome, heard: [Line]) {
        let outcome = try mynah(
            ["listen", "--model", words.model, "--json", "--threshold", "0.6", "--intents", intents] + extra
                + [talk])
        let heard = outcome.outputLines.compactMap {
            try? JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        return (outcome, heard)
    }

    /// Three words with two seconds from each to the next: one sentence, as long as a pause is longer.
    @Test func wordsBecomeASentence() throws {
        let (outcome, heard) = try listen(["--pause", "3"])
        #expect(outcome.ending == .status(0) && outcome.errors.isEmpty, "\(outcome.errors)")
        let line = try #require(heard.first)
        #expect(line.intent == "Climb" && line.text.hasSuffix(" valley"))
        #expect(line.text == (try wordsBeforeSentence(outcome)))
        #expect(line.slots == [.init(slot: "what", value: "valley")])
        // Nothing more could come: it did not wait for the pause.
        #expect(line.start < 3 && line.end < 6.5)
        // Words are told as they always are.
        let plain = try mynah(["listen", "--model", words.model, "--json", "--threshold", "0.6", talk])
        #expect(outcome.outputLines.filter { $0.contains("\"word\"") } == plain.outputLines)
    }

    @Test func aPauseEndsASentence() throws {
        let (outcome, heard) = try listen(["--pause", "0.5"])
        let words = outcome.outputLines.filter { $0.contains("\"word\"") }
        #expect(heard.count > 2)
        #expect(heard.flatMap { $0.text.split(separator: " ") }.count == words.count)
        #expect(heard.first?.text == (try wordsBeforeSentence(outcome)))
        for (sentence, next) in zip(heard, heard.dropFirst()) { #expect(sentence.end <= next.start) }
    }

    @Test func commandsGetWordsAndSlotsAndNoShell() throws {
        let script = try folder.writeProgram(
            #"echo "$MYNAH_INTENT|$MYNAH_SLOT_WHAT|$MYNAH_TEXT|$1"; cat; echo"#, to: "act")
        let (outcome, heard) = try listen(["--pause", "3", "--on-intent", "Climb=\(script) '$HOME;ls'"])
        #expect(outcome.ending == .status(0))
        let lines = outcome.errorLines
        #expect(
            lines.first == "Climb|valley|\(try wordsBeforeSentence(outcome))|$HOME;ls", "\(outcome.errors)")
        let given = try JSONDecoder().decode(
            Line.self, from: Data(try #require(lines.dropFirst().first).utf8))
        #expect(given.slots == heard.first?.slots && given.text == heard.first?.text)
    }

    @Test func badOptionsAreRefused() throws {
        func failure(_ options: [String]) throws -> Outcome {
            try mynah(["listen", "--model", words.model] + options + [talk])
        }
        let unknown = try failure(["--intents", intents, "--on-intent", "Fly=echo"])
        #expect(
            unknown.ending == .status(1)
                && unknown.errors.hasPrefix("mynah: --on-intent: the model knows no word 'Fly'"))
        #expect(try failure(["--on-intent", "Climb=echo"]).ending == .status(64))
        #expect(try failure(["--intents", intents, "--pause", "0"]).ending == .status(64))
        let other = try failure(["--intents", words.model])
        #expect(other.ending == .status(1) && other.errorLines.count == 1)
        #expect(other.errors.contains("expected a model of intents, which reads words"))
    }
}
