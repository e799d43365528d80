import Foundation
import MynahModel
import Testing

@testable import MynahData

@Suite struct TranscribedCorpusTests {
    private func corpus(_ files: [(String, String)]) throws -> (
        folder: DataTestFolder, corpus: TranscribedCorpus
    ) {
        let folder = try DataTestFolder()
        for (name, contents) in files { try folder.write(name, contents) }
        return (folder, try TranscribedCorpus(scanning: folder.path))
    }

    private func lines(_ corpus: TranscribedCorpus, in folder: DataTestFolder) -> [String] {
        corpus.passedOver.lines.map { line in
            line.hasPrefix(folder.path + "/") ? String(line.dropFirst(folder.path.count + 1)) : line
        }
    }

    @Test func librispeechIsReadAsItIs() throws {
        let (folder, corpus) = try corpus([
            ("84/121/84-121.trans.txt", "84-121-0000 GO DO YOU HEAR\n84-121-0001 BUT IN LESS THAN\n"),
            ("84/121/84-121-0000.flac", "1600"), ("84/121/84-121-0001.flac", "1600"),
            ("Jörg Ä/1/x.trans.txt", "a-1 Guten Tag\r\n"), ("Jörg Ä/1/a-1.mp3", "1600"),
            ("README.TXT", "nothing"), ("84/121/84-121-deepgram.txt", "84-121-0000 go"),
        ])
        #expect(
            corpus.sentences.map(\.name) == [
                "84/121/84-121-0000.flac", "84/121/84-121-0001.flac", "Jörg Ä/1/a-1.mp3",
            ])
        #expect(corpus.sentences.map(\.speaker) == ["84", "84", "Jörg Ä"])
        #expect(corpus.sentences.map(\.text) == ["go do you hear", "but in less than", "guten tag"])
        #expect(corpus.sentences[0].path == folder.path + "/84/121/84-121-0000.flac")
        #expect(corpus.passedOver.count == 0)
    }

    /// The folder of one speaker, or of one chapter, is a set too.
    @Test func partsOfLibrispeechHaveTheSameSpeakers() throws {
        let folder = try DataTestFolder()
        try folder.write("84/121/84-121.trans.txt", "84-121-0000 GO")
        try folder.write("84/121/84-121-0000.flac", "1600")
        for part in ["84", "84/121"] {
            let corpus = try TranscribedCorpus(scanning: folder.path + "/" + part)
            #expect(corpus.sentences.map(\.speaker) == ["84"])
        }
    }

    /// A link says what a set is called better than the folder it leads to; `.` says nothing.
    @Test func setsAreCalledWhatTheyWereGivenAs() throws {
        let folder = try DataTestFolder()
        try folder.write("d/84/121/84-121.trans.txt", "84-121-0000 GO")
        try folder.write("d/84/121/84-121-0000.flac", "1600")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/dev-clean", withDestinationPath: folder.path + "/d")
        for (path, label) in [("dev-clean", "dev-clean"), ("dev-clean//", "dev-clean"), ("d/../d/.", "d")] {
            let corpus = try TranscribedCorpus(scanning: folder.path + "/" + path)
            let summary = SpeechDataSummary(
                corpora: [corpus], stores: [], testing: corpus.sentences,
                symbols: SymbolTable(symbols: ["a"]), splitRule: "")
            #expect(summary.provenance.clips.map(\.label) == [label])
            #expect(summary.provenance.clips.map(\.testing) == [1])
        }
    }

    @Test func eachBadLineIsToldAndTheRestIsUsed() throws {
        let (folder, corpus) = try corpus([
            (
                "s/c/l.trans.txt",
                """
                a good words
                b
                c 3 words
                missing text without sound
                a good words again
                twice which one

                """
            ),
            ("s/c/a.flac", "1"), ("s/c/b.flac", "1"), ("s/c/c.flac", "1"), ("s/c/twice.flac", "1"),
            ("s/c/twice.wav", "1"), ("s/c/silent.flac", "1"), ("s/other/lost.wav", "1"),
        ])
        #expect(corpus.sentences.map(\.name) == ["s/c/a.flac"])
        let list = "\(folder.path)/s/c/l.trans.txt"
        #expect(
            lines(corpus, in: folder) == [
                "s/c/l.trans.txt: line 2: the text has no words",
                "s/c/l.trans.txt: line 3: the text holds the digit '3', expected numbers written as they are spoken",
                "s/c/l.trans.txt: line 4: no recording 'missing' beside the list",
                "s/c/l.trans.txt: line 5: 'a' stands in \(list): line 1 already",
                "s/c/l.trans.txt: line 6: 2 recordings of the name 'twice', expected one: twice.flac, twice.wav",
                "s/c/silent.flac: a recording without a text",
                "s/other/lost.wav: a recording without a text",
            ])
    }

    @Test(arguments: [
        "one.wav\tanna\tGood morning.\nsub/two.mp3\tben\tHow are you?\n",
        "text\tpath\tage\tspeaker\nGood morning.\tone.wav\t\tanna\nHow are you?\t./sub/two.mp3\t30\tben",
        "\u{FEFF}path\tclient_id\tsentence\r\none.wav\tanna\tGood morning.\r\nsub/two.mp3\tben\tHow are you?\r\n",
    ])
    func aPlainTableIsRead(_ table: String) throws {
        let (_, corpus) = try corpus([
            ("transcripts.tsv", table), ("one.wav", "1"), ("sub/two.mp3", "1"),
        ])
        #expect(corpus.sentences.map(\.name) == ["one.wav", "sub/two.mp3"])
        #expect(corpus.sentences.map(\.speaker) == ["anna", "ben"])
        #expect(corpus.sentences.map(\.text) == ["good morning", "how are you"])
        #expect(corpus.passedOver.count == 0)
    }

    @Test func commonVoiceIsRead() throws {
        let (_, corpus) = try corpus([
            (
                "validated.tsv",
                """
                client_id\tpath\tsentence_id\tsentence\tup_votes
                0a1b\tcommon_voice_en_1.mp3\tx\tHe said "no".\t2
                0a1c\tcommon_voice_en_2\tx\tYes.\t2
                """
            ),
            ("clips/common_voice_en_1.mp3", "1"), ("clips/common_voice_en_2.mp3", "1"),
            ("clips/common_voice_en_3.mp3", "1"),
        ])
        #expect(
            corpus.sentences.map(\.name) == [
                "clips/common_voice_en_1.mp3", "clips/common_voice_en_2.mp3",
            ])
        #expect(corpus.sentences.map(\.text) == ["he said no", "yes"])
        // Not all recordings of Common Voice are validated: that is no fault.
        #expect(corpus.passedOver.count == 0)
        #expect(
            corpus.notes.count == 1 && corpus.notes[0].hasSuffix("does not name 1 recording of the folder"))
    }

    @Test func eachBadLineOfATableIsToldAndTheRestIsUsed() throws {
        let (folder, corpus) = try corpus([
            (
                "transcripts.tsv",
                "a.wav\tanna\tGood\n../b.wav\tben\tx\na.wav\tanna\tGood\nc.wav\tcarl\tGone\nd.wav only\ne.wav\t\tNobody\n"
            ),
            ("a.wav", "1"), ("e.wav", "1"), ("f.wav", "1"),
        ])
        #expect(corpus.sentences.map(\.name) == ["a.wav"])
        #expect(
            lines(corpus, in: folder) == [
                "transcripts.tsv: line 2: '../b.wav' lies outside the folder",
                "transcripts.tsv: line 3: 'a.wav' stands in line 1 already",
                "transcripts.tsv: line 5: 1 column, expected path, speaker and text with tabs between",
                "transcripts.tsv: line 4: no recording 'c.wav' in the folder",
                "transcripts.tsv: line 6: no speaker is named",
                "f.wav: a recording without a text",
            ])
    }

    @Test func aFolderWithoutSentencesIsRefused() throws {
        let empty = try DataTestFolder(["a.wav"])
        #expect(
            message { () throws(DataError) in _ = try TranscribedCorpus(scanning: empty.path) }?
                .contains("holds 1 recording") == false)
        let bad = try DataTestFolder()
        try bad.write("transcripts.tsv", "a.wav\tanna\t12\n")
        try bad.write("a.wav")
        #expect(
            message { () throws(DataError) in _ = try TranscribedCorpus(scanning: bad.path) }?
                .hasSuffix(
                    "line 1: the text holds the digit '1', expected numbers written as they are spoken")
                == true)
        let common = try DataTestFolder()
        try common.write("validated.tsv", "a.wav\tanna\tyes\n")
        #expect(
            message { () throws(DataError) in _ = try TranscribedCorpus(scanning: common.path) }?
                .contains("names no columns") == true)
    }

    @Test func aRecordingInTwoFoldersIsUsedOnce() throws {
        let folder = try DataTestFolder()
        try folder.write("set/84/121/84-121.trans.txt", "84-121-0000 GO")
        try folder.write("set/84/121/84-121-0000.flac", "1600")
        let corpora = try [folder.path, folder.path + "/set"].map { path throws(DataError) in
            try TranscribedCorpus(scanning: path)
        }
        let (sentences, passedOver) = TranscribedCorpus.sentences(of: corpora)
        #expect(sentences.count == 1)
        #expect(passedOver.count == 1)
    }

    @Test func onlyTheFirstLinesAreKept() {
        var passedOver = PassedOver()
        for number in 0..<1_000 { passedOver.add("line \(number)") }
        #expect(passedOver.count == 1_000 && passedOver.lines.count == PassedOver.limit)
        #expect(passedOver.told(limit: 2) == ["line 0", "line 1", "… and 998 more"])
    }
}

@Suite struct SpeakerDivisionTests {
    private func sentences(_ counts: [String: Int]) -> [Sentence] {
        counts.sorted { $0.key < $1.key }.flatMap { speaker, count in
            (0..<count).map {
                Sentence(
                    path: "/\(speaker)/\($0).wav", name: "\(speaker)/\($0).wav", speaker: speaker, text: "a",
                    byteCount: 1)
            }
        }
    }

    @Test(arguments: [2, 3, 7, 40, 120])
    func everySplitHasWholeSpeakers(_ count: Int) throws {
        let sentences = sentences(
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("speaker \($0)", 10 + $0 % 3) }))
        let division = try SpeakerDivision(of: sentences)
        let splits = Dictionary(grouping: Set(sentences.map(\.speaker)), by: division.split)
        #expect(splits[.training]?.isEmpty == false && splits[.validation]?.isEmpty == false)
        #expect((splits[.training] ?? []).count >= count / 2)
        // The exceptions alone give the same division.
        let again = SpeakerDivision(moved: division.moved)
        #expect(sentences.allSatisfy { again.split(of: $0.speaker) == division.split(of: $0.speaker) })
    }

    @Test func ofTwoSpeakersTheOneWhoSaysMoreIsLearntFrom() throws {
        let division = try SpeakerDivision(of: sentences(["anna": 3, "ben": 9]))
        #expect(division.split(of: "ben") == .training)
        #expect(division.split(of: "anna") == .validation)
    }

    /// Where nearly all is of one speaker, no speaker is in two splits all the same.
    @Test func aSpeakerIsNeverDivided() throws {
        for counts in [["anna": 500, "ben": 1, "carl": 1], ["anna": 1, "ben": 400, "carl": 3, "dora": 2]] {
            let sentences = sentences(counts)
            let division = try SpeakerDivision(of: sentences)
            let splits = Set(counts.keys.map(division.split))
            #expect(splits.contains(.training) && splits.contains(.validation))
            #expect(counts.max { $0.value < $1.value }.map { division.split(of: $0.key) } == .training)
        }
    }

    @Test func oneSpeakerCannotBeDivided() {
        #expect(throws: DataError.oneSpeaker(speaker: "anna")) {
            try SpeakerDivision(of: sentences(["anna": 30]))
        }
    }
}
