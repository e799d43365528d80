import Foundation
import Glibc
import MynahData
import Testing

/// The ways in which people and data sets lay recordings out.
@Suite struct FolderLayoutTests {
    private func clips(_ folder: LabelledFolder) -> [String: String] {
        Dictionary(uniqueKeysWithValues: folder.clips.map { ($0.name, folder.labels[$0.label]) })
    }

    private func splits(_ folder: LabelledFolder) -> [String: DataSplit] {
        Dictionary(uniqueKeysWithValues: folder.clips.map { ($0.name, $0.split) })
    }

    @Test func aFolderForEachSpeaker() throws {
        let folder = try DataTestFolder([
            "yes/anna/1.wav", "yes/anna/2.wav", "yes/ben/1.wav", "yes/carl_nohash_0.wav",
            "yes/dora/notes.txt",
            "yes/emil/day/1.wav", "no/anna/1.wav",
        ])
        let scanned = try folder.scan()
        #expect(scanned.labels == ["no", "yes"])
        #expect(scanned.clips.count == 5)
        #expect(Set(scanned.clips.compactMap(\.speaker)) == ["anna", "ben", "carl"])
        #expect(scanned.notes.contains { $0.contains("1 audio file in folders too deep, not used") })
        #expect(scanned.ignored.folders == 2)
    }

    /// Speakers are where a pattern says they are; where it finds none, where they usually are.
    @Test func speakersByPattern() throws {
        let folder = try DataTestFolder([
            "yes/take_anna-1.wav", "yes/take_anna-2.wav", "no/take_ben-1.wav", "no/carl_nohash_0.wav",
            "no/dora/1.wav", "no/nobody.wav",
        ])
        let scanned = try LabelledFolder(
            scanning: folder.path, options: .init(speakerPattern: SpeakerPattern("_([a-z]+)-[0-9]+[.]")))
        let speakers = Dictionary(uniqueKeysWithValues: scanned.clips.map { ($0.name, $0.speaker) })
        #expect(
            speakers == [
                "yes/take_anna-1.wav": "anna", "yes/take_anna-2.wav": "anna", "no/take_ben-1.wav": "ben",
                "no/carl_nohash_0.wav": "carl", "no/dora/1.wav": "dora", "no/nobody.wav": nil,
            ])
        let splits = Set(scanned.clips.filter { $0.speaker == "anna" }.map(\.split))
        #expect(splits.count == 1)
    }

    @Test(arguments: [
        ("[a-z", "unmatched"), ("anna", "it has 0 groups, expected one"),
        ("(a)(b)", "it has 2 groups, expected one"), ("(a\0)", "a byte of 0"),
    ])
    func badSpeakerPatterns(pattern: String, reason: String) {
        do {
            _ = try SpeakerPattern(pattern)
            Issue.record("\(pattern) was taken")
        } catch {
            #expect("\(error)".contains(reason), "\(error)")
        }
    }

    @Test(arguments: [
        ("train", "val", "test"), ("Training", "validation", "testing"), ("train", "dev", "test"),
    ])
    func aFolderForEachSplit(training: String, validation: String, testing: String) throws {
        let folder = try DataTestFolder([
            "\(training)/yes/a.wav", "\(training)/no/b.wav", "\(validation)/yes/c.wav",
            "\(testing)/no/ben/d.wav",
            "_background_noise_/hum.wav", "\(training)/_background_noise_/hiss.wav",
        ])
        let scanned = try folder.scan()
        #expect(scanned.labels == ["no", "yes"])
        #expect(
            splits(scanned) == [
                "\(training)/yes/a.wav": .training, "\(training)/no/b.wav": .training,
                "\(validation)/yes/c.wav": .validation, "\(testing)/no/ben/d.wav": .testing,
            ])
        #expect(scanned.noiseFiles.count == 2)
        #expect(scanned.notes.contains { $0.contains("split by its folders") })
        for file in scanned.noiseFiles.map(\.path) + scanned.clips.map(\.path) {
            #expect(FileManager.default.fileExists(atPath: file))
        }
    }

    @Test func validationIsTakenFromTrainingWhereASetHasNone() throws {
        let files = (0..<10).flatMap { ["train/yes/s\($0)_nohash_0.wav", "train/no/s\($0)_nohash_0.wav"] }
        let folder = try DataTestFolder(files + ["test/yes/t_nohash_0.wav", "test/no/t_nohash_0.wav"])
        let scanned = try folder.scan()
        #expect(
            scanned.clips(in: .testing).map(\.name) == ["test/no/t_nohash_0.wav", "test/yes/t_nohash_0.wav"])
        #expect(Set(scanned.clips(in: .validation).compactMap(\.speaker)).count == 2)
        #expect(scanned.clips(in: .validation).count == 4)
        try scanned.requireTrainable()
    }

    /// The recognition challenge of Kaggle: words and noise in `train/audio`, lists beside it, and clips without labels.
    @Test(arguments: ["", "train/"])
    func theLayoutOfKaggle(root: String) throws {
        let folder = try DataTestFolder([
            "train/audio/yes/a_nohash_0.wav", "train/audio/yes/b_nohash_0.wav",
            "train/audio/no/a_nohash_0.wav",
            "train/audio/no/c_nohash_0.wav", "train/audio/_background_noise_/hum.wav",
            "test/audio/clip_1.wav",
        ])
        try folder.write("train/validation_list.txt", "yes/b_nohash_0.wav\n")
        try folder.write("train/testing_list.txt", "no/c_nohash_0.wav\n")
        let scanned = try LabelledFolder(scanning: "\(folder.path)/\(root)")
        #expect(scanned.labels == ["no", "yes"])
        #expect(scanned.clips(in: .validation).map(\.speaker) == ["b"])
        #expect(scanned.clips(in: .testing).map(\.speaker) == ["c"])
        #expect(scanned.noiseFiles.count == 1)
        #expect(root != "" || scanned.notes.contains { $0.contains("1 audio file beside the word folders") })
    }

    @Test func foldersNamedLikeSplitsMayBeWords() throws {
        let folder = try DataTestFolder(["train/a.wav", "test/b.wav", "yes/c.wav"])
        #expect(try folder.scan().labels == ["test", "train", "yes"])
        let words = try DataTestFolder(["train/a.wav", "test/b.wav"])
        #expect(try words.scan().labels == ["test", "train"])
    }

    @Test func aTable() throws {
        let folder = try DataTestFolder([
            "1.wav", "2.wav", "deep/er/than/most/3.wav", "4.wav", "not-listed.wav",
            "_background_noise_/hum.wav",
        ])
        try folder.write(
            "labels.csv",
            "\u{feff}path,label,speaker,split\r\n1.wav,yes,anna,train\r\n2.wav,no,anna,train\r\n"
                + "deep/er/than/most/3.wav,yes,ben,test\r\n4.wav,no,carl,val\r\ngone.wav,no,,\r\n")
        let scanned = try folder.scan()
        #expect(
            clips(scanned) == [
                "1.wav": "yes", "2.wav": "no", "deep/er/than/most/3.wav": "yes", "4.wav": "no",
            ])
        #expect(scanned.clips.map(\.speaker) == ["anna", "carl", "anna", "ben"])
        #expect(scanned.clips(in: .validation).map(\.name) == ["4.wav"])
        #expect(scanned.noiseFiles.map(\.name) == ["_background_noise_/hum.wav"])
        #expect(scanned.notes.contains { $0.contains("labels and splits from labels.csv") })
        #expect(
            scanned.notes.contains {
                $0.contains("1 of its files are not there; the first is line 6, 'gone.wav'")
            })
        #expect(scanned.notes.contains { $0.contains("1 audio file without a line in labels.csv") })
    }

    @Test func tablesThatCannotBeUsed() throws {
        let folder = try DataTestFolder(["1.wav"])
        func line(_ table: String) throws -> String? {
            try folder.write("labels.tsv", table)
            return message { () throws(DataError) in _ = try folder.scan() }?
                .replacing(folder.path, with: "FOLDER")
        }
        #expect(
            try line("1.wav") == "FOLDER/labels.tsv: line 1: expected a path and a label, separated by a tab")
        #expect(
            try line("a.wav\tyes\nb.wav\tno")
                == "FOLDER/labels.tsv: none of its 2 files is in the folder; the first is line 1, 'a.wav'")
        #expect(try line("") == "FOLDER/labels.tsv: names no recordings, expected lines of path,label")
    }

    @Test func whatWasFoundIsSaid() throws {
        let deep = try DataTestFolder(["a/b/c/d.wav", "a/b/c/e.wav"])
        let line = message { () throws(DataError) in _ = try deep.scan() } ?? ""
        #expect(line.contains("2 audio files too deep, the first a/b/c/d.wav"), "\(line)")
        #expect(line.contains("word/file, word/speaker/file"), "\(line)")
    }

    @Test(arguments: ["background_noise", "_background_noise", "Background Noise", "noise"])
    func noiseUnderAnotherNameGetsAHint(name: String) throws {
        let folder = try DataTestFolder(["yes/a.wav", "\(name)/b.wav"])
        #expect(
            try folder.scan().notes.contains {
                $0.contains("'\(name)' is taken for a word; call it _background_noise_")
            })
    }

    @Test func linksToFoldersAreFollowedOnce() throws {
        let other = try DataTestFolder(["anna/1.wav", "more/2.wav"])
        let folder = try DataTestFolder(["yes/ben/1.wav", "no/ben/1.wav"])
        try folder.link("yes/anna", to: "\(other.path)/anna")
        try folder.link("no/again", to: "ben")
        try folder.link("no/up", to: "..")
        try folder.link("maybe", to: "\(other.path)/more")
        let scanned = try folder.scan()
        #expect(
            scanned.clips.map(\.name) == ["maybe/2.wav", "no/ben/1.wav", "yes/anna/1.wav", "yes/ben/1.wav"])
    }

    @Test(.enabled(if: getuid() != 0, "root may read everything"))
    func aFolderThatCannotBeReadIsPassedOver() throws {
        let folder = try DataTestFolder(["yes/a.wav", "no/b.wav", "lost+found/c.wav", "yes/private/d.wav"])
        for name in ["lost+found", "yes/private"] { chmod("\(folder.path)/\(name)", 0o000) }
        defer { for name in ["lost+found", "yes/private"] { chmod("\(folder.path)/\(name)", 0o700) } }
        let scanned = try folder.scan()
        #expect(scanned.clips.map(\.name) == ["no/b.wav", "yes/a.wav"])
        for name in ["lost+found", "yes/private"] {
            #expect(
                scanned.notes.contains {
                    $0.contains("\(name): cannot be read (Permission denied), passed over")
                })
        }
    }
}
