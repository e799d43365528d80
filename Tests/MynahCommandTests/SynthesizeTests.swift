import Foundation
import MynahTestSupport
import Testing

/// `mynah synthesize`, and `mynah train --say`, with programs that pretend to be synthesizers.
struct SynthesizeTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func synthesize(_ arguments: [String], _ fakes: FakeSynthesizers) throws -> Outcome {
        try mynah(["synthesize"] + arguments, environment: fakes.environment, folder: folder.path)
    }

    private func clips(_ folder: String) throws -> [String] {
        let all = FileManager.default.enumerator(atPath: self.folder.file(folder))?.allObjects ?? []
        return all.compactMap { $0 as? String }.filter { $0.hasSuffix(".wav") }.sorted()
    }

    @Test func clipsAreNamedByTheirVoices() throws {
        let fakes = try FakeSynthesizers(in: folder)
        let outcome = try synthesize(["hey mynah", "--output", "clips", "--takes", "2"], fakes)
        #expect(outcome.ending == .status(0) && outcome.output.isEmpty, "\(outcome.errors)")
        // Whoever speaks with two accents is one speaker.
        let voices = ["adam", "eva", "plain"]
        #expect(
            try clips("clips")
                == voices.flatMap { voice in
                    ["en-gb-0", "en-gb-1", "en-us-0", "en-us-1"].map {
                        "hey mynah/espeak-\(voice)_nohash_\($0).wav"
                    }
                })
        // Half a second of silence on either side becomes a tenth.
        let bytes = try bytes(of: folder.file("clips/hey mynah/espeak-plain_nohash_en-us-0.wav"))
        #expect(abs(Double(bytes.count - 44) / 32_000 - 0.8) < 0.03)
        #expect(outcome.errors.contains("not installed: flite, text2wave, pico2wave, piper, kokoro"))
        let table = outcome.errorLines.suffix(3).map { $0.split(separator: " ").map(String.init) }
        #expect(
            table[1] == ["espeak-ng", "6", "12", "0", "0"] && table[2] == ["together", "6", "12", "0", "0"])
    }

    @Test func nearPhrasesLieInAFolderOfTheirOwn() throws {
        let fakes = try FakeSynthesizers(in: folder)
        let outcome = try synthesize(
            ["hey mynah", "--output", "clips", "--near", "near", "--voices", "3", "--json"], fakes)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(try clips("clips").count == 12 && clips("near").count == 12)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("near"))
        #expect(names.contains("hey") && names.contains("mynah"))
        #expect(!names.contains("[[h|'eI m|'aI|n|@]]"))
        #expect(outcome.output.contains("\"near\" : 12"))
    }

    @Test func nothingIsOverwritten() throws {
        let fakes = try FakeSynthesizers(in: folder)
        try folder.write([1, 2, 3], to: "clips/hey mynah/espeak-plain_nohash_en-us-0.wav")
        let outcome = try synthesize(["hey mynah", "--output", "clips"], fakes)
        #expect(outcome.ending == .status(0))
        #expect(try bytes(of: folder.file("clips/hey mynah/espeak-plain_nohash_en-us-0.wav")) == [1, 2, 3])
        #expect(outcome.errorLines.last?.split(separator: " ").last == "1")
        let again = try synthesize(["hey mynah", "--output", "clips"], fakes)
        #expect(again.ending == .status(0))
        #expect(again.errorLines.last?.split(separator: " ").suffix(3) == ["0", "0", "24"])
    }

    @Test func withoutASynthesizerTheLineThatInstallsSome() throws {
        let fakes = try FakeSynthesizers(in: folder, hasEspeak: false)
        let outcome = try synthesize(["hey mynah", "--output", "clips"], fakes)
        #expect(outcome.ending == .status(1) && outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("apt-get install espeak-ng"))
        #expect(!FileManager.default.fileExists(atPath: folder.file("clips")))
    }

    @Test func whatFailsIsNamedAndTheOthersGoOn() throws {
        let flite = """
            if [ "$1" = -lv ]; then echo 'Voices available: kal16 slt rms awb'; exit 0; fi
            echo "no licence" >&2
            exit 3
            """
        let text2wave = "exit 0"
        let festival = "echo '(kal_diphone el_diphone)'"
        let fakes = try FakeSynthesizers(
            in: folder, others: ["flite": flite, "text2wave": text2wave, "festival": festival])
        let outcome = try synthesize(["hey mynah", "--output", "clips"], fakes)
        #expect(outcome.ending == .status(0))
        let lines = outcome.errorLines.filter { $0.hasPrefix("mynah: flite") }
        #expect(
            lines == [
                "mynah: flite: 3 voices failed, and no other is tried: awb ended with status 3: no licence"
            ])
        // A program that writes nothing has not spoken.
        #expect(outcome.errors.contains("mynah: text2wave: 4 clips dropped, silent or shorter than 0.2 s"))
        #expect(try clips("clips").allSatisfy { $0.hasPrefix("hey mynah/espeak-") })
    }

    @Test func whatNoVoiceCanReadIsRefused() throws {
        let fakes = try FakeSynthesizers(in: folder)
        let outcome = try synthesize(["привет", "--output", "clips"], fakes)
        #expect(outcome.ending == .status(1) && outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("names the letters of 'привет' one by one"))
    }

    @Test func badPhrasesAndOptionsAreRefused() throws {
        let fakes = try FakeSynthesizers(in: folder)
        for phrase in ["", "?", "a/b", ".a", "_unknown_"] {
            let outcome = try synthesize([phrase, "--output", "clips"], fakes)
            #expect(outcome.ending == .status(1) && outcome.errorLines.count == 1, "\(phrase)")
        }
        for options in [
            ["--near", "clips"], ["--near", "clips/near"], ["--near", "./clips"], ["--voices", "0"],
            ["--takes", "-1"], ["--language", "e n"],
        ] {
            let outcome = try synthesize(["hey", "--output", "clips"] + options, fakes)
            #expect(outcome.ending == .status(64), "\(options)")
        }
        #expect(try synthesize(["hey", "hey", "--output", "clips"], fakes).ending == .status(64))
        #expect(try synthesize(["hey"], fakes).ending == .status(64))
    }

    @Test(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
    func aPhraseIsLearntFromTextAlone() throws {
        let fakes = try FakeSynthesizers(in: folder)
        let arguments = [
            "train", "--say", "hey mynah", "--layers", "8", "--epochs", "1", "--threads", "2",
        ]
        let outcome = try mynah(
            arguments + ["--output", "hey.safetensors"], environment: fakes.environment, folder: folder.path)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(try folder.names.sorted() == ["bin", "hey.safetensors", "spoken.wav"])
        let labels = try mynah("inspect", folder.file("hey.safetensors")).output
        #expect(labels.contains("_unknown_ hey mynah"))

        let run = try mynah(
            arguments + ["--run", "run"], environment: fakes.environment, folder: folder.path)
        #expect(run.ending == .status(0), "\(run.errors)")
        #expect(try clips("run/clips").count == 24)
        // What was spoken is there: no synthesizer is needed to go on.
        let resumed = try mynah(
            ["train", "--resume", "run"], environment: ["PATH": "/nowhere"], folder: folder.path)
        #expect(resumed.ending == .status(0), "\(resumed.errors)")
    }

    @Test func sayGoesWithoutAFolder() throws {
        let outcome = try mynah("train", "words", "--say", "hey", "--output", "hey.safetensors")
        #expect(outcome.ending == .status(64) && outcome.errors.contains("--say brings its own recordings"))
        #expect(try mynah("train", "--say", "hey").ending == .status(64))
    }
}
