import Foundation
import MynahTestSupport
import Testing

/// Nothing of the user's is replaced unasked: by itself only what mynah knows to be its own.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct OverwriteTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords
    private let precious = Array("precious\n".utf8)

    /// A set in which the model errs, so that it can be calibrated.
    private let errors: TemporaryFolder
    private let mislabelled: String

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
        try folder.write(try bytes(of: words.clip(.rising)), to: "yes.wav")
        errors = try TemporaryFolder()
        mislabelled = try errors.writeMislabelledWords()
    }

    private func mynah(_ arguments: [String], input: [UInt8]? = nil) throws -> Outcome {
        try MynahCommandTests.mynah(arguments, input: input, folder: folder.path)
    }

    /// All commands that write, and the files that they write.
    private var commands: [(arguments: [String], outputs: [String])] {
        let quick = ["--layers", "4", "--epochs", "1"]
        return [
            (["train", words.set, "--output", "out"] + quick, ["out"]),
            (["train", words.set, "--run", "run"] + quick, ["run/best.safetensors", "run/report.txt"]),
            (["calibrate", words.model, mislabelled, "--output", "out"], ["out"]),
            (["evaluate", words.set, "--model", words.model, "--html", "out"], ["out"]),
            (["doctor", words.set, "--exclusions", "out"], ["out"]),
            (["augment", "yes.wav", "--count", "8"], ["yes-1.wav", "yes-8.wav"]),
            (["explain", "yes.wav", "--model", words.model, "--output", "out"], ["out"]),
            (["features", "yes.wav", "--output", "out", "--plot", "plot"], ["out", "plot"]),
            (
                ["compose", words.set, "--count", "2", "--output", "out", "--truth", "table"],
                ["out", "table"]
            ),
            (["listen", "-", "--raw", "16000", "--model", words.model, "--record", "out"], ["out"]),
        ]
    }

    @Test func whatIsThereStays() throws {
        for (arguments, outputs) in commands {
            for output in outputs {
                try folder.write(precious, to: output)
                let outcome = try mynah(arguments, input: [UInt8](repeating: 0, count: 64))
                #expect(outcome.ending == .status(1), "\(arguments)")
                #expect(outcome.output.isEmpty, "\(arguments): \(outcome.output)")
                let errors = outcome.errorLines.filter { $0.hasPrefix("mynah: ") }
                #expect(errors.count == 1 && errors.last?.contains(output) == true, "\(outcome.errors)")
                #expect(errors.last?.contains("--force replaces it") == true, "\(outcome.errors)")
                #expect(try bytes(of: folder.file(output)) == precious, "\(arguments)")
                try FileManager.default.removeItem(
                    atPath: folder.file(output.hasPrefix("run/") ? "run" : output))
            }
            #expect(try folder.names == ["yes.wav"], "\(arguments)")
        }
    }

    @Test func forceReplacesIt() throws {
        for (arguments, outputs) in commands {
            for output in outputs { try folder.write(precious, to: output) }
            let outcome = try mynah(arguments + ["--force"], input: [UInt8](repeating: 0, count: 64))
            #expect(outcome.ending == .status(0), "\(arguments): \(outcome.errors)")
            for output in outputs {
                #expect(try bytes(of: folder.file(output)) != precious, "\(arguments) \(output)")
            }
            for name in try folder.names where name != "yes.wav" {
                try FileManager.default.removeItem(atPath: folder.file(name))
            }
        }
    }

    /// Models and pages are mynah's own, and an empty file, as `mktemp` makes one, is nobody's loss.
    @Test func ownFilesAndEmptyOnesAreReplaced() throws {
        for (arguments, output, content) in [
            (["calibrate", words.model, mislabelled, "--output", "out"], "out", try bytes(of: words.model)),
            (["features", "yes.wav", "--output", "out"], "out", []),
        ] {
            try folder.write(content, to: output)
            #expect(try mynah(arguments).ending == .status(0), "\(arguments)")
            #expect(try bytes(of: folder.file(output)) != content)
        }
        for arguments in [
            ["evaluate", words.set, "--model", words.model, "--html", "page"],
            ["explain", "yes.wav", "--model", words.model, "--output", "other"],
        ] {
            #expect(try mynah(arguments).ending == .status(0), "\(arguments)")
            let again = try mynah(arguments)
            #expect(again.ending == .status(0), "\(again.errors)")
        }
    }

    /// What is read is not written over, whatever it is called by, even with `--force`.
    @Test func recordingsThatAreReadStay() throws {
        let clip = try bytes(of: folder.file("yes.wav"))
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("link"), withDestinationPath: "yes.wav")
        for arguments in [
            ["features", "yes.wav", "--output", "./yes.wav"], ["features", "yes.wav", "--plot", "link"],
            ["explain", "yes.wav", "--model", words.model, "--output", "\(folder.path)/yes.wav"],
        ] {
            let outcome = try mynah(arguments + ["--force"])
            #expect(outcome.ending == .status(1))
            #expect(outcome.errors.contains("is read"), "\(outcome.errors)")
        }
        let set = folder.file("set")
        try FileManager.default.copyItem(atPath: words.set, toPath: set)
        let speaker = try #require(
            FileManager.default.contentsOfDirectory(atPath: "\(set)/rising").min())
        let composed = try mynah([
            "compose", "set", "--output", "set/rising/\(speaker)", "--truth", "table", "--force", "--split",
            "training", "--words", "rising", "--count", "40",
        ])
        #expect(composed.ending == .status(1))
        #expect(composed.errors.contains("is read"), "\(composed.errors)")
        #expect(try bytes(of: folder.file("yes.wav")) == clip)
    }

    @Test func oneFileUnderTwoNames() throws {
        for arguments in [
            ["features", "yes.wav", "--output", "o.csv", "--plot", "./o.csv"],
            ["compose", words.set, "--output", "o", "--truth", "\(folder.path)/o"],
        ] {
            let outcome = try mynah(arguments)
            #expect(outcome.ending == .status(1))
            #expect(outcome.errors.contains("name the same file"), "\(outcome.errors)")
        }
        #expect(try folder.names == ["yes.wav"])
    }

    @Test func minusIsStandardOutputOrRefused() throws {
        func first(_ arguments: [String]) throws -> String {
            let outcome = try mynah(arguments)
            #expect(outcome.ending == .status(0), "\(arguments): \(outcome.errors)")
            return String(outcome.output.prefix(12))
        }
        #expect(try first(["features", "yes.wav", "--output", "-"]).hasPrefix("time_s,"))
        #expect(try first(["features", "yes.wav", "--plot", "-"]).hasPrefix("<svg "))
        #expect(
            try first(["explain", "yes.wav", "--model", words.model, "--output", "-"]).hasPrefix("<!DOCTYPE"))
        #expect(
            try first(["compose", words.set, "--count", "2", "--output", "-", "--truth", "t"])
                .hasPrefix("RIFF"))
        for arguments in [
            ["features", "yes.wav", "--output", "-", "--plot", "-"], ["augment", "yes.wav", "--output", "-"],
            ["train", words.set, "--output", "-"], ["train", words.set, "--run", "-"],
            ["calibrate", words.model, words.set, "--output", "-"],
            ["evaluate", words.set, "--html", "-"], ["doctor", words.set, "--exclusions", "-"],
            ["listen", "-", "--record", "-"],
            ["evaluate", "--stream", "a", "--truth", "b", "--budget", "1/h", "--output", "-"],
            ["compose", words.set, "--output", "-", "--truth", "-"],
        ] {
            let outcome = try mynah(arguments)
            #expect(outcome.ending == .status(64), "\(arguments): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        #expect(try folder.names == ["t", "yes.wav"])
    }

    /// The permissions of a model that is replaced stay, and a link that leads nowhere yet stays a link.
    @Test func permissionsAndLinksStay() throws {
        let arguments = ["features", "yes.wav", "--force", "--output"]
        try folder.write(precious, to: "secret")
        #expect(chmod(folder.file("secret"), 0o600) == 0)
        #expect(try mynah(arguments + ["secret"]).ending == .status(0))
        var status = stat()
        #expect(stat(folder.file("secret"), &status) == 0 && status.st_mode & 0o7777 == 0o600)

        for (link, destination) in [
            ("dangling", "target"), ("second", "dangling2"), ("dangling2", "target2"),
        ] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file(link), withDestinationPath: destination)
        }
        #expect(try mynah(["features", "yes.wav", "--output", "dangling"]).ending == .status(0))
        #expect(try mynah(["features", "yes.wav", "--output", "second"]).ending == .status(0))
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("dangling")) == "target")
        #expect(try !bytes(of: folder.file("target")).isEmpty)
        #expect(try !bytes(of: folder.file("target2")).isEmpty)

        try FileManager.default.createSymbolicLink(
            atPath: folder.file("circle"), withDestinationPath: "circle")
        let circle = try mynah(["features", "yes.wav", "--output", "circle"])
        #expect(circle.ending == .status(1))
        #expect(circle.errorLines.count == 1)
    }
}
