import Foundation
import MynahModel
import MynahTestSupport
import Testing

/// `mynah train`, and what the other commands say of its model.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct TrainTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    /// A JSON object that a command prints.
    private func object(_ arguments: String...) throws -> [String: Any] {
        let outcome = try mynah(arguments, folder: folder.path)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        return try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }

    @Test func learnsWordsThatDifferByOrderAlone() throws {
        #expect(words.training.ending == .status(0), "\(words.training.errors)")
        #expect(words.training.output.isEmpty)
        let report = try object("evaluate", words.set, "--model", words.model, "--json")
        let closedSet = try #require(report["closedSet"] as? [String: Any])
        let accuracy = try #require(closedSet["accuracy"] as? [String: Any])
        #expect(accuracy["total"] as? Int == 30)
        #expect(try #require(accuracy["count"] as? Int) >= 29)
    }

    /// What is said before, while and after training, where standard error is no terminal.
    @Test func messages() throws {
        let lines = words.training.errorLines
        #expect(lines.first == "Reading 192 clips …")
        #expect(lines.contains { $0.wholeMatch(of: /falling +46 +8 +10/) != nil })
        #expect(lines.contains { $0.wholeMatch(of: /speakers +23 +4 +5/) != nil })
        #expect(lines.contains { $0.hasPrefix("decoded 162 clips, 2.7 min: shortest 1.00 s") })
        #expect(lines.contains("background noise: 2 recordings, 6.0 s"))
        let epochs = lines.filter { $0.hasPrefix("epoch ") }
        #expect(epochs.count == TrainedWords.epochCount)
        for (index, line) in epochs.enumerated() {
            #expect(line.hasPrefix("epoch \(index + 1)/\(TrainedWords.epochCount): loss "))
            #expect(
                line.contains(" % of validation (") && line.contains(" of 24), ") && line.contains(" clips/s")
            )
        }
        #expect(lines.last?.hasPrefix("Kept \(words.model), from epoch ") == true)
        #expect(!words.training.errors.contains("\u{1B}") && !words.training.errors.contains("\r"))
    }

    @Test func inspection() throws {
        let inspection = try object("inspect", "--json", words.model)
        #expect(
            Set(inspection.keys) == [
                "file", "hash", "labels", "frontEnd", "frontEndHash", "clipSeconds", "network", "tensors",
                "parameters", "multiplyAccumulatesPerSecond", "causal", "provenance", "temperature",
            ])
        #expect(inspection["labels"] as? [String] == ["falling", "rising", "valley"])
        #expect(inspection["causal"] as? Bool == true)
        #expect(inspection["clipSeconds"] as? Double == 1)
        let tensors = try #require(inspection["tensors"] as? [[String: Any]])
        let sizes = tensors.map { ($0["shape"] as? [Int] ?? []).reduce(1, *) }
        #expect(sizes == tensors.compactMap { $0["parameters"] as? Int })
        #expect(inspection["parameters"] as? Int == sizes.reduce(0, +))
        let provenance = try #require(inspection["provenance"] as? [String: Any])
        #expect(provenance["seed"] as? Int == 1)
        let command = try #require(provenance["commandLine"] as? String)
        #expect(command.hasPrefix("mynah train ") && command.contains("--output \(words.model) --layers 16"))

        let text = try mynah("inspect", words.model)
        #expect(text.ending == .status(0))
        #expect(text.output.contains("\nlabels      falling rising valley\n"))
        #expect(text.output.contains(try #require(inspection["hash"] as? String)))
        for tensor in tensors {
            #expect(text.output.contains("            \(try #require(tensor["name"] as? String)) "))
        }
        #expect(
            text.output.contains(
                " multiply–accumulates per second of audio, causal, read-out attention:4:64\n"))
    }

    @Test func hashIsThatOfTheFile() throws {
        let sum = try shell("sha256sum \(words.model)").output.prefix(64)
        #expect(try object("inspect", "--json", words.model)["hash"] as? String == String(sum))
    }

    /// The weights of a model file, which follow its header.
    private func weights(of model: String) throws -> ArraySlice<UInt8> {
        let bytes = try bytes(of: model)
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        return bytes[(8 + length)...]
    }

    @Test func sameSeedSameWeights() throws {
        func train(_ name: String, seed: Int, threads: Int) throws -> String {
            let path = folder.file(name)
            let outcome = try mynah([
                "train", words.set, "--output", path, "--layers", "8,8", "--epochs", "2", "--batch-size",
                "32",
                "--seed", "\(seed)", "--threads", "\(threads)",
            ])
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            return path
        }
        let first = try train("first", seed: 7, threads: 2)
        let second = try train("second", seed: 7, threads: 2)
        let other = try train("other", seed: 8, threads: 2)
        #expect(try weights(of: first) == weights(of: second))
        #expect(try weights(of: first) != weights(of: other))

        // Apart from date, command and name nothing differs at all.
        func described(_ path: String) throws -> NSDictionary {
            var inspection = try object("inspect", "--json", path)
            var provenance = try #require(inspection["provenance"] as? [String: Any])
            for key in ["date", "commandLine"] { provenance[key] = nil }
            inspection["provenance"] = provenance
            for key in ["file", "hash"] { inspection[key] = nil }
            return inspection as NSDictionary
        }
        #expect(try described(first) == described(second))
        #expect(try described(first) != described(other))
    }

    /// Training ends an epoch after the best one; the file of that one cannot know yet.
    @Test func modelsKnowHowManyEpochsThereWere() throws {
        let model = folder.file("epochs.safetensors")
        let outcome = try mynah([
            "train", words.set, "--output", model, "--layers", "8", "--epochs", "60", "--patience", "1",
            "--learning-rate", "0.1", "--averaging", "0",
        ])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let provenance = try #require(try object("inspect", "--json", model)["provenance"] as? [String: Any])
        let bestEpoch = try #require(provenance["bestEpoch"] as? Int)
        #expect(provenance["epochCount"] as? Int == bestEpoch + 1)
    }

    @Test func wordsAndUnknownAndSilence() throws {
        let model = folder.file("two.safetensors")
        let outcome = try mynah(
            [
                "train", words.set, "--output", model, "--words", "rising,falling", "--unknown-share", "0.5",
                "--silence-share", "0.5",
            ]
                + TrainedWords.trainingArguments)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let labels = try object("inspect", "--json", model)["labels"] as? [String]
        #expect(labels == ["_silence_", "_unknown_", "rising", "falling"])
        func label(_ file: String) throws -> String? {
            try object("recognize", "--json", "--model", model, file)["label"] as? String
        }
        #expect(try label(words.clip(.rising)) == "rising")
        #expect(try label(words.clip(.falling)) == "falling")
        #expect(try label(words.clip(.valley)) == "_unknown_")
        let noise = SyntheticSignal.noise(sampleCount: 16_000, seed: 3, amplitude: 0.02)
        try folder.writeSound(noise, to: "silence.wav")
        #expect(try label("silence.wav") == "_silence_")
    }

    /// Few weights bear larger steps, and learn more when nothing is hidden; what is asked for holds for any network.
    @Test(arguments: [
        (preset: "tiny", rate: "0.008", frames: "0", features: "0"),
        (preset: "gru", rate: "0.002", frames: "12", features: "4"),
    ])
    func aPresetHasItsOwnSettings(preset: String, rate: String, frames: String, features: String) throws {
        let model = folder.file("model.safetensors")
        func settings(_ extra: [String]) throws -> [String: String] {
            let trained = try mynah(
                ["train", words.set, "--output", model, "--force", "--epochs", "1", "--preset", preset]
                    + extra)
            #expect(trained.ending == .status(0), "\(trained.errors)")
            let provenance = try CommandModel(contentsOf: model).provenance
            return Dictionary(uniqueKeysWithValues: provenance.settings.map { ($0.name, $0.value) })
        }
        let own = try settings([])
        #expect(own["learning rate"] == rate && own["dropout"] == "0.0")
        #expect(own["frames of a time mask"] == frames && own["features of a feature mask"] == features)
        let asked = try settings(["--learning-rate", "0.001", "--time-mask-frames", "5"])
        #expect(asked["learning rate"] == "0.001")
        #expect(asked["frames of a time mask"] == "5" && asked["features of a feature mask"] == features)
    }

    /// What runs through a recording without commands is unknown, and says so in the record.
    @Test func recordingsWithoutCommands() throws {
        let model = folder.file("model.safetensors")
        try FileManager.default.createDirectory(
            atPath: folder.file("talk/day"), withIntermediateDirectories: true)
        try folder.writeSound(
            SyntheticSignal.noise(sampleCount: 48_000, seed: 5, amplitude: 0.3), to: "talk/day/one.wav")
        let arguments = [
            "train", words.set, "--output", model, "--epochs", "1", "--layers", "4", "--negatives",
        ]
        let trained = try mynah(arguments + [folder.file("talk"), "--words", "rising,falling"])
        #expect(trained.ending == .status(0), "\(trained.errors)")
        #expect(trained.errorLines.contains("without commands: 1 recording, 3.0 s"))
        let provenance = try #require(try object("inspect", "--json", model)["provenance"] as? [String: Any])
        let settings = try #require(provenance["settings"] as? [[String: String]])
        #expect(
            settings.contains(["name": "share of recordings without commands", "value": "0.3"]))

        for (path, words, fault) in [
            ("talk", "", ""), ("absent", "rising,falling", "no such file"),
            ("talk/day", "rising,falling", ""),
        ] {
            let outcome = try mynah(
                arguments + [folder.file(path)] + (words.isEmpty ? [] : ["--words", words]))
            #expect(outcome.ending == .status(fault.isEmpty ? 0 : 1), "\(outcome.errors)")
            #expect(fault.isEmpty || outcome.errors.lowercased().contains(fault), "\(outcome.errors)")
        }
    }

    @Test func frontEndOfItsOwn() throws {
        let model = folder.file("model.safetensors")
        let inspection = try object("inspect", "--json", words.model)
        var frontEnd = try #require(inspection["frontEnd"] as? [String: Any])
        frontEnd["spectrum"] = "magnitude"
        let settings = try JSONSerialization.data(withJSONObject: frontEnd)
        let path = try folder.write(Array(settings), to: "front-end.json")
        let arguments = [
            "train", words.set, "--output", model, "--epochs", "1", "--layers", "4", "--front-end",
        ]
        #expect(try mynah(arguments + [path]).ending == .status(0))
        let trained = try object("inspect", "--json", model)["frontEnd"] as? [String: Any]
        #expect(trained?["spectrum"] as? String == "magnitude")

        for (text, fault) in [
            ("{}", "does not hold the settings of a front end"),
            ("no JSON", "does not hold the settings of a front end"),
            (
                String(decoding: settings, as: UTF8.self).replacing("16000", with: "16"),
                "front-end setting sampleRate is 16"
            ),
        ] {
            let bad = try folder.write(Array(text.utf8), to: "bad.json")
            let outcome = try mynah(arguments + [bad])
            #expect(outcome.ending == .status(1))
            #expect(outcome.errors.contains(fault), "\(outcome.errors)")
        }
        #expect(try mynah(arguments + [folder.file("missing.json")]).errors.contains("No such file"))
    }

    @Test func otherNetworks() throws {
        let model = folder.file("model.safetensors")
        for arguments in [
            ["--layers", "bigru:4"], ["--layers", "mingru:4", "--read-out", "last"],
            ["--clip-seconds", "0.8", "--layers", "conv:2:3x3:2x2,lstm:6,elman:6:residual"],
        ] {
            let outcome = try mynah(
                ["train", words.set, "--output", model, "--epochs", "1"] + arguments)
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            #expect(
                outcome.errors.contains("note: the model will hear whole clips only")
                    == (arguments[1] == "bigru:4"))
            #expect(try mynah("recognize", "--model", model, words.clip(.rising)).ending == .status(0))
        }
    }

    @Test func saysThatAFrontEndCannotFollowAStream() throws {
        let outcome = try mynah(
            "train", words.set, "--output", folder.file("model"), "--epochs", "1", "--layers", "4",
            "--front-end", "librosa")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let note = try #require(outcome.errorLines.firstIndex { $0.contains("cannot follow a stream: ") })
        let epoch = try #require(outcome.errorLines.firstIndex { $0.hasPrefix("epoch 1/") })
        #expect(note < epoch)
        #expect(
            try mynah("listen", "--model", folder.file("model"), words.clip(.rising)).ending == .status(1))
    }

    /// Twenty minutes of noise in a folder of their own; what cannot be read is named.
    @Test func noiseMayBeLongAndLieDeep() throws {
        for word in [Word.rising, .falling] {
            for speaker in 0..<32 {
                try folder.writeSound(
                    word.samples(speaker: speaker), to: "set/\(word)/mynah\(speaker)_nohash_0.wav")
            }
        }
        func train() throws -> Outcome {
            try mynah(
                ["train", "set", "--output", "model", "--epochs", "1", "--layers", "4"], folder: folder.path)
        }
        let without = try train()
        #expect(without.ending == .status(0), "\(without.errors)")
        #expect(
            without.errorLines.contains(
                "note: there is no background noise: the words are learnt without any"))
        let minute = SyntheticSignal.noise(sampleCount: 60 * 16_000, seed: 1, amplitude: 0.1)
        try folder.writeSound(
            (0..<20).flatMap { _ in minute }, to: "set/_background_noise_/kitchen/long.wav")
        try folder.write(Array("....ftypM4A ".utf8), to: "set/_background_noise_/phone.m4a")
        let outcome = try train()
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.errorLines.contains("background noise: 1 recording, 20.0 min"))
        #expect(outcome.errors.contains("unreadable: _background_noise_/phone.m4a ("))
        #expect(!outcome.errors.contains("there is no background noise"))
    }

    /// What earlier epochs have brought is kept, and said; a later start ends in the same way.
    @Test func divergenceKeepsTheLastGoodModel() throws {
        let run = folder.file("run")
        let outcome = try mynah(
            "train", words.set, "--run", run, "--layers", "8", "--epochs", "20", "--batch-size", "8",
            "--learning-rate", "1", "--weight-decay", "3", "--warm-up-epochs", "1", "--threads", "2")
        #expect(outcome.ending == .status(1))
        let last = try #require(outcome.errorLines.last)
        #expect(last.hasPrefix("mynah: training diverged at step "), "\(outcome.errors)")
        #expect(last.hasSuffix("lower --learning-rate, which is 1.0"))
        #expect(outcome.errorLines.contains { $0.hasPrefix("Kept \(run)/best.safetensors, from epoch ") })
        #expect(
            try mynah("recognize", "--model", "\(run)/best.safetensors", words.clip(.rising)).ending
                == .status(0))
        let resumed = try mynah("train", "--resume", run)
        #expect(resumed.ending == .status(1))
        #expect(resumed.errorLines.last == last, "\(resumed.errors)")
    }
}
