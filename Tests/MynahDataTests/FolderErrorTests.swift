import MynahData
import Testing

@Suite struct DataFolderErrorTests {
    /// The message without the path of the folder.
    private func line(
        _ folder: DataTestFolder, words: [String]? = nil, trainable: Bool = false
    ) -> String? {
        message { () throws(DataError) in
            let scanned = try folder.scan(words: words)
            if trainable { try scanned.requireTrainable() }
        }?.replacing(folder.path, with: "FOLDER")
    }

    @Test func missingFolder() throws {
        let missing = "\(try DataTestFolder().path)/missing"
        #expect(throws: DataError.folderNotFound(path: missing)) { try LabelledFolder(scanning: missing) }
        #expect(throws: DataError.folderNotFound(path: "")) { try LabelledFolder(scanning: "") }
    }

    @Test func fileInsteadOfFolder() throws {
        let folder = try DataTestFolder(["yes/a.wav"])
        let file = "\(folder.path)/yes/a.wav"
        #expect(throws: DataError.notAFolder(path: file)) { try LabelledFolder(scanning: file) }
        #expect(throws: DataError.notAFolder(path: file)) {
            try LabelledFolder(scanning: folder.path, options: LabelledFolder.Options(unknownFolders: [file]))
        }
    }

    @Test func folderThatLeadsToItself() throws {
        let folder = try DataTestFolder(["yes/a.wav"])
        try folder.link("loop", to: "loop")
        let line = message { () throws(DataError) in
            _ = try LabelledFolder(scanning: "\(folder.path)/loop")
        }
        #expect(line?.hasSuffix("loop: cannot be read (Too many levels of symbolic links)") == true)
    }

    @Test func emptyFolder() throws {
        let expected = "expected a folder for each word with audio files in it"
        #expect(line(try DataTestFolder()) == "FOLDER: holds no audio files, \(expected)")
        #expect(
            line(try DataTestFolder(["_background_noise_/a.wav"]))
                == "FOLDER: holds no audio files, \(expected)")
        #expect(
            line(try DataTestFolder(["a.wav", "b.wav"]))
                == "FOLDER: holds 2 audio files but no words, \(expected)")
    }

    @Test func wordWithoutAFolder() throws {
        let folder = try DataTestFolder(["yes/a.wav", "no/b.wav", "_unknown_/c.wav"])
        #expect(
            line(folder, words: ["yes", "maybe"])
                == "FOLDER: has no folder for the word 'maybe'; it has no, yes")
    }

    @Test(arguments: [
        ([], "words: none are given"), (["yes", "yes"], "words: 'yes' is given twice"),
        (["_silence_"], "words: '_silence_' is reserved and no word"),
        (["yes", ""], "words: one of them is empty"),
    ])
    func wordListsThatMakeNoSense(words: [String], expected: String) throws {
        #expect(line(try DataTestFolder(["yes/a.wav", "no/b.wav"]), words: words) == expected)
    }

    @Test func oneClass() throws {
        let folder = try DataTestFolder()
        try folder.add(word: "yes", count: 40)
        #expect(
            line(folder, trainable: true)
                == "FOLDER: all clips have the label 'yes', expected at least two labels")
    }

    @Test func twoClips() throws {
        let folder = try DataTestFolder(["yes/Ada_nohash_0.wav", "no/Ada_nohash_0.wav"])
        #expect(
            line(folder, trainable: true)
                == "FOLDER: has 1 training clip of 'no', at least 2 are needed "
                + "(2 clips of 2 labels by 1 speaker in all; about eight in ten go to training)")
    }

    @Test func oneSpeakerLeavesNothingToValidateOn() throws {
        let folder = try DataTestFolder()
        for take in 0..<10 {
            for word in ["yes", "no"] { try folder.write("\(word)/Ada_nohash_\(take).wav") }
        }
        #expect(
            line(folder, trainable: true)
                == "FOLDER: has 0 validation clips, at least 2 are needed (20 clips of 2 labels by 1 speaker in all; "
                + "about one speaker in ten goes to validation, unless a validation_list.txt chooses)")
    }

    @Test func clipsWithoutSpeakersAreSplitByTheirNames() throws {
        let folder = try DataTestFolder((0..<60).flatMap { ["yes/\($0).wav", "no/\($0).wav"] })
        let scanned = try folder.scan()
        try scanned.requireTrainable()
        for split in DataSplit.allCases { #expect(!scanned.clips(in: split).isEmpty) }
        #expect(scanned.notes.contains { $0.contains("120 clips without a speaker's name") })
        #expect(scanned.notes.contains { $0.contains("speakers may cross the splits") })
    }
}
