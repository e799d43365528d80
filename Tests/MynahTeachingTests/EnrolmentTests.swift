import MynahAudio
import MynahBase
import MynahData
import MynahModel
import MynahRecognition
import MynahTestSupport
import Testing

@testable import MynahTeaching

@Suite("Teaching words to the built-in model", .serialized)
struct EnrolmentTests {
    private let folder: TemporaryFolder
    private var model: String { "\(folder.path)/mine.safetensors" }

    init() throws { folder = try TemporaryFolder() }

    private func takes(_ letters: String, _ numbers: Range<Int>) -> [Waveform] {
        numbers.map { tonalWord(letters, take: $0) }
    }

    private func heard(_ letters: String, take: Int) throws -> String {
        try Recognizer(model: CommandModel(contentsOf: model)).recognize(tonalWord(letters, take: take)).best
            .label
    }

    @Test("what is taught is an ordinary model, which hears other takes")
    func teaches() throws {
        let enrolment = try Enrolment(at: model)
        try enrolment.teach("rise", takes: takes("aeo", 0..<4))
        let advice = try enrolment.teach("fall", takes: takes("uoa", 0..<4))
        #expect(advice.words.map(\.word) == ["fall", "rise"])
        #expect(advice.words.allSatisfy { $0.takeCount == 4 && $0.speakerCount == 1 && $0.heardCount != nil })
        let taught = try CommandModel(contentsOf: model)
        #expect(taught.labels == ["_silence_", "_unknown_", "fall", "rise"])
        #expect(taught.detection?.thresholds.keys.sorted() == ["fall", "rise"])
        let base = try CommandModel.builtInForTeaching()
        #expect(taught.frontEnd == base.frontEnd && taught.normalizer == base.normalizer)
        #expect(try heard("aeo", take: 6) == "rise")
        #expect(try heard("uoa", take: 6) == "fall")
    }

    @Test("the model follows from the recordings and the seed, not from threads or from how they came")
    func deterministic() throws {
        var parameters: [[Float]] = []
        for (number, threads) in [(0, 1), (1, 3)] {
            var enrolment = try Enrolment(at: "\(folder.path)/\(number).safetensors")
            enrolment.threadCount = threads
            // In one go, or one after the other.
            if number == 0 {
                try enrolment.teach("rise", takes: takes("aeo", 0..<3))
            } else {
                try enrolment.teach("rise", takes: takes("aeo", 0..<2))
                try enrolment.teach("rise", takes: takes("aeo", 2..<3))
            }
            parameters.append(try CommandModel(contentsOf: enrolment.modelPath).parameters)
        }
        #expect(parameters[0] == parameters[1])
    }

    @Test("words are forgotten, renamed and had back; with the last one the model goes")
    func changes() throws {
        let enrolment = try Enrolment(at: model)
        try enrolment.teach("rise", takes: takes("aeo", 0..<3))
        try enrolment.teach("fall", takes: takes("uoa", 0..<3))
        let before = try CommandModel(contentsOf: model).parameters
        #expect(try enrolment.forget("rise")?.words.map(\.word) == ["fall"])
        #expect(try enrolment.rename("fall", to: "drop").words.map(\.word) == ["drop"])
        #expect(try enrolment.forget("drop", take: "me_nohash_1.wav")?["drop"]?.takeCount == 2)
        #expect(try enrolment.forget("drop") == nil)
        #expect(!fileExists(model))
        for _ in 0..<3 { try enrolment.undo() }
        #expect(try enrolment.undo().advice?.words.map(\.word) == ["fall", "rise"])
        #expect(try CommandModel(contentsOf: model).parameters == before)
    }

    @Test("the same file counts once, and is told")
    func repeated() throws {
        let enrolment = try Enrolment(at: model)
        let file = try folder.write(tonalWord("aeo", take: 0), to: "a.wav")
        let (receptions, advice) = try enrolment.teach("rise", files: [file, file, file])
        #expect(receptions.map(\.isRepeated) == [false, true, true])
        #expect(receptions.map(\.name) == [String](repeating: "me_nohash_0.wav", count: 3))
        #expect(advice["rise"]?.takeCount == 1)
        let again = try enrolment.teach("rise", files: [file])
        #expect(again.receptions.map(\.isRepeated) == [true])
        #expect(again.advice["rise"]?.takeCount == 1)
    }

    @Test("the same sound counts once, and one in which nothing is said is refused")
    func sounds() throws {
        let enrolment = try Enrolment(at: model)
        let take = tonalWord("aeo", take: 0)
        let first = try enrolment.keep(take, of: "rise")
        #expect(!first.isRepeated && first.name == "me_nohash_0.wav" && !fileExists(model))
        let second = try enrolment.keep(take, of: "rise")
        #expect(second.isRepeated && second.path == first.path)
        #expect(try Enrolment.words(at: model).map(\.takes) == [["me_nohash_0.wav"]])
        let silence = Waveform(samples: [Float](repeating: 0, count: 16_000), sampleRate: 16_000)
        #expect(throws: EnrolmentError.silentTake(path: "take")) {
            try enrolment.keep(silence, of: "rise")
        }
    }

    @Test("a model without words hears silence and other words, and can be taught any")
    func noWords() throws {
        let empty = try Enrolment.modelWithoutWords()
        #expect(empty.labels == ["_silence_", "_unknown_"])
        let base = try CommandModel.builtIn()
        // What it makes of the two is what the whole model makes of them.
        let sound = tonalWord("aeo", take: 0).ofLength(16_000)
        func odds(_ model: CommandModel) throws -> Float {
            let heard = try Recognizer(model: model).recognize(sound)
            let places = try ["_unknown_", "_silence_"].map { try #require(heard.labels.firstIndex(of: $0)) }
            return heard.posteriors[places[0]] / heard.posteriors[places[1]]
        }
        #expect(try abs(odds(empty) / odds(base) - 1) < 1e-3)
        try empty.write(to: model)
        try Enrolment.check(empty, at: model)
        try Enrolment(at: model).teach("rise", takes: takes("aeo", 0..<2))
        #expect(try CommandModel(contentsOf: model).labels == ["_silence_", "_unknown_", "rise"])
    }

    @Test("names of files say who speaks")
    func speakers() throws {
        let enrolment = try Enrolment(at: model)
        let files = try [
            folder.write(tonalWord("aeo", take: 0), to: "anna_nohash_7.wav"),
            folder.write(tonalWord("aeo", take: 1), to: "kitchen.wav"),
        ]
        let (receptions, advice) = try enrolment.teach("rise", files: files, speaker: "ben")
        #expect(receptions.map(\.name) == ["anna_nohash_0.wav", "ben_nohash_0.wav"])
        #expect(advice["rise"]?.speakerCount == 2)
    }

    @Test("what is refused changes nothing")
    func refused() throws {
        let enrolment = try Enrolment(at: model)
        let good = try folder.write(tonalWord("aeo", take: 0), to: "good.wav")
        let silent = try folder.write(
            Waveform(samples: [Float](repeating: 0, count: 16_000), sampleRate: 16_000), to: "silent.wav")
        let text = "\(folder.path)/text.wav"
        try AtomicFile.write(Array("no sound".utf8), to: text)
        func message(_ word: String, _ files: [String], speaker: String = "me") -> String {
            do {
                _ = try enrolment.teach(word, files: files, speaker: speaker)
                return "nothing was refused"
            } catch {
                return "\(error)"
            }
        }
        #expect(message("a/b", [good]) == "'a/b' cannot be a word: it is a path")
        #expect(message("_unknown_", [good]) == "'_unknown_' cannot be a word: it is reserved")
        #expect(message(".x", [good]).hasPrefix("'.x' cannot be a word: "))
        #expect(message(" x", [good]).hasPrefix("' x' cannot be a word: "))
        #expect(message("", [good]).hasPrefix("'' cannot be a word: "))
        #expect(message("rise", []) == "'rise': there is no recording to learn it from")
        #expect(message("rise", [good, silent]) == "\(silent): nothing is said in it")
        #expect(message("rise", [good, text]).hasPrefix("\(text): cannot be heard: "))
        #expect(message("rise", ["\(folder.path)/none.wav"]) == "\(folder.path)/none.wav: no such file")
        #expect(
            message("rise", [good], speaker: "a/b") == "'a/b' cannot be the name of a speaker: it is a path")
        #expect(try enrolment.words().isEmpty)
        #expect(!fileExists(model))

        _ = try enrolment.teach("rise", files: [good])
        #expect(message("Rise", [good]) == "'Rise' cannot be a word: it looks like 'rise'")
        #expect(throws: EnrolmentError.unknownWord(word: "x", known: ["rise"])) { try enrolment.forget("x") }
        #expect(throws: EnrolmentError.wordExists(word: "rise")) { try enrolment.rename("rise", to: "rise") }
        #expect(throws: EnrolmentError.self) { try enrolment.rename("rise", to: "_silence_") }
        #expect(throws: EnrolmentError.unknownTake(word: "rise", take: "x", folder: enrolment.recordingsPath))
        {
            try enrolment.forget("rise", take: "x")
        }
        #expect(try enrolment.words().map(\.word) == ["rise"])
    }

    @Test("a model that was trained otherwise is not taken over by mistake, but begun from")
    func otherModels() throws {
        try CommandModel.builtIn().write(to: model)
        #expect(throws: EnrolmentError.self) { try Enrolment(at: model) }
        let mine = "\(folder.path)/other.safetensors"
        let enrolment = try Enrolment(at: mine, from: CommandModel(contentsOf: model))
        try enrolment.teach("rise", takes: takes("aeo", 0..<2))
        #expect(try CommandModel(contentsOf: mine).labels == ["_silence_", "_unknown_", "rise"])
    }
}
