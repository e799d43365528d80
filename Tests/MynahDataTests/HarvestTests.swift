import Foundation
import MynahAudio
import MynahBase
import Testing

@testable import MynahData

/// A recording with words at known times: `("on", 0.5, 0.7)`, sure unless said otherwise.
private func sentence(
    _ name: String, by speaker: String = "anna", in folder: String = "/nowhere",
    _ words: (String, Double, Double)..., confidence: Double = 0.9, unsure: Set<Int> = []
) -> AlignedSentence {
    AlignedSentence(
        path: "\(folder)/\(name)", name: name, speaker: speaker,
        words: words.enumerated().map { index, word in
            AlignedWord(
                word: word.0, start: word.1, end: word.2,
                confidence: unsure.contains(index) ? 0.01 : confidence)
        })
}

/// What becomes of each cut: its clip, or the kind of reason.
private func fates(_ plan: HarvestPlan) -> [String] {
    plan.cuts.map { cut in
        switch cut.fate {
        case .cut(let clip): clip
        case .there(let clip): "there: \(clip)"
        case .dropped(let drop): drop.kind
        }
    }
}

private func plan(
    _ sentences: [AlignedSentence], _ settings: HarvestSettings, into folder: String = "/nowhere/clips"
) throws -> HarvestPlan {
    try settings.validate()
    return try HarvestPlan(of: sentences, settings: settings, into: HarvestFolder(at: folder))
}

@Suite struct HarvestPlanTests {
    @Test func wordsAreTakenAndDropped() throws {
        let plan = try plan(
            [
                sentence(
                    "a.wav", ("on", 0.05, 0.35), ("and", 0.6, 0.9), ("on", 0.84, 1.2), ("off", 2, 2.05),
                    ("on", 3, 3.4)),
                sentence("b.wav", by: "ben", ("on", 1, 1.3), ("off", 2, 2.4), unsure: [0]),
            ], HarvestSettings(.words(["on", "off"])))
        #expect(
            fates(plan) == [
                "on/anna_nohash_0.wav", "run together", "short", "on/anna_nohash_1.wav", "unsure",
                "off/ben_nohash_0.wav",
            ])
        // A margin of 0.1 s, but never more than half of the pause, and not before the start.
        #expect(plan.cuts[0].start == 0 && abs(plan.cuts[0].end - 0.45) < 1e-9)
        #expect(abs(plan.cuts[1].start - 0.87) < 1e-9)
        #expect(abs(plan.cuts[3].start - 2.9) < 1e-9 && abs(plan.cuts[3].end - 3.5) < 1e-9)
    }

    /// The first clip of each speaker comes before the second of any, and the surest of a speaker first.
    @Test func limitsTakeTurns() throws {
        func say(_ speaker: String, _ confidences: [Double]) -> [AlignedSentence] {
            confidences.enumerated().map {
                sentence("\(speaker)\($0).wav", by: speaker, ("go", 1, 1.5), confidence: $1)
            }
        }
        let sentences = say("anna", [0.5, 0.9, 0.8, 0.7]) + say("ben", [0.3]) + say("cleo", [0.4, 0.6])
        var settings = HarvestSettings(.words(["go"]))
        settings.speakerLimit = 2
        #expect(
            fates(try plan(sentences, settings)) == [
                "enough", "go/anna_nohash_0.wav", "go/anna_nohash_1.wav", "enough", "go/ben_nohash_0.wav",
                "go/cleo_nohash_0.wav", "go/cleo_nohash_1.wav",
            ])
        settings.wordLimit = 4
        #expect(
            fates(try plan(sentences, settings)) == [
                "enough", "go/anna_nohash_0.wav", "go/anna_nohash_1.wav", "enough", "go/ben_nohash_0.wav",
                "enough", "go/cleo_nohash_0.wav",
            ])
    }

    @Test func rareWordsAndExceptions() throws {
        let sentences = (0..<3).map {
            sentence(
                "\($0).wav", by: "s\($0)", ("on", 1, 1.4), ("and", 2, 2.4),
                ("lamp\($0 == 0 ? "s" : "")", 3, 3.4))
        }
        let fates = fates(
            try plan(sentences, HarvestSettings(.allWords(except: ["on"], atLeast: 3))))
        #expect(
            fates == [
                "and/s0_nohash_0.wav", "rare", "and/s1_nohash_0.wav", "rare", "and/s2_nohash_0.wav", "rare",
            ])
    }

    /// Stretches stay away from the commands, and the farther the less sure it is where these are.
    @Test func speechBetweenCommands() throws {
        let words: [(String, Double, Double)] = [
            ("and", 1, 1.2), ("then", 1.3, 2.6), ("on", 3, 3.2), ("a", 3.4, 3.5), ("off", 4, 4.4),
            ("we", 6, 6.4),
            ("went", 6.5, 9),
        ]
        func stretches(unsure: Set<Int>) throws -> [[Double]] {
            let sentence = AlignedSentence(
                path: "a", name: "a", speaker: "anna",
                words: words.enumerated().map {
                    AlignedWord(
                        word: $1.0, start: $1.1, end: $1.2, confidence: unsure.contains($0) ? 0 : 1)
                })
            let plan = try plan([sentence], HarvestSettings(.speech(without: ["on", "off"])))
            #expect(Set(plan.cuts.map(\.word)) == ["no off,on"])
            return plan.cuts.filter { $0.clip != nil }.map {
                [$0.start, $0.end].map { ($0 * 1000).rounded() / 1000 }
            }
        }
        #expect(try stretches(unsure: []) == [[0.7, 2.7], [5.7, 9.3]])
        #expect(try stretches(unsure: [2, 4]) == [[0.7, 2.6], [6, 9.3]])
    }

    @Test func longSpeechBecomesSeveralStretches() throws {
        let words = (0..<100).map {
            AlignedWord(word: "and", start: Double($0), end: Double($0) + 0.5, confidence: 1)
        }
        let plan = try plan(
            [AlignedSentence(path: "a", name: "a", speaker: "anna", words: words)],
            HarvestSettings(.speech(without: ["on"])))
        #expect(
            fates(plan)
                == ["anna_nohash_0.wav", "anna_nohash_1.wav", "anna_nohash_2.wav", "anna_nohash_3.wav"])
        for cut in plan.cuts { #expect(cut.end - cut.start <= HarvestSettings.longestStretchSeconds + 1) }
        for (one, next) in zip(plan.cuts, plan.cuts.dropFirst()) { #expect(one.end <= next.start) }
    }

    @Test func settingsOutOfRangeAreRefused() {
        var settings = HarvestSettings(.allWords(except: [], atLeast: 5))
        settings.wordLimit = 3
        #expect(throws: DataError.self) { try settings.validate() }
        settings = HarvestSettings(.words(["on"]))
        settings.marginSeconds = .nan
        #expect(throws: DataError.self) { try settings.validate() }
    }
}

@Suite struct HarvestNameTests {
    /// Different speakers have different names, which give the speaker back as the split sees him.
    @Test func everySpeakerHasAName() {
        #expect(HarvestNames.fileName(of: "1272") == "1272")
        #expect(HarvestNames.fileName(of: "Jörg Müller") == "Jörg Müller")
        let odd = [
            "a/b", "a%2Fb", ".a", "..", "a_nohash_b", "a%5Fnohash%5Fb", String(repeating: "ö", count: 120),
            String(repeating: "ö", count: 121),
        ]
        let names = odd.map(HarvestNames.fileName)
        #expect(Set(names).count == odd.count)
        for name in names {
            #expect(!name.contains("/") && !name.hasPrefix(".") && name.utf8.count <= 200)
            #expect(SpeakerSplit.speaker(ofFileName: "\(name)_nohash_0.wav") == name)
        }
    }

    @Test func namesOfOtherFilesAreLeftToThem() throws {
        let folder = try DataTestFolder(["on/anna_nohash_0.flac", "on/anna_nohash_2.wav"])
        let sentences = (0..<3).map { sentence("\($0).wav", ("on", 1, 1.5)) }
        let plan = try plan(sentences, HarvestSettings(.words(["on"])), into: folder.path)
        #expect(
            fates(plan) == ["on/anna_nohash_1.wav", "on/anna_nohash_3.wav", "on/anna_nohash_4.wav"])
    }
}

/// Clips that are really cut, out of ramps.
@Suite struct HarvestCuttingTests {
    private let folder: DataTestFolder

    init() throws { folder = try DataTestFolder() }

    private func sentences(_ count: Int = 3) throws -> [AlignedSentence] {
        try (0..<count).map { number in
            try folder.write("\(number).wav", "64000 \(number)")
            return sentence(
                "\(number).wav", by: "s\(number % 2)", in: folder.path, ("on", 1, 1.5), ("and", 2, 2.5),
                ("on", 3, 3.5))
        }
    }

    private func harvest(
        _ sentences: [AlignedSentence], _ settings: HarvestSettings = HarvestSettings(.words(["on"])),
        threads: Int = 2, stopAfter limit: Int = .max
    ) throws -> HarvestPlan.Outcome {
        let clips = try HarvestFolder(at: "\(folder.path)/clips")
        let plan = try HarvestPlan(of: sentences, settings: settings, into: clips)
        try makeFolder(clips.path)
        try HarvestRecord.write(plan.records, to: clips.tablePath)
        let asked = Counter()
        let outcome = plan.cut(
            into: clips, with: DataTestFolder.decoder, threads: threads,
            shouldStop: { asked.next() > limit })
        try HarvestRecord.write(outcome.records, to: clips.tablePath)
        return outcome
    }

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var count = 0
        func next() -> Int {
            lock.withLock {
                count += 1; return count
            }
        }
    }

    private func samples(_ clip: String) throws -> [Float] {
        try Waveform(
            contentsOf: .file(path: "\(folder.path)/clips/\(clip)"), sampleRate: 16_000, maximumDuration: 60
        ).samples
    }

    private var clips: [String] {
        get throws {
            try FileManager.default.subpathsOfDirectory(atPath: "\(folder.path)/clips")
                .filter { $0.hasSuffix(".wav") }.sorted()
        }
    }

    /// A clip is what lies at its time in the recording, but for the softened ends, on any number of threads.
    @Test(arguments: [1, 3]) func aClipIsThatStretchOfItsRecording(_ threads: Int) throws {
        let sentences = try sentences()
        let outcome = try harvest(sentences, threads: threads)
        #expect(outcome.done.count == 6 && outcome.leftCount == 0 && outcome.passedOver.count == 0)
        #expect(
            try clips == [
                "on/s0_nohash_0.wav", "on/s0_nohash_1.wav", "on/s0_nohash_2.wav", "on/s0_nohash_3.wav",
                "on/s1_nohash_0.wav", "on/s1_nohash_1.wav",
            ])
        for cut in outcome.plan.cuts {
            let whole: [Float] =
                switch DataTestFolder.decoder.samples(
                    of: sentences[cut.recording].path, maximumSeconds: 10)
                {
                case .success(let samples): samples.values.map { Float($0) * QuantizedSamples.step }
                case .failure: []
                }
            let start = Int((cut.start * 16_000).rounded())
            let clip = try samples(try #require(cut.clip))
            #expect(clip.count == Int((cut.end * 16_000).rounded()) - start)
            for index in 80..<clip.count - 80 {
                #expect(abs(clip[index] - whole[start + index]) <= QuantizedSamples.step)
            }
            #expect(abs(clip[0]) < 0.001 && abs(clip[clip.count - 1]) < 0.001)
        }
        #expect(outcome.records.allSatisfy { $0.outcome == .kept })
    }

    /// What was cut before is neither cut again nor replaced; what was removed stays away; more recordings add to it.
    @Test func aHarvestGoesOn() throws {
        let sentences = try sentences()
        let first = try harvest(sentences, threads: 1, stopAfter: 2)
        #expect(first.done.count == 4 && first.leftCount == 2)
        #expect(first.records.count { $0.outcome == .planned } == 2)
        let mark = "on/s0_nohash_0.wav"
        try folder.write("clips/\(mark)", "mine")

        let second = try harvest(sentences)
        #expect(second.done.count == 2 && second.leftCount == 0)
        #expect(try clips.count == 6)
        #expect(try String(contentsOfFile: "\(folder.path)/clips/\(mark)", encoding: .utf8) == "mine")
        #expect(Set(second.records.map(\.clip)) == Set(first.records.map(\.clip)))

        try FileManager.default.removeItem(atPath: "\(folder.path)/clips/\(mark)")
        for _ in 0..<2 {
            let third = try harvest(sentences)
            #expect(third.done.isEmpty)
            #expect(
                third.records.filter { $0.outcome == .dropped }.map(\.reason) == [HarvestDrop.removed.reason])
            #expect(try clips.count == 5)
        }

        try folder.write("more/0.wav", "64000 more")
        let more = sentence("more/0.wav", by: "s0", in: folder.path, ("on", 1, 1.5))
        let fourth = try harvest([more])
        #expect(fourth.records.count == 7)
        #expect(fourth.records.last?.clip == mark)
        #expect(fourth.done.count == 1)
        #expect(try clips.count == 6)

        // The limits count what is there.
        var settings = HarvestSettings(.words(["on"]))
        settings.speakerLimit = 4
        try folder.write("more/1.wav", "64000 more")
        let fifth = try harvest([sentence("more/1.wav", by: "s0", in: folder.path, ("on", 1, 1.5))], settings)
        #expect(fifth.done.isEmpty && fates(fifth.plan) == ["enough"])
    }

    @Test func whatCannotBeReadOrWrittenIsTold() throws {
        var sentences = try sentences()
        try folder.write("1.wav", "no sound")
        sentences.append(
            sentence("0.wav", by: "late", in: folder.path, ("on", 3.2, 3.55), ("on", 4.3, 4.8)))
        let outcome = try harvest(sentences)
        #expect(outcome.done.count == 5)
        #expect(
            outcome.passedOver.lines.map { String($0.dropFirst(folder.path.count + 1)) } == [
                "1.wav: is not audio", "0.wav: ends before 1 word of the table",
            ])
        #expect(outcome.records.count { $0.reason == "is not audio" } == 2)
        #expect(outcome.records.count { $0.reason == HarvestDrop.behindEnd.reason } == 1)

        let blocked = try DataTestFolder(["clips/on"])
        let clips = try HarvestFolder(at: "\(blocked.path)/clips")
        let plan = try HarvestPlan(of: sentences, settings: HarvestSettings(.words(["on"])), into: clips)
        let failed = plan.cut(into: clips, with: DataTestFolder.decoder, threads: 2)
        #expect(failed.done.isEmpty && failed.failure != nil)
        #expect(failed.records.allSatisfy { $0.outcome == .planned || $0.outcome == .dropped })
    }

    /// A folder with something else in it is not written to.
    @Test func otherTablesAreRefused() throws {
        let sentences = try sentences()
        for text in ["", "mine\n", HarvestRecord.header + "kept\tx\n"] {
            let other = try DataTestFolder()
            try other.write("harvest.tsv", text)
            #expect(throws: DataError.self, "\(text)") { try HarvestFolder(at: other.path) }
        }
        let outside = ["../a.wav", "/a.wav", "a/../../b.wav", ""].map {
            "kept\t\t\($0)\ton\tanna\t0.wav\t0.900\t1.600\t0.9000\n"
        }
        for line in outside {
            let other = try DataTestFolder()
            try other.write("harvest.tsv", HarvestRecord.header + line)
            #expect(throws: DataError.self, "\(line)") { try HarvestFolder(at: other.path) }
        }
        _ = try harvest(sentences)
        #expect(throws: DataError.self) {
            try harvest(sentences, HarvestSettings(.speech(without: ["on"])))
        }
    }

    @Test func aSummaryCounts() throws {
        let settings = HarvestSettings(.words(["on", "nowhere"]))
        let summary = HarvestSummary(of: try harvest(try sentences(), settings), settings: settings)
        #expect(summary.clips == 6 && summary.speakers == 2 && summary.missing == ["nowhere"])
        #expect(summary.words.map(\.word) == ["on"] && summary.words[0].clips == 6)
        #expect(abs(summary.seconds - 6 * 0.7) < 1e-9)
    }
}

@Suite struct AlignedWordTableTests {
    private let folder: DataTestFolder

    init() throws { folder = try DataTestFolder(["a.wav", "inner/b.wav"]) }

    private func table(_ lines: [String], recordings: String? = nil) throws -> AlignedWordTable {
        try folder.write(
            "words.tsv", (["path\tspeaker\tstart\tend\tword\tconfidence"] + lines).joined(separator: "\n"))
        return try AlignedWordTable(contentsOf: "\(folder.path)/words.tsv", recordings: recordings)
    }

    @Test func linesAreSentences() throws {
        let table = try table([
            "a.wav\tanna\t2.0\t2.5\tOff\t0.9", "inner/b.wav\tben\t0\t0.5\ton\t1",
            "a.wav\tanna\t1.0\t1.5\ton\t0.5",
        ])
        #expect(table.passedOver.count == 0)
        #expect(table.sentences.map(\.name) == ["a.wav", "inner/b.wav"])
        #expect(table.sentences.map(\.path) == ["\(folder.path)/a.wav", "\(folder.path)/inner/b.wav"])
        #expect(table.sentences[0].words.map(\.word) == ["on", "off"])
        #expect(table.sentences[0].words[1].end == 2.5)
        #expect(
            try self.table(["b.wav\tben\t0\t0.5\ton\t1"], recordings: "\(folder.path)/inner").sentences.count
                == 1)
    }

    @Test(arguments: [
        ("a.wav\tanna\t1\t2\ton", "has no confidence"), ("a.wav\t\t1\t2\ton\t1", "has no speaker"),
        ("a.wav\tanna\tx\t2\ton\t1", "its start is 'x', expected a number from 0 to 86400"),
        ("a.wav\tanna\tnan\t2\ton\t1", "its start is 'nan', expected a number from 0 to 86400"),
        ("a.wav\tanna\t1\tinf\ton\t1", "its end is 'inf', expected a number from 0 to 86400"),
        ("a.wav\tanna\t3\t2\ton\t1", "its word goes from 3 to 2 s, expected at most 30 s"),
        ("a.wav\tanna\t0\t86400\ton\t1", "its word goes from 0 to 86400 s, expected at most 30 s"),
        ("a.wav\tanna\t1\t2\tturn on\t1", "'turn on' is several words, expected one"),
        (
            "a.wav\tanna\t1\t2\t7\t1",
            "the text holds the digit '7', expected numbers written as they are spoken"
        ),
        ("a.wav\tanna\t1\t2\ton\t2", "its confidence is '2', expected a number from 0 to 1"),
        ("a.wav\tben\t1\t2\ton\t1", "the speaker of the recording is 'ben', expected 'anna' as in line 2"),
        ("gone.wav\tanna\t1\t2\ton\t1", "its recording 'gone.wav' is not there"),
    ]) func faultsAreTold(_ line: String, _ fault: String) throws {
        let table = try table(["a.wav\tanna\t4\t5\tgo\t1", line])
        #expect(table.sentences.count == 1 && table.sentences[0].words.count == 1)
        #expect(table.passedOver.lines.count == 1)
        let told = table.passedOver.lines.first ?? ""
        #expect(
            told.hasSuffix(fault.hasPrefix("its recording") ? ": \(fault)" : "line 3: \(fault)"), "\(told)")
    }

    @Test func otherFilesAreRefused() throws {
        try folder.write("transcripts.tsv", "a.wav\tanna\thello\n")
        for name in ["transcripts.tsv", "none.tsv", "a.wav"] {
            #expect(throws: DataError.self) { try AlignedWordTable(contentsOf: "\(folder.path)/\(name)") }
        }
        let error = #expect(throws: DataError.self) { try table(["gone.wav\tanna\t1\t2\ton\t1"]) }
        #expect(
            error?.description.hasSuffix(
                "none of its 1 recording is there, looked for from here and beside the table; the first is 'gone.wav'"
            )
                == true)
    }
}
