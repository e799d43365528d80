import Foundation
import MynahTestSupport
import Testing

/// `mynah intent`: training, evaluation, parsing and the doctor, as a person calls them.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct IntentTests {
    private static let files = [
        "LightOn.txt":
            "(turn|switch) on the light in the {room}\n{room} light on\n[please] lights on\nit is dark\n",
        "LightOff.txt":
            "(turn|switch) off the light in the {room}\n{room} light off\n[please] lights off\nit is bright\n",
        "lists/room.txt": "kitchen\nliving room = lounge\nhall\n",
        "testing/LightOn.txt": "light the [lounge](room:living room) for me\n",
    ]

    private let folder: TemporaryFolder
    private let house: String

    init() throws {
        folder = try TemporaryFolder()
        house = folder.file("house")
        for (name, text) in Self.files { try folder.write(Array(text.utf8), to: "house/\(name)") }
    }

    private func train(_ extra: [String] = []) throws -> Outcome {
        try mynah(
            [
                "intent", "train", house, "--layers", "bigru:12", "--word-size", "12", "--epochs", "25",
                "--learning-rate", "0.01", "--dropout", "0.1", "--averaging", "0.9",
            ] + extra)
    }

    private func expectFailure(_ arguments: [String], _ text: String, status: Int = 1) throws {
        let outcome = try mynah(arguments)
        #expect(outcome.ending == .status(status), "\(arguments): \(outcome.errors)")
        #expect(outcome.output.isEmpty)
        if status == 1 { #expect(outcome.errorLines.count == 1, "\(outcome.errors)") }
        #expect(outcome.errors.contains(text), "\(outcome.errors)")
    }

    @Test func fromPhrasesToIntents() throws {
        let model = folder.file("home.safetensors")
        let training = try train(["--output", model])
        #expect(training.ending == .status(0), "\(training.errors)")
        #expect(training.errors.contains("Kept \(model)"))
        let parsed = try mynah([
            "intent", "parse", "--model", model, "--threshold", "0", "turn on the light in the Lounge",
        ])
        #expect(
            parsed.output.hasPrefix(#"{"intent":"LightOn","probability":0."#)
                && parsed.output.contains(
                    #""slots":[{"end":31,"slot":"room","start":25,"text":"Lounge","value":"living room"}]"#),
            "\(parsed.output)")
        let piped = try mynah(
            ["intent", "parse", "--model", model],
            input: Array("\u{FEFF}kitchen light off\r\n\nhall light on".utf8))
        #expect(piped.ending == .status(0) && piped.outputLines.count == 3)
        let report = try mynah([
            "intent", "evaluate", house, "--model", model, "--split", "testing", "--json",
        ])
        #expect(
            report.ending == .status(0) && report.output.contains(#""phraseCount" : 1"#), "\(report.errors)")
        let page = folder.file("report.html")
        let evaluate = ["intent", "evaluate", house, "--model", model, "--split", "testing", "--html", page]
        #expect(try mynah(evaluate).ending == .status(0))
        let html = try String(contentsOfFile: page, encoding: .utf8)
        #expect(html.contains("Confusion matrix") && html.contains("Each slot"))
        #expect(!html.contains("<script"))
        #expect(try mynah(evaluate).ending == .status(0), "a page of mynah is replaced")
        #expect(
            try mynah(["intent", "evaluate", house, "--model", model, "--every-phrase"]).output.contains(
                "slot F1"))
        let inspected = try mynah(["inspect", model])
        #expect(inspected.output.contains("LightOff") && inspected.output.contains("a model of intents"))
        #expect(try mynah(["inspect", "--json", model]).output.contains(#""kind" : "intents""#))
        let verified = try mynah(["verify", model])
        #expect(
            verified.ending == .status(0) && !verified.output.contains("failed"),
            "\(verified.output)\(verified.errors)")

        // Models of other kinds are refused by each command, and this one by the others.
        let expected = "it is a model of intents, which reads words, expected a model of commands"
        let sound = try folder.writeSound([Float](repeating: 0.1, count: 16_000), to: "a.wav")
        try expectFailure(["recognize", "--model", model, sound], expected)
        try expectFailure(["listen", "--model", model, sound], expected)
        try expectFailure(["evaluate", house, "--model", model], expected)
        try expectFailure(["calibrate", model, house, "--output", folder.file("x")], expected)
        // Only explain takes it: then its argument is a text.
        let story = folder.file("x.html")
        let explained = try mynah(["explain", "hall light on", "--model", model, "--output", story])
        #expect(
            explained.ending == .status(0) && explained.errors.contains("sure at the end"),
            "\(explained.errors)")
        let told = String(decoding: try bytes(of: story), as: UTF8.self)
        #expect(
            told.contains("The path of the state") && told.contains("begins room")
                && !told.contains("<script"))
        try expectFailure(
            ["explain", "?!", "--model", model, "--output", folder.file("y.html")], "no words", status: 64)
        let commands = Program.sources + "/models/commands-tiny.safetensors"
        try expectFailure(["intent", "parse", "--model", commands, "hello"], "expected a model of intents")
        try expectFailure(["intent", "evaluate", house, "--model", commands], "expected a model of intents")
    }

    @Test func aTrainingGoesOnWhereItStopped() throws {
        let run = folder.file("run")
        let first = try train(["--run", run, "--seed", "3"])
        #expect(first.ending == .status(0), "\(first.errors)")
        let model = try bytes(of: run + "/best.safetensors")
        for name in ["report.txt", "report.json", "curves.svg", "log.jsonl"] {
            // There are too few phrases to keep some for a report.
            if name.hasPrefix("report") { continue }
            #expect(FileManager.default.fileExists(atPath: "\(run)/\(name)"), "\(name)")
        }
        let again = try mynah(["intent", "train", "--resume", run])
        #expect(again.ending == .status(0), "\(again.errors)")
        #expect(try bytes(of: run + "/best.safetensors").count == model.count)
        try expectFailure(["train", "--resume", run], "it was started by mynah intent train")
        try expectFailure(["intent", "train", house, "--run", run], "mynah intent train --resume")
    }

    @Test func badInputIsToldInOneLine() throws {
        let out = folder.file("m.safetensors")
        try expectFailure(
            ["intent", "train", folder.file("nothing"), "--output", out], "no such file or folder")
        try folder.write(Array("turn (on".utf8), to: "house/LightOn.txt")
        try expectFailure(
            ["intent", "train", house, "--output", out],
            "LightOn.txt:1: a bracket at character 6 that does not close")
        try expectFailure(["intent", "doctor", house], "LightOn.txt:1: a bracket at character 6")
        try folder.write([0xff, 0xfe, 0x61, 0x00], to: "house/LightOn.txt")
        try expectFailure(["intent", "train", house, "--output", out], "line 1 holds text in UTF-16")
        try expectFailure(
            ["intent", "train", house, "--output", out, "--layers", "embedding:5:5"], "--layers", status: 64)
        try expectFailure(
            ["intent", "train", house, "--output", out, "--exchange", "2"], "share of exchanged values",
            status: 64)
        try expectFailure(["intent", "parse", "hello"], "--model", status: 64)
        #expect(!FileManager.default.fileExists(atPath: out))
    }

    @Test func theDoctorSaysWhatIsOdd() throws {
        let healthy = try mynah(["intent", "doctor", house])
        #expect(healthy.ending == .status(0), "\(healthy.errors)")
        try folder.write(Array("lights on\nlights off\n".utf8), to: "house/Party.txt")
        let odd = try mynah(["intent", "doctor", house])
        #expect(
            odd.ending == .status(1) && odd.output.contains("Phrases with two intents (2)"), "\(odd.output)")
        #expect(try mynah(["intent", "doctor", house, "--json"]).output.contains("\"contradiction\""))
    }

    @Test func linesOfStandardInputThatCannotBeReadAreNamed() throws {
        let model = folder.file("home.safetensors")
        #expect(try train(["--output", model]).ending == .status(0))
        let long = String(repeating: "word ", count: 10_000)
        let outcome = try mynah(
            ["intent", "parse", "--model", model], input: Array("lights on\n\(long)\nlights off\n".utf8))
        #expect(outcome.ending == .status(1) && outcome.outputLines.count == 2)
        #expect(outcome.errors == "mynah: line 2: a text of 10,000 words, expected at most 100\n")
        let broken = try mynah(
            ["intent", "parse", "--model", model], input: Array("on\n".utf8) + [0xff, 0x0a])
        #expect(
            broken.ending == .status(1)
                && broken.errors.contains("line 2 of standard input holds bytes that are not UTF-8"))
    }
}
