import Foundation
import MynahTestSupport
import Testing

/// `--verifier` of `mynah listen` and `mynah evaluate`, with the speech model that lies beside the sources.
struct VerifierTests {
    private static let speech = "\(Program.sources)/models/speech.safetensors"
    private static let sample = "\(Program.sources)/audio-samples/stop-kokoro-kumo.wav"

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func hearsWordsThatAreSpelled() throws {
        let usual = try mynah("listen", Self.sample, "--json")
        let verified = try mynah("listen", Self.sample, "--json", "--verifier", Self.speech)
        for outcome in [usual, verified] {
            #expect(outcome.ending == .status(0) && outcome.errors.isEmpty, "\(outcome.errors)")
            #expect(try ListenTests.events(outcome).map(\.word) == ["stop"])
        }
    }

    /// The words of the tests are tones: no speech model finds their letters in them.
    @Test(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
    func doesNotHearWordsThatAreNotSpelled() throws {
        let words = try TrainedWords.shared.get()
        let path = try folder.writeSound(ListenTests.talk(), to: "talk.wav")
        let usual = try mynah("listen", path, "--model", words.model, "--json")
        #expect(try !ListenTests.events(usual).isEmpty)
        let verified = try mynah("listen", path, "--model", words.model, "--json", "--verifier", Self.speech)
        #expect(verified.ending == .status(0) && verified.output.isEmpty && verified.errors.isEmpty)

        let report = try mynah(
            "evaluate", "--negatives", path, "--model", words.model, "--verifier", Self.speech, "--json")
        #expect(report.ending == .status(0), "\(report.errors)")
        struct Report: Decodable {
            struct Provenance: Decodable {
                struct Verifier: Decodable {
                    let name: String
                    let hash: String
                }
                let verifier: Verifier?
            }
            struct OpenSet: Decodable {
                struct Score: Decodable {
                    struct Rate: Decodable {
                        let count: Int
                    }
                    let falseAlarms: Rate
                }
                let score: Score
            }
            let provenance: Provenance
            let openSet: OpenSet
        }
        let read = try JSONDecoder().decode(Report.self, from: Data(report.output.utf8))
        #expect(read.provenance.verifier?.name == Self.speech && read.provenance.verifier?.hash.count == 64)
        #expect(read.openSet.score.falseAlarms.count == 0)
    }

    /// A word that is taught with a verifier is recognized with it, too; what is missing is told in a line.
    @Test(.enabled(if: Program.isOptimized, "learning takes too long without optimization"))
    func taughtWordsAreRecognizedByTheirLetters() throws {
        let folder = self.folder.path
        func run(_ arguments: String...) throws -> Outcome {
            try mynah(arguments + ["--model", "mine.safetensors"], folder: folder)
        }
        let takes = ["kokoro-kumo", "pico-gb", "hibari-heart"].map {
            "\(Program.sources)/audio-samples/stop-\($0).wav"
        }
        let taught = try mynah(
            ["teach", "halt"] + takes + ["--model", "mine.safetensors", "--verifier", Self.speech],
            folder: folder)
        #expect(taught.ending == .status(0), "\(taught.errors)")
        let inspected = try mynah(["inspect", "mine.safetensors"], folder: folder)
        #expect(inspected.output.contains("\nspelled     by the speech model "), "\(inspected.output)")
        let heard = try run("recognize", Self.sample, "--verifier", Self.speech)
        #expect(heard.ending == .status(0) && heard.output.contains(": halt "), "\(heard.output)")

        let forgotten = try run("forget", "halt")
        #expect(forgotten.ending == .status(1))
        #expect(
            forgotten.errors
                == "mynah: mine.safetensors: its words were taught with a speech model as --verifier; name it here, too\n"
        )
        let builtIn = try mynah("recognize", Self.sample, "--verifier", Self.speech)
        #expect(builtIn.ending == .status(1) && builtIn.output.isEmpty && builtIn.errorLines.count == 1)
        #expect(builtIn.errors.hasPrefix("mynah: the model does not know how its words are spelled"))
        let early = try run("recognize", Self.sample, "--verifier", Self.speech, "--early", "0.9")
        #expect(early.ending == .status(64))
        #expect(early.errors.contains("--early and --verifier do not go together"))
        #expect(try run("forget", "halt", "--verifier", Self.speech).ending == .status(0))
    }

    @Test func whatIsNoSpeechModelIsRefused() throws {
        let missing = folder.file("none.safetensors")
        let other = "\(Program.sources)/models/commands.safetensors"
        for (path, fault) in [(missing, "no such file"), (other, "a model of commands")] {
            let outcome = try mynah("listen", Self.sample, "--verifier", path)
            #expect(outcome.ending == .status(1) && outcome.output.isEmpty)
            #expect(
                outcome.errorLines.count == 1 && outcome.errors.hasPrefix("mynah: \(path)")
                    && outcome.errors.contains(fault), "\(outcome.errors)")
        }
    }

    @Test func needsContinuousAudio() throws {
        let outcome = try mynah("evaluate", folder.path, "--verifier", Self.speech)
        #expect(outcome.ending == .status(64))
        #expect(outcome.errors.contains("--verifier is about continuous audio: give --stream or --negatives"))
    }
}
