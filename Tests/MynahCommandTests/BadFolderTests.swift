import Foundation
import Glibc
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

    /// One word alone is told from what comes with mynah, if the front end is that of the negatives.
    @Test func oneWordAlone() throws {
        try write(.rising, speakers: 0..<32)
        try expectRefused(
            try train("set", "--front-end", "kaldi"),
            "the negatives that come with mynah are of another front end than the model (")
        let outcome = try train("set")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.errors.contains("note: there is one word alone"))
        let inspection = try mynah(["inspect", "model.safetensors"], folder: folder.path)
        #expect(inspection.output.contains("labels      _silence_ _unknown_ rising\n"))
    }

    /// It is learnt from the network of words that comes with mynah unless told otherwise, beside noise that is made, and chosen by
    /// ten windows of what it is not for each of its clips.
    ///
    /// Less is hidden from that network, unless told otherwise.
    @Test func oneWordAloneBeginsWithWhatIsKnown() throws {
        try write(.rising, speakers: 0..<32)
        let outcome = try mynah(
            ["train", "set", "--output", "model.safetensors", "--epochs", "1", "--feature-mask-size", "7"],
            folder: folder.path)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(!outcome.errors.contains("there is no background noise"))
        let inspection = try mynah(["inspect", "model.safetensors", "--json"], folder: folder.path)
        #expect(inspection.output.contains("inverseCosine"))
        #expect(!inspection.output.contains("random weights"))
        let text = try mynah(["inspect", "model.safetensors"], folder: folder.path).output
        #expect(text.contains("frames of a time mask 12, "))
        #expect(text.contains("features of a feature mask 7, "))
        #expect(text.contains("dropout 0.0, "))
        let validated = try #require(outcome.errors.firstMatch(of: /% of validation \([0-9]+ of ([0-9]+)\)/))
        let total = try #require(Int(validated.1))
        #expect(total > 20)
    }

    @Test func oneClipOfEachWord() throws {
        try write(.rising, speakers: 0..<1)
        try write(.falling, speakers: 1..<2)
        try expectRefused(
            try train("set"), "set: has no validation clips of a word (2 for training, 0 for validation, ")
    }

    /// Sets that luck alone once decided about: few speakers, one, and one word against recordings without it.
    @Test func smallSetsAreTrained() throws {
        for count in 1...5 {
            for word in Word.allCases {
                for speaker in 0..<count {
                    for take in 0..<2 {
                        try folder.writeSound(
                            word.samples(speaker: speaker, take: take),
                            to: "few\(count)/\(word)/mynah\(speaker)_nohash_\(take).wav")
                    }
                }
            }
            let outcome = try train("few\(count)")
            #expect(outcome.ending == .status(0), "\(count) speakers: \(outcome.errors)")
            for split in ["training", "validation", "testing"] {
                let evaluation = try mynah(
                    ["evaluate", "few\(count)", "--model", "model.safetensors", "--split", split],
                    folder: folder.path)
                #expect(evaluation.ending == .status(0), "\(evaluation.errors)")
                #expect(evaluation.output.contains("split by"))
                #expect(!evaluation.errors.contains("have changed"))
            }
        }
        for word in Word.allCases {
            try folder.writeSound(word.samples(speaker: 9), to: "few2/\(word)/mynah9_nohash_0.wav")
        }
        try expectMended("few2")
    }

    /// A model of few speakers must not be tested unsaid with those that it has learned.
    private func expectMended(_ set: String) throws {
        #expect(try train(set).ending == .status(0))
        for word in Word.allCases {
            for speaker in 10..<14 {
                try folder.writeSound(
                    word.samples(speaker: speaker), to: "\(set)/\(word)/mynah\(speaker)_nohash_0.wav")
            }
        }
        let evaluation = try mynah(["evaluate", set, "--model", "model.safetensors"], folder: folder.path)
        #expect(evaluation.errors.contains("the recordings have changed since the model learned from them"))
    }

    @Test func aWakeWordIsTrained() throws {
        try write(.rising, speakers: 0..<6)
        for speaker in 0..<6 {
            try folder.writeSound(Word.valley.samples(speaker: speaker), to: "talk/\(speaker).wav")
            try folder.writeSound(Word.valley.samples(speaker: speaker), to: "other/valley/\(speaker).wav")
        }
        for option in [["--negatives", "talk"], ["--unknown", "other"]] {
            let outcome = try mynah(
                ["train", "set", "--output", "model.safetensors", "--layers", "4", "--epochs", "1"] + option,
                folder: folder.path)
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            let labels = try mynah(["inspect", "model.safetensors", "--json"], folder: folder.path).output
            #expect(labels.contains("_unknown_") && labels.contains("_silence_"))
        }
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

    /// Root may read everything, so that root runs the program as somebody else.
    private static let asSomebody =
        getuid() == 0 ? "/usr/bin/setpriv --reuid=65534 --regid=65534 --clear-groups" : ""

    @Test(
        .enabled(
            if: getuid() != 0 || access("/usr/bin/setpriv", X_OK) == 0,
            "root may read everything, without setpriv"))
    func foldersThatCannotBeReadArePassedOver() throws {
        try write(.rising, speakers: 0..<3)
        try write(.falling, speakers: 0..<3)
        for closed in ["set/lost+found", "set/rising/private"] {
            try folder.writeSound(Word.rising.samples(speaker: 9), to: "\(closed)/a.wav")
            chmod(folder.file(closed), 0o000)
        }
        defer {
            for closed in ["set/lost+found", "set/rising/private"] { chmod(folder.file(closed), 0o700) }
        }
        for arguments in ["doctor set", "evaluate --negatives set"] {
            let outcome = try shell("\(Self.asSomebody) \"$MYNAH\" \(arguments)", folder: folder.path)
            #expect(outcome.ending == .status(0), "\(arguments): \(outcome.errors)")
            for closed in ["set/lost+found", "set/rising/private"] {
                #expect(
                    (outcome.output + outcome.errors).contains(
                        "note: \(closed): cannot be read (Permission denied), passed over\n"),
                    "\(outcome.errors)")
            }
        }
    }

    @Test func linksToFoldersAreFollowedInNegatives() throws {
        try folder.writeSound(Word.rising.samples(speaker: 1), to: "elsewhere/a.wav")
        try folder.write([1], to: "talk/notes.txt")
        for (name, target) in [("talk/link", "../elsewhere"), ("talk/round", "..")] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file(name), withDestinationPath: target)
        }
        let outcome = try mynah(["evaluate", "--negatives", "talk", "--json"], folder: folder.path)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.output.contains("\"openSet\""))
    }

    @Test func splitWithoutClips() throws {
        try write(.rising, speakers: 0..<4)
        try write(.falling, speakers: 0..<4)
        try folder.write(Array("rising/mynah0_nohash_0.wav\n".utf8), to: "set/validation_list.txt")
        let set = folder.file("set")
        let found =
            "mynah: \(set): has no recordings of words in the testing split (7 for training, 1 for validation, 0 for testing)"
        for command in [
            ["evaluate", set, "--model", words.model],
            ["compare", words.model, words.model, set, "--split", "testing"],
            [
                "compose", set, "--split", "testing", "--output", folder.file("a.wav"), "--truth",
                folder.file("a.tsv"),
            ],
        ] {
            let outcome = try mynah(command)
            #expect(outcome.ending == .status(1))
            #expect(outcome.output.isEmpty)
            #expect(
                outcome.errorLines.filter { $0.hasPrefix("mynah: ") }
                    == ["\(found); choose another one with --split, such as --split validation"])
        }
    }
}
