import Foundation
import MynahTestSupport
import Testing

/// `mynah harvest`, on sentences of tones.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct HarvestCommandTests {
    private let folder: TemporaryFolder
    private let model: String
    private let corpus: String

    init() throws {
        folder = try TemporaryFolder()
        model = try TrainedSpeech.shared.get().model
        corpus = folder.file("tones")
        try folder.writeToneSpeech(to: "tones", speakers: 4)
    }

    private var clips: String { folder.file("clips") }

    private func files(in path: String) throws -> [String: [UInt8]] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path).filter { $0.hasSuffix(".wav") }
        return Dictionary(
            uniqueKeysWithValues: try names.map { ($0, try bytes(of: "\(path)/\($0)")) })
    }

    private func table(_ path: String) throws -> [[String]] {
        String(decoding: try bytes(of: "\(path)/harvest.tsv"), as: UTF8.self).split(separator: "\n")
            .dropFirst()
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
    }

    private func arguments(_ output: String, _ more: [String]) -> [String] {
        ["harvest", corpus, "--model", model, "--output", folder.file(output), "--confidence", "0.01"] + more
    }

    /// The words of a corpus, from the corpus itself and from the table of mynah align, are the same clips, which doctor takes.
    @Test func wordsOfACorpus() throws {
        let outcome = try mynah(arguments("clips", ["--all", "--at-least", "1", "--json"]))
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let summary = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let cut = try files(in: clips)
        #expect(cut.count > 30 && summary["clips"] as? Int == cut.count)
        let rows = try table(clips)
        var wordCount = 0
        for speaker in 0..<4 {
            for number in 0..<6 {
                wordCount += ToneSpeech.text(100 * speaker + number).split(separator: " ").count
            }
        }
        #expect(rows.count == wordCount)
        #expect(Set(rows.filter { $0[0] == "kept" }.map { $0[2] }) == Set(cut.keys))
        for row in rows {
            #expect((row[0] == "kept") == row[1].isEmpty)
            if row[0] == "kept" { #expect(row[2].hasPrefix("\(row[3])/\(row[4])_nohash_")) }
        }

        let words = folder.file("words.tsv")
        #expect(try mynah("align", corpus, "--model", model, "--output", words).ending == .status(0))
        let again = try mynah(
            "harvest", words, "--recordings", corpus, "--all", "--at-least", "1", "--confidence", "0.01",
            "--output", folder.file("again"))
        #expect(again.ending == .status(0), "\(again.errors)")
        #expect(again.output.contains("clips  speakers"))
        let others = try files(in: folder.file("again"))
        #expect(Set(others.keys) == Set(cut.keys))
        // The words of a recording are taken once, from wherever they come.
        let twice = try mynah(
            "harvest", words, corpus, "--model", model, "--recordings", corpus, "--all", "--at-least", "1",
            "--confidence", "0.01", "--output", folder.file("twice"))
        #expect(twice.ending == .status(0), "\(twice.errors)")
        #expect(twice.errors.contains("its words are in another source already"))
        #expect(Set(try files(in: folder.file("twice")).keys) == Set(cut.keys))
        // Times in the table have three decimals, so that a clip may begin a few samples earlier or later.
        for (name, content) in cut {
            #expect(abs(content.count - (others[name]?.count ?? 0)) <= 64, "\(name)")
        }

        let doctor = try mynah("doctor", clips)
        #expect(doctor.ending == .status(0), "\(doctor.errors)")
        #expect(doctor.output.contains("clips: \(cut.count) clips of "))
    }

    /// A second run changes nothing, and nothing that lay there before is replaced.
    @Test func nothingIsReplaced() throws {
        let word = String(try #require(ToneSpeech.text(0).split(separator: " ").first))
        try folder.write("mine", to: "clips/\(word)/0_nohash_0.wav")
        let arguments = arguments("clips", ["--words", word, "--shortest", "0.05"])
        let first = try mynah(arguments)
        #expect(first.ending == .status(0), "\(first.errors)")
        let cut = try files(in: clips)
        #expect(cut.count > 1 && cut["\(word)/0_nohash_0.wav"] == Array("mine".utf8))
        let rows = try table(clips)
        let second = try mynah(arguments)
        #expect(second.ending == .status(0), "\(second.errors)")
        #expect(try files(in: clips) == cut)
        #expect(try table(clips) == rows)
        #expect(first.output == second.output)

        let other = try mynah(self.arguments("clips", ["--speech-without", word]))
        #expect(other.ending == .status(1))
        #expect(
            other.errors.contains(
                "clips/harvest.tsv: is of a harvest of words, expected one of speech with no \(word)"),
            "\(other.errors)")
        try folder.write("mine\n", to: "notes/harvest.tsv")
        let notes = try mynah(self.arguments("notes", ["--words", word]))
        #expect(notes.ending == .status(1))
        #expect(
            notes.errors.contains("notes/harvest.tsv: is no table of an earlier harvest, and is not replaced")
        )
        #expect(try bytes(of: folder.file("notes/harvest.tsv")) == Array("mine\n".utf8))
    }

    /// What a full disk leaves is complete, the table says how far it is, and the same command goes on.
    @Test func aFullDisk() throws {
        let arguments = arguments("clips", ["--all", "--at-least", "1", "--threads", "1"])
        let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
        // Files of more than 32 blocks of 512 bytes cannot be written, which some clips have.
        let full = try shell("trap '' XFSZ; ulimit -f 32; exec \"$MYNAH\" \(quoted)")
        #expect(full.ending == .status(1), "\(full.errors)")
        #expect(full.errors.contains(": cannot be written: File too large"), "\(full.errors)")
        #expect(full.errors.contains(" left; the same command goes on"), "\(full.errors)")
        let part = try files(in: clips)
        #expect(try table(clips).contains { $0[0] == "planned" })
        #expect(
            !(try FileManager.default.subpathsOfDirectory(atPath: clips).contains { $0.hasSuffix(".tmp") }))
        let rest = try mynah(arguments)
        #expect(rest.ending == .status(0), "\(rest.errors)")
        let whole = try files(in: clips)
        #expect(whole.count > part.count)
        for (name, content) in part { #expect(whole[name] == content, "\(name)") }
        #expect(try !table(clips).contains { $0[0] == "planned" })
        #expect(try mynah(self.arguments("at-once", ["--all", "--at-least", "1"])).ending == .status(0))
        #expect(try files(in: folder.file("at-once")) == whole)
    }

    /// Speech without a word holds nothing of it, and can be trained with.
    @Test func speechWithoutAWord() throws {
        let word = String(try #require(ToneSpeech.text(0).split(separator: " ").last))
        let outcome = try mynah(
            arguments("clips", ["--speech-without", word, "--shortest", "0.3", "--margin", "0.05"]))
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let rows = try table(clips).filter { $0[0] == "kept" }
        #expect(rows.count >= 20 && Set(rows.map { $0[3] }) == ["no \(word)"])
        #expect(Set(rows.map { $0[2] }) == Set(try files(in: clips).keys))
        for row in rows {
            let name = try #require(row[5].split(separator: "/").last?.split(separator: ".").first)
            let parts = name.split(separator: "-").compactMap { Int($0) }
            let text = ToneSpeech.text(100 * parts[0] + parts[2])
            let (start, end) = (try #require(Double(row[6])), try #require(Double(row[7])))
            for (said, extent) in zip(text.split(separator: " "), ToneSpeech.extents(of: text))
            where said == word {
                #expect(min(end, extent.end) - max(start, extent.start) < 0.05, "\(row)")
            }
        }
    }

    @Test func wrongUsage() throws {
        for arguments in [
            ["harvest"], ["harvest", "x"], ["harvest", "x", "--output", "y"],
            ["harvest", "x", "--output", "y", "--words", "a", "--all"],
            ["harvest", "x", "--output", "y", "--words", "a", "--except", "b"],
            ["harvest", "x", "--output", "y", "--words", "a", "--at-least", "2"],
            ["harvest", "x", "--output", "y", "--words", "a,,b"],
            ["harvest", "x", "--output", "y", "--words", "turn on"],
            ["harvest", "x", "--output", "y", "--words", "7"],
            ["harvest", "x", "--output", "-", "--words", "a"],
            ["harvest", "x", "--output", "y", "--words", "a", "--margin", "-1"],
            ["harvest", "x", "--output", "y", "--words", "a", "--confidence", "nan"],
            ["harvest", "x", "--output", "y", "--words", "a", "--rate", "1"],
            ["harvest", "x", "--output", "y", "--all", "--at-least", "5", "--at-most", "4"],
            ["harvest", "x", "--output", "y", "--speech-without", "a", "--at-most", "4"],
        ] {
            #expect(try mynah(arguments).ending == .status(64), "\(arguments)")
        }
        let output = ["--output", clips]
        for (arguments, message) in [
            ([corpus, "--words", "a"], "is a folder, whose words --model finds: a speech model is missing"),
            (
                [corpus, "--words", "a", "--model", "\(Program.sources)/models/commands.safetensors"],
                "expected a speech model, which spells sentences"
            ),
            ([folder.file("none"), "--words", "a"], "No such file"),
            (
                [corpus + "/0/1/0-1.trans.txt", "--words", "a"],
                "is no table of words, expected a first line with the columns path"
            ),
            (
                [corpus, "--words", "a", "--model", model, "--recordings", "x"],
                "which --recordings has no part in"
            ),
            ([corpus, "--words", "zzz", "--model", model], "no clip was cut; "),
        ] {
            let outcome = try mynah(["harvest"] + arguments + output)
            #expect(outcome.ending == .status(1), "\(arguments): \(outcome.errors)")
            #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
        }
    }
}
