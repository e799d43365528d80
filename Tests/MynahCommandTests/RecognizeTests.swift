import Foundation
import Glibc
import MynahTestSupport
import Testing

/// `mynah recognize` with a model that the tests have trained.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct RecognizeTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private func recognize(
        _ arguments: String..., input: [UInt8]? = nil
    ) throws -> Outcome {
        try mynah(
            ["recognize", "--model", words.model] + arguments, input: input, folder: folder.path)
    }

    /// The label in a line such as `a.wav: rising 98.2 % (1.2 ms)`, for a file of this name.
    private func label(in line: some StringProtocol, of file: String) -> String? {
        guard line.hasPrefix("\(file): ") else { return nil }
        return String(line.dropFirst(file.count + 2).prefix { $0 != " " })
    }

    @Test func oneLineForEachFile() throws {
        let files = Word.allCases.map(words.clip)
        let outcome = try mynah(["recognize", "--model", words.model] + files)
        #expect(outcome.ending == .status(0))
        #expect(outcome.errors.isEmpty)
        #expect(outcome.outputLines.count == 3)
        for (line, word) in zip(outcome.outputLines, Word.allCases) {
            #expect(label(in: line, of: words.clip(word)) == word.rawValue)
            #expect(line.wholeMatch(of: /.*: [a-z]+ [0-9]+\.[0-9] % \([0-9]+\.[0-9] ms\)/) != nil, "\(line)")
        }
    }

    @Test func topLabels() throws {
        let outcome = try recognize("--top", "2", words.clip(.valley))
        #expect(
            outcome.output.wholeMatch(of: /.*: valley [0-9.]+ %, (rising|falling) [0-9.]+ % \([0-9.]+ ms\)\n/)
                != nil,
            "\(outcome.output)")
        // More than there are is all of them.
        #expect(try recognize("--top", "99", words.clip(.valley)).output.split(separator: " %").count == 4)
    }

    @Test func jsonObjectsOneALine() throws {
        let outcome = try recognize("--json", "--top", "3", words.clip(.rising), words.clip(.falling))
        #expect(outcome.ending == .status(0))
        #expect(outcome.outputLines.count == 2)
        for (line, word) in zip(outcome.outputLines, [Word.rising, .falling]) {
            let object = try #require(
                JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(Set(object.keys) == ["file", "label", "probability", "top", "seconds"])
            #expect(object["file"] as? String == words.clip(word))
            #expect(object["label"] as? String == word.rawValue)
            let seconds = try #require(object["seconds"] as? Double)
            #expect(seconds > 0 && seconds < 10)
            let top = try #require(object["top"] as? [[String: Any]])
            #expect(top.allSatisfy { Set($0.keys) == ["label", "probability"] })
            #expect(Set(top.compactMap { $0["label"] as? String }) == Set(Word.allCases.map(\.rawValue)))
            let probabilities = top.compactMap { $0["probability"] as? Double }
            #expect(probabilities == probabilities.sorted(by: >))
            #expect(abs(probabilities.reduce(0, +) - 1) < 1e-5)
            #expect(object["probability"] as? Double == probabilities.first)
        }
        // Without --top, the most probable label alone.
        let one = try recognize("--json", words.clip(.rising)).output
        let object = try JSONSerialization.jsonObject(with: Data(one.utf8)) as? [String: Any]
        #expect((object?["top"] as? [Any])?.count == 1)
    }

    @Test func folderStandsForItsAudioFiles() throws {
        try folder.writeSound(Word.rising.samples(speaker: 5), to: "clips/b.wav")
        try folder.writeSound(Word.falling.samples(speaker: 5), to: "clips/a.WAV")
        try folder.writeSound(Word.valley.samples(speaker: 5), to: "clips/.hidden.wav")
        try folder.write(Array("no sound".utf8), to: "clips/notes.txt")
        try folder.writeSound(Word.valley.samples(speaker: 5), to: "clips/inner/c.wav")
        for name in ["clips", "clips/"] {
            let outcome = try recognize(name)
            #expect(outcome.ending == .status(0))
            #expect(outcome.outputLines.count == 2)
            #expect(label(in: outcome.outputLines[0], of: "clips/a.WAV") == "falling")
            #expect(label(in: outcome.outputLines[1], of: "clips/b.wav") == "rising")
        }
    }

    @Test func patternInQuotationMarks() throws {
        for name in ["b1.wav", "b2.wav", "a[1].wav", "a1.wav"] {
            try folder.writeSound(Word.rising.samples(speaker: 6), to: name)
        }
        func files(_ pattern: String) throws -> [String] {
            try recognize(pattern).outputLines.map { String($0.prefix { $0 != ":" }) }
        }
        #expect(try files("b*.wav") == ["b1.wav", "b2.wav"])
        #expect(try files("?1.wav") == ["a1.wav", "b1.wav"])
        #expect(try files(folder.file("b[2-9].wav")) == [folder.file("b2.wav")])
        // A file of that very name comes before the pattern.
        #expect(try files("a[1].wav") == ["a[1].wav"])
        let outcome = try recognize("*.flac", "b1.wav")
        #expect(outcome.ending == .status(1))
        #expect(outcome.errors == "mynah: *.flac: no file matches\n")
        #expect(outcome.outputLines.count == 1)
    }

    @Test func badFileAmongGoodOnes() throws {
        let outcome = try recognize(words.clip(.rising), "missing.wav", words.clip(.falling))
        #expect(outcome.ending == .status(1))
        #expect(outcome.errors == "mynah: missing.wav: no such file\n")
        #expect(outcome.outputLines.count == 2)
        #expect(label(in: outcome.outputLines[1], of: words.clip(.falling)) == "falling")
    }

    @Test func standardInput() throws {
        let wav = try bytes(of: words.clip(.valley))
        let outcome = try recognize("-", input: wav)
        #expect(outcome.ending == .status(0))
        #expect(label(in: outcome.output, of: "-") == "valley")
        #expect(try recognize("--json", "-", input: wav).output.contains(#""file":"-""#))
        #expect(try recognize("-").errors.hasPrefix("mynah: -: "))
        let flac = try bytes(of: Program.sources + "/audio-samples/stop-pico-us.flac")
        #expect(try recognize("-", input: flac).outputLines.count == 1)
        // The same bytes from a file and from a pipe are the same sound.
        let path = try folder.write(flac, to: "-.flac")
        let fromFile = try recognize("--top", "3", path).output.split(separator: ": ").last?.split(
            separator: " (")
        let fromPipe = try recognize("--top", "3", "-", input: flac).output.split(separator: ": ").last?
            .split(separator: " (")
        #expect(fromFile?.first == fromPipe?.first)
    }

    @Test func rawSamples() throws {
        let samples = WAVFile(Word.falling.samples(speaker: 8), sampleRate: 16_000).data
        try folder.write(samples, to: "clip.raw")
        #expect(label(in: try recognize("--raw", "16000", "clip.raw").output, of: "clip.raw") == "falling")
        #expect(label(in: try recognize("--raw", "16000", "-", input: samples).output, of: "-") == "falling")
        let fast = WAVFile(Word.falling.samples(speaker: 8, sampleRate: 22_050), sampleRate: 22_050).data
        #expect(label(in: try recognize("--raw", "22050", "-", input: fast).output, of: "-") == "falling")
    }

    @Test func channel() throws {
        let left = Word.rising.samples(speaker: 9)
        let right = Word.falling.samples(speaker: 9)
        let both = zip(left, right).flatMap { [$0, $1] }
        try folder.write(WAVFile(both, sampleRate: 16_000, channels: 2).bytes, to: "two.wav")
        #expect(label(in: try recognize("--channel", "1", "two.wav").output, of: "two.wav") == "rising")
        #expect(label(in: try recognize("--channel", "2", "two.wav").output, of: "two.wav") == "falling")
        let outcome = try recognize("--channel", "3", "two.wav")
        #expect(outcome.ending == .status(1))
        #expect(outcome.errors == "mynah: two.wav: has no channel 3; its channels are 1 to 2\n")
    }

    @Test(arguments: WAVFile.Encoding.allCases) func encodings(encoding: WAVFile.Encoding) throws {
        for (rate, channels) in [(8_000, 1), (16_000, 1), (48_000, 2)] {
            let mono = Word.rising.samples(speaker: 20, sampleRate: rate)
            let samples = channels == 1 ? mono : mono.flatMap { [$0, $0] }
            let file = WAVFile(samples, sampleRate: rate, channels: channels, encoding: encoding)
            try folder.write(file.bytes, to: "clip.wav")
            let outcome = try recognize("clip.wav")
            #expect(
                label(in: outcome.output, of: "clip.wav") == "rising",
                "\(rate) Hz: \(outcome.output)\(outcome.errors)")
        }
    }

    @Test func wordLateInALongFile() throws {
        var samples = [Float](repeating: 0, count: 16_000 * 7)
        samples.replaceSubrange(16_000 * 4..<16_000 * 5, with: Word.falling.samples(speaker: 11))
        try folder.writeSound(samples, to: "long.wav")
        let outcome = try recognize("long.wav")
        #expect(
            outcome.output.wholeMatch(of: /long\.wav: [a-z]+ [0-9.]+ % at [0-9]\.[0-9]{2} s \([0-9.]+ ms\)\n/)
                != nil)
    }

    @Test func awkwardFileNames() throws {
        let clip = try bytes(of: words.clip(.rising))
        try folder.write(clip, to: "-x.wav")
        #expect(label(in: try recognize("--", "-x.wav").output, of: "-x.wav") == "rising")
        #expect(label(in: try recognize("./-x.wav").output, of: "./-x.wav") == "rising")

        let name = "a\u{1B}[31m\n\tb.wav"
        try folder.write(clip, to: name)
        let outcome = try recognize(name, "\u{1B}]0;missing\u{7}.wav")
        #expect(outcome.outputLines.count == 1)
        #expect(outcome.output.hasPrefix(#"a\u{1B}[31m\n\tb.wav: rising"#))
        #expect(outcome.errors == #"mynah: \u{1B}]0;missing\u{07}.wav: no such file"# + "\n")
        let json = try recognize("--json", name).output
        #expect(!json.contains("\u{1B}"))
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(object?["file"] as? String == name)

        for name in ["größe 声.wav", "it's \"quoted\" $HOME.wav"] {
            try folder.write(clip, to: name)
            #expect(label(in: try recognize(name).output, of: name) == "rising")
        }
    }
}
