import Foundation
import MynahTestSupport
import Testing

/// Labelled folders from which nothing can be learned, or that do not fit the model.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct BadFolderTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private func train(_ arguments: String..., timeLimit: Double = 120) throws -> Outcome {
        try mynah(
            ["train"] + arguments + ["--output", "model.safetensors", "--layers", "4", "--epochs", "1"],
            folder: folder.path)
    }

    /// Training must end with one line that begins like this, and must leave no file.
    private func expectRefused(_ outcome: Outcome, _ message: String) throws {
        #expect(outcome.ending == .status(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.filter { $0.hasPrefix("mynah: ") }.count == 1)
        #expect(outcome.errorLines.last?.hasPrefix("mynah: \(message)") == true, "\(outcome.errors)")
        #expect(!outcome.errors.contains("Usage"))
        #expect(try !folder.names.contains { $0.hasPrefix("model") || $0.hasPrefix(".") })
    }

    private func write(_ word: Word, speakers: Range<Int>) throws {
        for speaker in speakers {
            try folder.writeSound(
                word.samples(speaker: speaker), to: "set/\(word)/mynah\(speaker)_nohash_0.wav")
        }
    }

    @Test func missingOrNoFolder() throws {
        try expectRefused(try train("nowhere"), "nowhere: no such folder")
        try folder.write([1], to: "file")
        try expectRefused(
            try train("file"), "file: is a file, expected a folder with one folder for each word")
    }

    @Test func noWords() throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("set"), withIntermediateDirectories: false)
        try expectRefused(try train("set"), "set: holds no audio files, expected a folder for each word")
        try folder.write([1], to: "set/notes/text.txt")
        try expectRefused(try train("set"), "set: holds no audio files, expected a folder for each word")
        try folder.writeSound(Word.rising.samples(speaker: 1), to: "set/rising.wav")
        try expectRefused(try train("set"), "set: holds 1 audio file but no words")
    }

    @Test func oneClass() throws {
        try write(.rising, speakers: 0..<32)
        try expectRefused(
            try train("set"), "set: all clips have the label 'rising', expected at least two labels")
    }

    @Test func twoClips() throws {
        try write(.rising, speakers: 0..<1)
        try write(.falling, speakers: 1..<2)
        try expectRefused(
            try train("set"),
            "set: has 1 training clip of 'falling', at least 2 are needed (2 clips of 2 labels by 2 speakers in all"
        )
    }

    @Test func noValidationClips() throws {
        // None of these two speakers is for validation.
        try write(.rising, speakers: 0..<2)
        try write(.falling, speakers: 0..<2)
        try expectRefused(try train("set"), "set: has 0 validation clips, at least 2 are needed")
    }

    /// What the first model could not keep is refused before the first epoch, and before a run folder is left behind.
    @Test(arguments: [
        "a\nb", "ris\u{200B}ing", "\u{FEFF}rising", String(repeating: "x", count: 129), "rising ",
    ])
    func labelsThatNoModelCanKeep(label: String) throws {
        try write(.falling, speakers: 0..<32)
        for speaker in 0..<32 {
            try folder.writeSound(
                Word.rising.samples(speaker: speaker), to: "set/\(label)/mynah\(speaker)_nohash_0.wav")
        }
        for place in [["--output", "model.safetensors"], ["--run", "run"]] {
            let outcome = try mynah(["train", "set", "--layers", "4"] + place, folder: folder.path)
            try expectRefused(outcome, "set: its folder '")
            #expect(outcome.errors.contains("cannot be a label"))
            #expect(try folder.names == ["set"])
        }
    }

    /// Unlikely to be meant: in training two labels, in evaluation clips of `_unknown_`.
    @Test func wordsThatDifferInCaseOnly() throws {
        try write(.rising, speakers: 0..<32)
        for speaker in 0..<32 {
            try folder.writeSound(
                Word.rising.samples(speaker: speaker), to: "set/Rising/mynah\(speaker)_nohash_0.wav")
        }
        try expectRefused(try train("set"), "set: its folder 'Rising' differs from 'rising' in case")
        try FileManager.default.removeItem(atPath: folder.file("set/rising"))
        try expectRefused(
            try train("set", "--words", "rising"), "set: has no folder for the word 'rising'; it has 'Rising'"
        )
        let outcome = try mynah(
            ["evaluate", "set", "--split", "training", "--model", words.model], folder: folder.path)
        #expect(outcome.ending == .status(1))
        #expect(
            outcome.errorLines.last?.hasPrefix(
                "mynah: set: its word 'Rising' differs from the label 'rising' of the model in case") == true,
            "\(outcome.errors)")
    }

    @Test func blanksBetweenWordsAreNoPartOfThem() throws {
        try write(.rising, speakers: 0..<32)
        try write(.falling, speakers: 0..<32)
        let outcome = try train("set", "--words", "rising, falling ")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
    }

    @Test func wordThatIsNotThere() throws {
        try write(.rising, speakers: 0..<3)
        try expectRefused(
            try train("set", "--words", "rising,yes"), "set: has no folder for the word 'yes'; it has ")
        try expectRefused(
            try train("set", "--words", "rising,rising"), "words: 'rising' is given twice")
    }

    @Test func noSpeakerNames() throws {
        for word in Word.allCases {
            for speaker in 0..<32 {
                try folder.writeSound(word.samples(speaker: speaker), to: "set/\(word)/\(speaker).wav")
            }
        }
        let outcome = try train("set")
        #expect(outcome.ending == .status(0))
        #expect(outcome.errors.contains("note: set: 96 clips without a speaker's name: "))
        #expect(try folder.names.contains("model.safetensors"))
    }

    @Test func unreadableClipsAmongGoodOnes() throws {
        try write(.rising, speakers: 0..<32)
        try write(.falling, speakers: 0..<32)
        try folder.write(Array("no sound".utf8), to: "set/rising/mynah0_nohash_7.wav")
        try folder.write([], to: "set/falling/mynah4_nohash_7.wav")
        try folder.write([1], to: "set/falling/mynah2_nohash_\u{1B}[2J.wav")
        let outcome = try train("set")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(
            outcome.errorLines.filter { $0.hasPrefix("unreadable: ") } == [
                "unreadable: rising/mynah0_nohash_7.wav (is not an audio file of any known format)",
                #"unreadable: falling/mynah2_nohash_\u{1B}[2J.wav (is not an audio file of any known format)"#,
            ])
        #expect(!outcome.errors.contains("\u{1B}"))
        #expect(try folder.names == ["model.safetensors", "set"])

        // Evaluation reports the rest, and says at the end that it is not the whole.
        let evaluation = try mynah(
            ["evaluate", "set", "--model", "model.safetensors", "--json"], folder: folder.path)
        #expect(evaluation.ending == .status(1))
        #expect(evaluation.errors.contains("mynah: falling/mynah4_nohash_7.wav: is empty (0 bytes)\n"))
        let report = try JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any]
        let accuracy = (report?["closedSet"] as? [String: Any])?["accuracy"] as? [String: Any]
        #expect(accuracy?["total"] as? Int == 10)
    }

    @Test func onlyUnreadableClips() throws {
        try write(.rising, speakers: 0..<32)
        for speaker in 0..<32 { try folder.write([1], to: "set/falling/mynah\(speaker)_nohash_0.wav") }
        try expectRefused(try train("set"), "'falling': none of its 23 training clips can be read")
    }

    @Test func labelsThatDoNotMatchTheFolder() throws {
        try folder.writeSound(Word.rising.samples(speaker: 4), to: "set/yes/mynah4_nohash_0.wav")
        try folder.writeSound(Word.rising.samples(speaker: 4), to: "set/no/mynah4_nohash_0.wav")
        for json in [[], ["--json"]] {
            let outcome = try mynah(["evaluate", folder.file("set"), "--model", words.model] + json)
            #expect(outcome.ending == .status(1))
            #expect(outcome.output.isEmpty)
            #expect(
                outcome.errors
                    == "mynah: \(folder.file("set")): the folder does not match the model; labels of the model "
                    + "without a sub-folder: falling, rising, valley; sub-folders that are no label of the model: "
                    + "no, yes\n")
        }
    }

    @Test func splitWithoutClips() throws {
        // Speaker 0 is for training.
        try write(.rising, speakers: 0..<1)
        try write(.falling, speakers: 0..<1)
        let outcome = try mynah("evaluate", folder.file("set"), "--model", words.model)
        #expect(outcome.ending == .status(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errorLines.filter { $0.hasPrefix("mynah: ") }.count == 1)
    }
}
