import Foundation
import MynahTestSupport
import Testing

/// `mynah doctor`: finds what was put into a folder, and the list that it writes is one that training takes.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct DoctorTests {
    private let folder: TemporaryFolder
    private var set: String { folder.file("words") }

    /// A good folder, and one clip for each thing that can be wrong.
    ///
    /// By the rule of Speech Commands, mynah1 is a speaker for training.
    init() throws {
        folder = try TemporaryFolder()
        _ = try WordFolder(in: folder)
        let word = Word.rising.samples(speaker: 1)
        let name = "words/rising/mynah1_nohash_"
        try folder.write([], to: "\(name)10.wav")
        try folder.write(Array("not a sound".utf8), to: "\(name)11.wav")
        try folder.writeSound(word.map { 1e-4 * $0 }, to: "\(name)12.wav")
        try folder.writeSound(word.map { max(-1, min(1, 20 * $0)) }, to: "\(name)13.wav")
        try folder.writeSound(Array(word[2_000..<4_000]), to: "\(name)14.wav")
        try folder.writeSound(word + word + word + word, to: "\(name)15.wav")
        let start = try #require(word.firstIndex { $0 != 0 })
        try folder.writeSound(Array(word[(start + 1_000)...]), to: "\(name)16.wav")
        // The same sound again: as it is, under another word, and by a speaker of the testing split.
        let other = Word.rising.samples(speaker: 6)
        try folder.writeSound(other, to: "words/rising/mynah6_nohash_20.wav")
        try folder.writeSound(other, to: "words/valley/mynah6_nohash_21.wav")
        try folder.writeSound(
            Word.falling.samples(speaker: 3), to: "words/falling/mynah12_nohash_22.wav")
        // One word under the name of another.
        try folder.writeSound(
            Word.falling.samples(speaker: 5, take: 7), to: "words/rising/mynah5_nohash_23.wav")
    }

    private func report(_ arguments: String...) throws -> [String: Any] {
        let outcome = try mynah(["doctor", set, "--json"] + arguments)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        return try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func findsWhatIsWrongWithClips() throws {
        let findings = try #require(try report()["findings"] as? [[String: Any]])
        func clips(_ kind: String) -> [String] {
            findings.filter { $0["kind"] as? String == kind }.compactMap { $0["clip"] as? String }
        }
        for (kind, take) in [
            ("empty", 10), ("unreadable", 11), ("nearSilent", 12), ("clipped", 13), ("tooShort", 14),
            ("tooLong", 15), ("cutAtStart", 16),
        ] {
            #expect(clips(kind).contains("rising/mynah1_nohash_\(take).wav"), "\(kind): \(clips(kind))")
        }
        let takes = findings.compactMap { ($0["clip"] as? String)?.split(separator: "_").last }
        #expect(
            takes.allSatisfy { ($0.split(separator: ".").first?.count ?? 0) == 2 }, "a good clip was blamed")
    }

    @Test func findsDuplicatesAcrossLabelsAndSplits() throws {
        let groups = try #require(try report()["duplicates"] as? [[String: Any]])
        func group(with clip: String) -> [String: Any]? {
            groups.first { group in
                (group["clips"] as? [[String: Any]])?.contains { $0["clip"] as? String == clip } ?? false
            }
        }
        let labels = try #require(group(with: "valley/mynah6_nohash_21.wav"))
        #expect(labels["crossesLabels"] as? Bool == true && labels["crossesSplits"] as? Bool == false)
        #expect((labels["clips"] as? [Any])?.count == 3)
        let splits = try #require(group(with: "falling/mynah12_nohash_22.wav"))
        #expect(splits["crossesLabels"] as? Bool == false && splits["crossesSplits"] as? Bool == true)
    }

    @Test func doubtsAWordUnderAnotherName() throws {
        let validation = try #require(try report("--deep")["crossValidation"] as? [String: Any])
        let doubts = try #require(validation["doubts"] as? [[String: Any]])
        let doubt = try #require(doubts.first { $0["clip"] as? String == "rising/mynah5_nohash_23.wav" })
        #expect(doubt["heard"] as? String == "falling")
        #expect(doubts.allSatisfy { $0["split"] as? String != "testing" })
    }

    @Test func trainingTakesTheExclusionList() throws {
        let list = folder.file("leave-out.txt")
        let outcome = try mynah("doctor", set, "--exclusions", list)
        #expect(outcome.ending == .status(0))
        #expect(outcome.output.contains("near-silent: 1\n  rising/mynah1_nohash_12.wav"))
        let lines = try String(contentsOfFile: list, encoding: .utf8).split(separator: "\n")
        let excluded = lines.filter { !$0.hasPrefix("#") }.compactMap { $0.split(separator: "\t").first }
        #expect(
            excluded.contains("rising/mynah1_nohash_10.wav")
                && excluded.contains("rising/mynah1_nohash_12.wav"))
        #expect(!excluded.contains("rising/mynah1_nohash_15.wav"), "a long clip is a remark")
        // All three copies under two labels, and the training copy of what is tested with.
        #expect(
            excluded.contains("rising/mynah6_nohash_0.wav")
                && excluded.contains("falling/mynah3_nohash_0.wav"))

        let model = folder.file("model")
        func clipCount(_ arguments: [String]) throws -> Int {
            let trained = try mynah(
                ["train", set, "--output", model, "--layers", "4", "--epochs", "1"] + arguments)
            #expect(trained.ending == .status(0), "\(trained.errors)")
            let line = try #require(trained.errorLines.first { $0.hasPrefix("clips ") })
            return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        }
        let all = try clipCount([])
        let without = try clipCount(["--exclude", list])
        // Those that cannot be read are counted in neither.
        let readable = excluded.filter { !$0.hasSuffix("_10.wav") && !$0.hasSuffix("_11.wav") }
        #expect(all - without == readable.count)
    }

    @Test func badLists() throws {
        let list = try folder.write(Array("# remark\nrising\n".utf8), to: "bad.txt")
        let outcome = try mynah("train", set, "--output", folder.file("m"), "--exclude", list)
        #expect(outcome.ending == .status(1))
        #expect(outcome.errors.contains("bad.txt") && outcome.errors.contains("2"), "\(outcome.errors)")
        #expect(try mynah("doctor", folder.file("none")).ending == .status(1))
        #expect(try mynah("doctor", set, "--folds", "1").ending == .status(64))
    }

    /// What cross-validation cannot do takes nothing from the rest of the report.
    @Test func tellsWhyLabelsCannotBeAskedAbout() throws {
        for speaker in 0..<3 {
            try folder.writeSound(
                Word.rising.samples(speaker: speaker), to: "one/rising/mynah\(speaker)_nohash_0.wav")
        }
        let outcome = try mynah("doctor", folder.file("one"), "--deep")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.output.contains("note: no cross-validation: the clips have a single label\n"))
    }

    @Test func oneSpeakerIsDealtByTakes() throws {
        for word in Word.allCases {
            for take in 0..<6 {
                try folder.writeSound(
                    word.samples(speaker: 1, take: take), to: "solo/\(word)/mynah1_nohash_\(take).wav")
            }
        }
        let outcome = try mynah("doctor", folder.file("solo"), "--deep")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.output.contains("cross-validation in 4 folds"))
    }
}
