import Foundation
import Glibc
import MynahBase
import MynahData
import Testing

@Suite struct DataFolderTests {
    @Test func everyFolderIsALabel() throws {
        let folder = try DataTestFolder(["yes/a_nohash_0.wav", "no/a_nohash_0.FLAC", "zoë/b_nohash_0.opus"])
        let scanned = try folder.scan()
        #expect(scanned.labels == ["no", "yes", "zoë"])
        #expect(scanned.silenceLabel == nil)
        #expect(scanned.unknownLabel == nil)
        #expect(
            scanned.clips.map(\.name) == ["no/a_nohash_0.FLAC", "yes/a_nohash_0.wav", "zoë/b_nohash_0.opus"])
        #expect(scanned.clips.map(\.label) == [0, 1, 2])
        #expect(scanned.clips[0].path == "\(folder.path)/no/a_nohash_0.FLAC")
        #expect(scanned.clips[0].speaker == "a")
        #expect(scanned.clips[0].byteCount == 4)
    }

    @Test func theOtherWordsAreUnknown() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 3)
        let scanned = try folder.scan(words: ["yes", "no"])
        #expect(scanned.labels == ["_silence_", "_unknown_", "yes", "no"])
        #expect(scanned.clips.count { $0.label == 1 } == 6 + 3 + 12)
        #expect(Set(scanned.clips.filter { $0.label == 1 }.map(\.word)) == ["bed", "cat", "tree"])
        #expect(scanned.noiseFiles.map(\.name) == ["_background_noise_/hum.wav"])
        #expect(try folder.scan(words: ["no", "yes"]).labels == ["_silence_", "_unknown_", "no", "yes"])
    }

    @Test func labelsOfAModelComeOutAgain() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 3)
        for labels in [["_silence_", "_unknown_", "yes", "no"], ["_unknown_", "no"], ["yes", "bed"]] {
            let options = LabelledFolder.Options(matching: labels)
            #expect(try LabelledFolder(scanning: folder.path, options: options).labels == labels)
        }
    }

    @Test func clipsWithoutALabelAreLeftOut() throws {
        let folder = try makeSmallCorpus(clipsPerWord: 3)
        let scanned = try folder.scan(words: ["yes", "no"], hasUnknown: false, hasSilence: false)
        #expect(scanned.labels == ["yes", "no"])
        #expect(scanned.clips.count == 6)
        #expect(scanned.notes.contains { $0.contains("3 folders not used: bed, cat, tree") })
    }

    @Test func foldersNamedLikeTheLabelsHoldTheirClips() throws {
        let folder = try DataTestFolder(["_silence_/1.wav", "_unknown_/2.wav", "yes/3.wav"])
        let scanned = try folder.scan()
        #expect(scanned.labels == ["_silence_", "_unknown_", "yes"])
        #expect(scanned.clips.map(\.label) == [0, 1, 2])
    }

    @Test func unknownFoldersAddUnknownWords() throws {
        let folder = try DataTestFolder(["yes/a_nohash_0.wav", "no/a_nohash_0.wav"])
        let other = try DataTestFolder([
            "open/a_nohash_0.wav", "yes/b_nohash_0.wav", "_background_noise_/x.wav", "validation_list.txt",
        ])
        let scanned = try folder.scan(unknown: [other])
        #expect(scanned.labels == ["_silence_", "_unknown_", "no", "yes"])
        #expect(scanned.clips.map(\.word) == ["no", "yes", "open", "yes"])
        #expect(scanned.clips.map(\.label) == [2, 3, 1, 3])
        #expect(scanned.noiseFiles.map(\.name) == ["_background_noise_/x.wav"])
        #expect(
            scanned.notes.contains { $0.contains("unknown folders also hold yes: used under its own label") })
    }

    @Test func noUnknownLabelWithoutUnknownWords() throws {
        let folder = try DataTestFolder(["yes/a_nohash_0.wav", "no/a_nohash_0.wav"])
        let scanned = try folder.scan(words: ["yes", "no"])
        #expect(scanned.labels == ["_silence_", "yes", "no"])
        #expect(scanned.notes.contains { $0.contains("no word is left for _unknown_") })
        let summary = DataSummary(folder: scanned, stores: [])
        #expect(summary.notes.contains { $0.contains("_silence_ is digital silence only") })
    }

    @Test func junkIsPassedOverAndCounted() throws {
        let folder = try DataTestFolder([
            "yes/a_nohash_0.wav", "yes/.hidden.wav", "yes/notes.txt", "yes/wav", "yes/deep/er/b.wav",
            "no/a_nohash_0.wav", ".git/config", "README.md", "loose.wav", "empty/notes.txt",
        ])
        try folder.link("yes/loop", to: "..")
        try folder.link("self", to: ".")
        try folder.link("ja", to: "yes")
        try folder.link("no/broken.wav", to: "nowhere")
        try folder.link("no/linked_nohash_1.wav", to: "../yes/a_nohash_0.wav")
        let scanned = try folder.scan()
        #expect(
            scanned.clips.map(\.name)
                == ["no/a_nohash_0.wav", "no/linked_nohash_1.wav", "yes/a_nohash_0.wav"])
        #expect(scanned.ignored.hidden == 2)
        #expect(scanned.ignored.folders == 2)
        #expect(scanned.ignored.other == 6)
        #expect(scanned.notes.contains { $0.contains("no audio files in empty") })
        #expect(scanned.notes.contains { $0.contains("ja, self only links to another folder") })
        #expect(scanned.notes.contains { $0.contains("1 audio file beside the word folders") })
    }

    @Test func oneWordWrittenInTwoWaysIsOneLabel() throws {
        let folder = try DataTestFolder(["caf\u{e9}/a.wav", "cafe\u{301}/b.wav", "no/c.wav"])
        let scanned = try folder.scan()
        #expect(scanned.labels == ["café", "no"])
        #expect(scanned.clips.count { $0.label == 0 } == 2)
        for clip in scanned.clips { #expect(FileManager.default.fileExists(atPath: clip.path)) }
    }

    /// Word, speaker, clip and lists in Latin-1: all is found, and goes where the names say.
    @Test func namesThatAreNotUTF8() throws {
        let folder = try DataTestFolder(["no/b.wav"])
        let word = "gr\u{10fefc}n20"
        let path = "\(folder.path)/\(word)"
        #expect(path.withPath { mkdir($0, 0o700) } == 0)
        for take in 0..<3 {
            let file = "\(path)/\(word)_nohash_\(take).wav"
            #expect(file.withPath { close(open($0, O_CREAT | O_WRONLY, 0o600)) } == 0)
        }
        let scanned = try folder.scan()
        #expect(scanned.ignored.other == 0)
        #expect(scanned.labels == [word, "no"])
        let clips = scanned.clips.filter { $0.word == word }
        #expect(clips.map(\.speaker) == [word, word, word])
        for clip in clips { #expect(FileStatus(of: clip.path)?.kind == .regular) }
        // The rule hashes the bytes of the name: of SHA-1, as hashlib has it of b"gr\xfcn20", 6.5 %.
        #expect(SpeakerSplit.split(ofFileName: "\(word)_nohash_0.wav") == .validation)

        let list = "\(word)/\(word)_nohash_1.wav\n".pathBytes
        try Data(list).write(to: URL(fileURLWithPath: "\(folder.path)/exclusions"))
        try Data(list).write(to: URL(fileURLWithPath: "\(folder.path)/testing_list.txt"))
        let exclusions = try ExclusionList(contentsOf: "\(folder.path)/exclusions")
        #expect(exclusions.clips == [clips[1].name])
        #expect(try folder.scan().clips.first { $0.name == clips[1].name }?.split == .testing)
    }

    @Test func controlCharactersAreNeverPrinted() throws {
        let folder = try DataTestFolder(["ye\ns\u{1b}[31m/a\r_nohash_0.wav", "no/b.wav", "no/c\u{202e}.txt"])
        let scanned = try folder.scan()
        #expect(scanned.clips.contains { $0.word == "ye\ns\u{1b}[31m" })
        let lines =
            scanned.notes
            + [
                message { () throws(DataError) in try scanned.requireTrainable() },
                message { () throws(DataError) in _ = try folder.scan(words: ["a\nb"]) },
                message { () throws(DataError) in _ = try folder.scan(words: ["x\u{7}", "x\u{7}"]) },
                DataSummary(folder: scanned, stores: []).labels.map(\.label.printable).joined(separator: " "),
            ].compactMap { $0 }
        #expect(lines.count == scanned.notes.count + 4)
        for line in lines {
            #expect(
                !line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f },
                "\(line.debugDescription)")
        }
        #expect(lines.contains { $0.contains(#"ye\ns\u{1B}[31m"#) })
    }

    @Test func theOrderDoesNotDependOnTheFileSystem() throws {
        let names = (0..<50).map { "word\($0 % 7)/take\($0)_nohash_0.wav" }
        let first = try DataTestFolder(names).scan()
        let second = try DataTestFolder(names.reversed()).scan()
        #expect(first.clips.map(\.name) == second.clips.map(\.name))
        #expect(
            DataSummary(folder: first, stores: []).dataHash
                == DataSummary(folder: second, stores: []).dataHash)
    }
}
