import Foundation
import MynahTestSupport
import Testing

/// A LibriSpeech of tones, and a model that was trained on it with the program, made once for all tests.
struct TrainedSpeech: Sendable {
    static let shared = Result { try TrainedSpeech() }

    private let folder: TemporaryFolder
    let corpus: String
    let run: String
    let training: Outcome

    var model: String { "\(run)/best.safetensors" }

    /// Arguments with which a small network learns to spell in some seconds.
    static let arguments = [
        "--layers", "conv:4:3x5:2x2,gru:24", "--epochs", "60", "--batch-size", "8", "--learning-rate", "6e-3",
        "--averaging", "0.9", "--dropout", "0", "--time-masks", "0", "--feature-masks", "0",
        "--room-probability", "0",
        "--band-probability", "0", "--code-probability", "0", "--noise-probability", "0", "--threads", "2",
    ]

    private init() throws {
        folder = try TemporaryFolder()
        try folder.writeToneSpeech(to: "tones", speakers: 10)
        corpus = folder.file("tones")
        run = folder.file("run")
        training = try mynah(["train-speech", corpus, "--run", run] + Self.arguments)
        // It lives as long as the process.
        Self.path = folder.path
        atexit { try? FileManager.default.removeItem(atPath: TrainedSpeech.path) }
    }

    nonisolated(unsafe) private static var path = ""
}

extension TemporaryFolder {
    /// Writes sentences of tones as LibriSpeech lays them out.
    func writeToneSpeech(to name: String, speakers: Int, sentences: Int = 6) throws {
        for speaker in 0..<speakers {
            var list = ""
            for number in 0..<sentences {
                let text = ToneSpeech.text(100 * speaker + number)
                list += "\(speaker)-1-\(number) \(text.uppercased())\n"
                try writeSound(
                    ToneSpeech.samples(of: text, speaker: speaker),
                    to: "\(name)/\(speaker)/1/\(speaker)-1-\(number).wav")
            }
            try write(list, to: "\(name)/\(speaker)/1/\(speaker)-1.trans.txt")
        }
    }

    func write(_ text: String, to name: String) throws {
        let path = file(name)
        try FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}

/// `mynah train-speech`, and what the other commands say of its model.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct SpeechTests {
    private let folder: TemporaryFolder
    private let speech: TrainedSpeech

    init() throws {
        folder = try TemporaryFolder()
        speech = try TrainedSpeech.shared.get()
    }

    @Test func messagesAndRunFolder() throws {
        let outcome = speech.training
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        let lines = outcome.errorLines
        #expect(lines.first == "Reading 60 sentences …")
        #expect(lines.contains { $0.hasPrefix("speakers ") })
        #expect(lines.contains("symbols: ␣ a e o u"))
        let epochs = lines.filter { $0.hasPrefix("epoch ") }
        #expect(epochs.count == 60)
        #expect(epochs.allSatisfy { $0.contains("symbol error rate ") && $0.contains(" sentences/s") })
        #expect(lines.last?.hasPrefix("Kept \(speech.model), from epoch ") == true)
        for name in ["run.json", "log.jsonl", "last.checkpoint", "curves.svg", "report.txt", "report.json"] {
            #expect(access("\(speech.run)/\(name)", F_OK) == 0, "\(name) is missing")
        }
    }

    @Test func evaluation() throws {
        let outcome = try mynah(
            "evaluate", speech.corpus, "--model", speech.model, "--split", "validation", "--json")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let result = try #require(report["result"] as? [String: Any])
        let symbols = try #require(result["symbols"] as? [String: Any])
        #expect(try #require(symbols["value"] as? Double) < 0.1)
        #expect(try #require(symbols["total"] as? Int) > 50)
        let speakers = try #require(result["speakers"] as? [[String: Any]])
        // Where all speakers are spelled alike there is nothing to draw an interval from.
        let rates = Set(
            speakers.map { Double($0["symbolErrors"] as? Int ?? 0) / Double($0["symbols"] as? Int ?? 1) })
        #expect((symbols["interval"] is [String: Any]) == (rates.count > 1))

        let page = folder.file("report.html")
        let all = try mynah(
            "evaluate", speech.corpus, "--model", speech.model, "--every-speaker", "--html", page)
        let html = String(decoding: try bytes(of: page), as: UTF8.self)
        #expect(html.contains("Symbol error rate") && html.contains("For whom the model fails"))
        #expect(all.ending == .status(0))
        #expect(all.output.contains("Errors in 60 sentences"))
        #expect(all.output.contains("words "))
    }

    @Test func inspectionAndVerification() throws {
        let text = try mynah("inspect", speech.model)
        #expect(text.ending == .status(0))
        #expect(text.output.contains("a speech model, which spells sentences"))
        #expect(text.output.contains("\nsymbols     ␣ a e o u\n"))
        #expect(text.output.contains("read-out frame"))
        let json = try mynah("inspect", "--json", speech.model)
        let inspection = try #require(
            JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(inspection["kind"] as? String == "speech")
        #expect(inspection["symbols"] as? [String] == [" ", "a", "e", "o", "u"])

        let verification = try mynah("verify", speech.model)
        #expect(verification.ending == .status(0), "\(verification.output)")
        #expect(verification.output.contains("stream equals clip"))
        #expect(verification.output.contains("batch equals single"))
    }

    /// Each kind of model is refused where the other is needed, in one line that says so.
    @Test func theOtherKindIsRefused() throws {
        let sound = folder.file("a.wav")
        try folder.writeSound(ToneSpeech.samples(of: "ae", speaker: 0), to: "a.wav")
        for arguments in [
            ["recognize", "--model", speech.model, sound],
            ["explain", "--model", speech.model, sound, "--output", folder.file("x.html")],
            ["compare", speech.model, speech.model, speech.corpus],
            ["calibrate", speech.model, speech.corpus, "--output", folder.file("x.safetensors")],
            ["train", speech.corpus, "--teacher", speech.model, "--output", folder.file("y.safetensors")],
        ] {
            let outcome = try mynah(arguments)
            #expect(outcome.ending == .status(1), "\(arguments)")
            #expect(
                outcome.errors.contains(
                    "it is a speech model, which spells sentences, expected a model of commands, which names single words"
                ), "\(arguments): \(outcome.errors)")
        }
        for option in [
            ["--conditions"], ["--unknown", speech.corpus],
            ["--early", "0.9"],
        ] {
            let outcome = try mynah(["evaluate", speech.corpus, "--model", speech.model] + option)
            #expect(outcome.ending == .status(1))
            #expect(outcome.errors.contains("for which there is no \(option[0])"), "\(outcome.errors)")
        }
        let align = try mynah(
            "align", speech.corpus, "--model", "\(Program.sources)/models/commands.safetensors", "--output",
            "-")
        #expect(align.ending == .status(1))
        #expect(
            align.errors.contains(
                "it is a model of commands, which names single words, expected a speech model"))
        let builtIn = try mynah("evaluate", speech.corpus, "--every-speaker")
        #expect(builtIn.ending == .status(1))
        #expect(builtIn.errors.contains("for which there is no --every-speaker"))
    }

    @Test func aRunGoesOnWithTheCommandThatStartedIt() throws {
        let other = try mynah("train", "--resume", speech.run)
        #expect(other.ending == .status(1))
        #expect(other.errors.contains("it was started by mynah train-speech"))
        // Others read the model meanwhile, which stays what it is: it began when it began.
        let model = try Data(contentsOf: URL(filePath: speech.model))
        let onwards = try mynah(
            "train-speech", speech.corpus, "--from", speech.model, "--epochs", "1", "--output",
            folder.file("onwards.safetensors"))
        #expect(onwards.ending == .status(0), "\(onwards.errors)")
        let own = try mynah("train-speech", "--resume", speech.run)
        #expect(own.ending == .status(0), "\(own.errors)")
        #expect(try Data(contentsOf: URL(filePath: speech.model)) == model)
        let again = try mynah("train-speech", speech.corpus, "--run", speech.run)
        #expect(again.ending == .status(1))
        #expect(again.errors.contains("go on with: mynah train-speech --resume"))
    }

    /// What cannot be used is told, one line each, and the rest is learnt from.
    @Test func badInput() throws {
        try folder.writeToneSpeech(to: "bad", speakers: 4)
        let stereo = WAVFile(
            ToneSpeech.samples(of: "aeou", speaker: 1, sampleRate: 44_100).flatMap { [$0, $0] },
            sampleRate: 44_100,
            channels: 2)
        try Data(stereo.bytes).write(to: URL(fileURLWithPath: folder.file("bad/2/1/stereo.wav")))
        try folder.write("not audio", to: "bad/2/1/broken.wav")
        try folder.write("nobody wrote this down", to: "bad/2/1/silent.wav")
        try folder.write(
            "stereo aeou\nbroken aeou\nlost aeou\n", to: "bad/2/1/more.trans.txt")
        try folder.writeSound(ToneSpeech.samples(of: "a", speaker: 2), to: "bad/2/1/short.wav")
        try folder.write(
            "short \(String(repeating: "aeou", count: 30))\nempty\n1 one\n", to: "bad/2/1/x.trans.txt")
        let outcome = try mynah(
            ["train-speech", folder.file("bad"), "--output", folder.file("bad.safetensors")]
                + TrainedSpeech.arguments.map { $0 == "60" ? "1" : $0 })
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        for line in [
            "2/1/more.trans.txt: line 3: no recording 'lost' beside the list",
            "2/1/silent.wav: a recording without a text", "2/1/broken.wav: ",
            "2/1/x.trans.txt: line 2: no recording 'empty' beside the list",
            "2/1/x.trans.txt: line 3: no recording '1' beside the list",
            "2/1/short.wav: the text of 120 letters needs 120 steps of the network, and the recording has ",
        ] {
            #expect(outcome.errors.contains(line), "\(line) is missing in \(outcome.errors)")
        }
        #expect(!outcome.errors.contains("stereo.wav"))
    }

    @Test func oneSpeaker() throws {
        try folder.writeToneSpeech(to: "one", speakers: 1)
        let arguments = ["train-speech", folder.file("one"), "--output", folder.file("one.safetensors")]
        let refused = try mynah(arguments + TrainedSpeech.arguments)
        #expect(refused.ending == .status(1))
        #expect(refused.errors.contains("all sentences are of one speaker, '0'"))
        #expect(refused.errors.contains("--no-validation"))
        let trained = try mynah(
            arguments + ["--no-validation"] + TrainedSpeech.arguments.map { $0 == "60" ? "2" : $0 })
        #expect(trained.ending == .status(0), "\(trained.errors)")
        #expect(trained.errors.contains("from epoch 2: no validation."))
    }

    /// Words of tones lie where they were put.
    @Test func alignment() throws {
        try folder.writeToneSpeech(to: "truth", speakers: 2)
        let outcome = try mynah("align", folder.file("truth"), "--model", speech.model, "--output", "-")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let lines = outcome.outputLines
        #expect(lines.first == "path\tspeaker\tstart\tend\tword\tconfidence")
        var words: [String: [(word: String, start: Double, end: Double)]] = [:]
        for line in lines.dropFirst() {
            let fields = line.split(separator: "\t")
            try #require(fields.count == 6)
            let (start, end) = (try #require(Double(fields[2])), try #require(Double(fields[3])))
            #expect((0...1).contains(try #require(Double(fields[5]))))
            words[String(fields[0]), default: []].append((String(fields[4]), start, end))
        }
        #expect(words.count == 12)
        for speaker in 0..<2 {
            for number in 0..<6 {
                let text = ToneSpeech.text(100 * speaker + number)
                let found = try #require(words["\(speaker)/1/\(speaker)-1-\(number).wav"])
                #expect(found.map(\.word) == text.split(separator: " ").map(String.init))
                for (word, truth) in zip(found, ToneSpeech.extents(of: text)) {
                    #expect(abs(word.start - truth.start) < 0.12 && abs(word.end - truth.end) < 0.12)
                }
            }
        }
        #expect(outcome.errors.contains("Aligned "))
    }

    @Test func gridsForPraat() throws {
        try folder.writeToneSpeech(to: "truth", speakers: 1)
        let arguments = [
            "align", folder.file("truth"), "--model", speech.model, "--format", "textgrid", "--output",
            folder.file("grids"),
        ]
        let outcome = try mynah(arguments)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let grid = String(decoding: try bytes(of: folder.file("grids/0/1/0-1-0.TextGrid")), as: UTF8.self)
        #expect(grid.hasPrefix("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\n"))
        let texts = grid.split(separator: "\n").filter { $0.contains(" text = ") }
            .map { $0.split(separator: "\"", omittingEmptySubsequences: false)[1] }.filter { !$0.isEmpty }
        #expect(texts.map(String.init) == ToneSpeech.text(0).split(separator: " ").map(String.init))
        // Each interval begins where the one before ended, and the last one ends with the recording.
        let bounds = grid.matches(of: /\n {12}xmin = ([0-9.]+)\n {12}xmax = ([0-9.]+)/).map { ($0.1, $0.2) }
        #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0.1 == $1.0 })
        // What lies there already is not replaced unasked.
        let again = try mynah(arguments)
        #expect(again.ending == .status(1))
        #expect(again.errors.contains("exists already; --force replaces it"))
    }

    /// Recordings whose names differ in their extensions only have a grid each; those of other names keep theirs short.
    @Test func gridsOfRecordingsThatAreNamedAlike() throws {
        let names = ["1.flac", "1.wav", "2.wav", "sub/1.wav"]
        for (number, name) in names.enumerated() {
            try folder.writeSound(
                ToneSpeech.samples(of: ToneSpeech.text(number), speaker: 0), to: "alike/\(name)")
        }
        try folder.write(
            names.enumerated().map { "\($1)\tanna\t\(ToneSpeech.text($0))\n" }.joined(),
            to: "alike/transcripts.tsv")
        let arguments = [
            "align", folder.file("alike"), "--model", speech.model, "--format", "textgrid", "--output",
            folder.file("grids/"),
        ]
        // What stands in the way is told before anything is read or made.
        try folder.write("mine", to: "grids/2.TextGrid")
        let refused = try mynah(arguments)
        #expect(refused.ending == .status(1))
        #expect(refused.errors.contains("grids/2.TextGrid: exists already; --force replaces it"))
        #expect(!refused.errors.contains("Aligned"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("grids")) == ["2.TextGrid"])
        let outcome = try mynah(arguments + ["--force"])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        for (number, name) in ["1.flac", "1.wav", "2", "sub/1"].enumerated() {
            let grid = String(
                decoding: try bytes(of: folder.file("grids/\(name).TextGrid")), as: UTF8.self)
            for word in ToneSpeech.text(number).split(separator: " ") {
                #expect(grid.contains("text = \"\(word)\""), "\(name)")
            }
        }
        let nowhere = try mynah(arguments.dropLast() + [folder.file("no/such/grids")])
        #expect(nowhere.ending == .status(1))
        #expect(nowhere.errors.contains("no/such does not exist"))
        #expect(!nowhere.errors.contains("Aligned"))
    }

    /// Not even with --force is anything replaced that is read.
    @Test func whatIsReadIsNotReplaced() throws {
        let samples = ToneSpeech.samples(of: "aeou ae", speaker: 0)
        try folder.writeSound(samples, to: "table/1.wav")
        try folder.write("1.wav\tanna\taeou ae\n", to: "table/transcripts.tsv")
        try folder.writeSound(samples, to: "list/anna/1/a-1.wav")
        try folder.write("a-1 aeou ae\n", to: "list/anna/1/a.trans.txt")
        for (corpus, name) in [
            ("table", "transcripts.tsv"), ("table", "1.wav"), ("list", "anna/1/a.trans.txt"),
            ("list", "anna/1/a-1.wav"),
        ] {
            let path = folder.file("\(corpus)/\(name)")
            let before = try bytes(of: path)
            for arguments in [
                ["align", folder.file(corpus), "--model", speech.model, "--output", path, "--force"],
                ["train-speech", folder.file(corpus), "--no-validation", "--output", path, "--force"]
                    + TrainedSpeech.arguments.map { $0 == "60" ? "1" : $0 },
            ] {
                let outcome = try mynah(arguments)
                #expect(outcome.ending == .status(1), "\(arguments)")
                #expect(outcome.errors.contains("would replace \(path), which is read"), "\(outcome.errors)")
                #expect(try bytes(of: path) == before)
            }
        }
    }

    /// Rows of several folders say which one they are of.
    @Test func alignmentOfSeveralFolders() throws {
        try folder.writeToneSpeech(to: "first", speakers: 1, sentences: 1)
        try folder.writeToneSpeech(to: "second", speakers: 1, sentences: 1)
        let outcome = try mynah(
            "align", folder.file("first"), folder.file("second"), "--model", speech.model, "--output", "-")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let paths = Set(outcome.outputLines.dropFirst().compactMap { $0.split(separator: "\t").first })
        #expect(
            paths.map(String.init).sorted()
                == ["first", "second"].map {
                    folder.file("\($0)/0/1/0-1-0.wav")
                })
    }

    /// What cannot be used of other splits does not make an evaluation fail, what cannot be used of its own does.
    @Test func faultsOfOtherSplits() throws {
        try folder.writeToneSpeech(to: "told", speakers: 10)
        let arguments = [
            "evaluate", folder.file("told"), "--model", speech.model, "--split", "validation", "--json",
        ]
        func report(_ outcome: Outcome) throws -> (speaker: String, own: Int, other: Int) {
            let report = try #require(
                JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
            let result = try #require(report["result"] as? [String: Any])
            let speakers = try #require(result["speakers"] as? [[String: Any]])
            func count(_ key: String) -> Int? { (report[key] as? [String: Any])?["count"] as? Int }
            return (
                try #require(speakers.first?["name"] as? String), try #require(count("passedOver")),
                try #require(count("unusedElsewhere"))
            )
        }
        for number in 0..<230 { try folder.write("x", to: "told/0/1/lost\(number).wav") }
        let clean = try mynah(arguments)
        #expect(clean.ending == .status(0), "\(clean.errors)")
        let counts = try report(clean)
        #expect(counts.own == 0 && counts.other == 230)
        #expect(clean.errors.contains("… and 210 more"))
        let text = try mynah(arguments.dropLast())
        #expect(text.ending == .status(0))
        #expect(text.output.contains("Not used of the folder, in whatever split\n"))
        #expect(!text.output.contains("missing from all figures"))

        try folder.write("not audio", to: "told/\(counts.speaker)/1/broken.wav")
        try folder.write("broken aeou\n", to: "told/\(counts.speaker)/1/more.trans.txt")
        let spoiled = try mynah(arguments)
        #expect(spoiled.ending == .status(1))
        #expect(try report(spoiled).own == 1)
        #expect(
            try mynah(arguments.dropLast()).output.contains("Not used, and missing from all figures\n"))
    }

    /// A split that nobody is in says so, and which one to choose.
    @Test func anEmptySplit() throws {
        try folder.writeToneSpeech(to: "alone", speakers: 1)
        let outcomes = try ["training", "validation", "testing"].map { split in
            try mynah("evaluate", folder.file("alone"), "--model", speech.model, "--split", split)
        }
        #expect(outcomes.count { $0.ending == .status(0) } == 1)
        for outcome in outcomes where outcome.ending != .status(0) {
            #expect(outcome.ending == .status(1))
            #expect(
                outcome.errors.contains("alone: has no recordings of words in the "), "\(outcome.errors)")
            #expect(outcome.errors.contains("choose another one with --split, such as --split "))
            #expect(outcome.errors.contains("with --every-speaker all are heard"))
        }
    }

    /// The speech model that comes with mynah finds words that it has never heard anybody say alone.
    @Test func theModelInTheRepositoryFindsWords() throws {
        var table = ""
        for (speaker, file) in ["stop-kokoro-kumo", "left-flite-rms", "yes-hibari-heart"].enumerated() {
            let bytes = try Data(contentsOf: URL(filePath: "\(Program.sources)/audio-samples/\(file).wav"))
            try folder.write(Array(bytes), to: "spoken/\(file).wav")
            table += "\(file).wav\t\(speaker)\t\(file.prefix { $0 != "-" })\n"
        }
        try folder.write(table, to: "spoken/transcripts.tsv")
        let outcome = try mynah(
            "align", folder.file("spoken"), "--model", "\(Program.sources)/models/speech.safetensors",
            "--output", folder.file("words.tsv"))
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let rows = try String(contentsOfFile: folder.file("words.tsv"), encoding: .utf8)
            .split(separator: "\n").dropFirst().map { $0.split(separator: "\t").map(String.init) }
        #expect(Set(rows.map { $0[4] }) == ["stop", "left", "yes"])
        for row in rows {
            let (start, end, confidence) = (
                try #require(Double(row[2])), try #require(Double(row[3])), try #require(Double(row[5]))
            )
            #expect(start > 0.1 && end < 0.95 && end - start > 0.2 && confidence > 0.2, "\(row)")
        }
    }

    /// Commands are learnt from the layers of a speech model, whose front end and normalizer come along.
    @Test func firstWeights() throws {
        for speaker in 0..<6 {
            for (word, text) in [("aa", "aeae"), ("oo", "uoou")] {
                try folder.writeSound(
                    ToneSpeech.samples(of: text, speaker: speaker),
                    to: "words/\(word)/\(speaker)_nohash_0.wav")
            }
        }
        func train(_ more: [String]) throws -> Outcome {
            try mynah(
                [
                    "train", folder.file("words"), "--from", speech.model, "--output",
                    folder.file("words.safetensors"), "--epochs", "1", "--learning-rate", "1e-6",
                    "--noise-probability",
                    "0",
                ] + more)
        }
        let outcome = try train(["--read-out", "last"])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        func inspection(_ model: String) throws -> [String: Any] {
            try #require(
                JSONSerialization.jsonObject(with: Data(try mynah("inspect", "--json", model).output.utf8))
                    as? [String: Any])
        }
        let own = try inspection(folder.file("words.safetensors"))
        #expect("\(own)".contains(try #require(try inspection(speech.model)["hash"] as? String)))
        #expect(try train(["--layers", "conv:4:3x5:2x2,gru:24", "--force"]).ending == .status(0))
        let layers = try train(["--preset", "tiny", "--force"])
        #expect(layers.ending == .status(1))
        #expect(
            layers.errors.contains(
                "mynah: the model that is the start does not fit: its layers are conv:4:3x5:2x2,gru:24, expected "
            ),
            "\(layers.errors)")
        let frontEnd = try train(["--front-end", "mynah", "--force"])
        #expect(frontEnd.ending == .status(1))
        #expect(frontEnd.errors.contains("the model has another front end: "), "\(frontEnd.errors)")
    }

    @Test func wrongUsage() throws {
        for arguments in [
            ["train-speech"], ["train-speech", "x"],
            ["train-speech", "x", "--output", "a.safetensors", "--epochs", "0"],
            [
                "train-speech", "x", "--output", "a.safetensors", "--from", "m.safetensors", "--preset",
                "causal",
            ],
            ["train-speech", "--resume", "x", "y"], ["align", "x", "--output", "y"],
            ["align", "x", "y", "--model", "m", "--output", "z", "--format", "textgrid"],
            ["train", "x", "--output", "a.safetensors", "--read-out", "frame"],
        ] {
            #expect(try mynah(arguments).ending == .status(64), "\(arguments)")
        }
        let file = try folder.writeSound([0], to: "file.wav")
        let noFolder = try mynah("train-speech", file, "--output", folder.file("a.safetensors"))
        #expect(noFolder.ending == .status(1))
        #expect(noFolder.errors.contains("file.wav: is a file, expected a folder of recordings\n"))
        try FileManager.default.removeItem(atPath: file)
        let none = try mynah("train-speech", folder.path, "--output", folder.file("a.safetensors"))
        #expect(none.ending == .status(1))
        #expect(
            none.errors.contains(
                "holds 0 recordings and no texts, expected <speaker>/<chapter> with *.trans.txt"))
    }
}
