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
                == "FOLDER: holds 2 audio files but no words; expected word/file, word/speaker/file, train/word/file, or a "
                + "table labels.csv with lines of path,label")
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

    @Test func oneWord() throws {
        let folder = try DataTestFolder()
        try folder.add(word: "yes", count: 40)
        #expect(
            line(folder, trainable: true)
                == "FOLDER: holds the one word 'yes' and nothing to tell it from: add folders of other words, or name "
                + "recordings without it by --negatives or --unknown")
        #expect(line(folder, words: ["yes"], trainable: true)?.contains("holds the one word") == true)
    }

    @Test func noWordToLearn() throws {
        let folder = try DataTestFolder(["_unknown_/a.wav", "_unknown_/b.wav", "_silence_/c.wav"])
        #expect(
            line(folder, trainable: true)
                == "FOLDER: holds no word beside _unknown_ and _silence_, expected at least one to learn")
    }

    @Test func oneClipOfEachWord() throws {
        let folder = try DataTestFolder(["yes/Ada_nohash_0.wav", "no/Ada_nohash_0.wav"])
        #expect(
            line(folder, trainable: true)
                == "FOLDER: has no validation clips of a word (2 for training, 0 for validation, 0 for testing; split by "
                + "speaker hash of Speech Commands); there is none to spare from "
                + "learning: add recordings")
    }

    @Test func listsThatLeaveAWordNothingToLearnFrom() throws {
        let folder = try DataTestFolder(["yes/a.wav", "no/a.wav", "no/b.wav"])
        try folder.write("validation_list.txt", "yes/a.wav\n")
        #expect(
            line(folder, trainable: true)
                == "FOLDER: has no training clips of 'yes' (0 for training, 1 for validation, 0 for testing; split by "
                + "the set's own lists)")
    }

    @Test func whatPeopleRecordCanBeTrained() throws {
        for speakers in [["Ada"], ["anna", "ben"], (1...5).map { "s\($0)" }, (1...10).map { "t\($0)" }] {
            let folder = try DataTestFolder()
            for word in 0..<10 {
                for speaker in speakers {
                    for take in 0..<(speakers.count < 3 ? 5 : 1) {
                        try folder.write("word\(word)/\(speaker)_nohash_\(take).wav")
                    }
                }
            }
            let scanned = try folder.scan()
            try scanned.requireTrainable()
            for split in DataSplit.allCases { #expect(!scanned.clips(in: split).isEmpty) }
            #expect(2 * scanned.clips(in: .training).count >= scanned.clips.count)
            #expect(scanned.notes.contains { $0.contains("in more than one split") } == (speakers.count < 3))
        }
    }

    @Test func oneWordAgainstOthersCanBeTrained() throws {
        let folder = try DataTestFolder()
        try folder.add(word: "yes", count: 5)
        let withNegatives = try LabelledFolder(scanning: folder.path, options: .init(hasNegatives: true))
        #expect(withNegatives.labels == ["_silence_", "_unknown_", "yes"])
        try withNegatives.requireTrainable(hasNegatives: true)
        #expect(throws: DataError.self) { try withNegatives.requireTrainable() }

        let other = try DataTestFolder()
        try other.add(word: "no", count: 1)
        let withOther = try folder.scan(unknown: [other])
        #expect(withOther.labels == ["_silence_", "_unknown_", "yes"])
        try withOther.requireTrainable()
    }

    /// What evaluation finds in a folder is what training has left aside, whatever words either asks for.
    @Test func theSplitIsTheSameForAllWhoLook() throws {
        let folder = try DataTestFolder()
        for word in ["yes", "no", "maybe", "later"] { try folder.add(word: word, count: 6) }
        func splits(_ words: [String]?) throws -> [String: DataSplit] {
            Dictionary(uniqueKeysWithValues: try folder.scan(words: words).clips.map { ($0.name, $0.split) })
        }
        let all = try splits(nil)
        #expect(try splits(["yes", "no"]) == all)
        #expect(try splits(["later", "maybe", "yes"]) == all)
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
