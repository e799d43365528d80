import Foundation
import Testing

@testable import MynahData

@Suite struct DataSplitTests {
    /// Computed with Python's hashlib by `Tools/make_speaker_split_golden.py`.
    @Test func matchesTheOfficialRule() throws {
        let url = try #require(Bundle.module.url(forResource: "Fixtures/speaker-split", withExtension: "tsv"))
        let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 138)
        for line in lines {
            let fields = line.split(separator: "\t").map(String.init)
            try #require(fields.count == 2)
            #expect(SpeakerSplit.split(ofFileName: fields[0]).rawValue == fields[1], "\(fields[0])")
        }
    }

    @Test func allTakesOfASpeakerFallTogether() {
        for number in 0..<200 {
            let splits = Set(
                ["0.wav", "1.flac", "100.opus"].map {
                    SpeakerSplit.split(ofFileName: "speaker\(number)_nohash_\($0)")
                })
            #expect(splits.count == 1)
        }
    }

    @Test(arguments: [
        ("0a7c2a8d_nohash_1.wav", "0a7c2a8d"), ("a_nohash_b_nohash_0.wav", "a"), ("声_nohash_0.wav", "声"),
        ("_x_nohash_0.wav", "_x"),
    ])
    func speakerStandsBeforeTheMark(name: String, speaker: String) {
        #expect(SpeakerSplit.speaker(ofFileName: name) == speaker)
    }

    @Test(arguments: ["take1.wav", "_nohash_0.wav", "", "a_nohash.wav", "_nohas"])
    func someNamesGiveNoSpeaker(name: String) {
        #expect(SpeakerSplit.speaker(ofFileName: name) == nil)
    }

    /// The example of FIPS 180-4.
    @Test func sha1MatchesTheStandard() {
        #expect(SHA1.hexadecimal(of: "abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
        #expect(SHA1.lowWord(of: "abc") == 0x9cd0_d89d)
    }

    @Test func listsWinOverTheRule() throws {
        let folder = try DataTestFolder()
        try folder.add(word: "yes", count: 30)
        try folder.add(word: "no", count: 30)
        try folder.write(
            "validation_list.txt", "yes/speaker0_nohash_0.wav\r\n./no/speaker1_nohash_0.flac\n\n")
        try folder.write("testing_list.txt", "yes/speaker2_nohash_0.opus\nyes/speaker0_nohash_0.wav\n")
        let scanned = try folder.scan()
        #expect(scanned.clips(in: .validation).map(\.name) == ["no/speaker1_nohash_0.wav"])
        #expect(
            scanned.clips(in: .testing).map(\.name)
                == ["yes/speaker0_nohash_0.wav", "yes/speaker2_nohash_0.wav"])
        #expect(scanned.notes.contains { $0.contains("which name 3 of the clips") })
        #expect(scanned.notes.contains { $0.contains("1 clip in both lists") })
        #expect(scanned.notes.contains { $0.contains("3 speakers in more than one split") })
    }

    @Test func aListThatIsTooLongIsRefused() throws {
        let folder = try DataTestFolder(["yes/a.wav", "no/b.wav"])
        try folder.write("validation_list.txt")
        let handle = try FileHandle(forWritingTo: folder.url.appending(path: "validation_list.txt"))
        try handle.truncate(atOffset: 65 << 20)
        try handle.close()
        let line = message { () throws(DataError) in _ = try folder.scan() }
        #expect(
            line?.hasSuffix("validation_list.txt: cannot be read (68157440 bytes, expected at most 67108864)")
                == true)
    }
}
