import Foundation
import Glibc
import MynahTestSupport
import Testing

/// Training that is stopped from outside, by Ctrl-C or worse.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct InterruptionTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private var model: String { folder.file("model") }

    /// Training that would take for ever.
    private func endlessTraining(_ arguments: String...) throws -> Job {
        try Job(
            [
                Program.path, "train", words.set, "--output", model, "--epochs", "100000", "--patience",
                "100000",
                "--batch-size", "16",
            ] + arguments)
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func keepsTheBestModel(signal: Int32) throws {
        let job = try endlessTraining("--layers", "8")
        try job.waitUntilErrors(contain: "epoch 3/100000: ")
        job.send(signal)
        let outcome = job.wait()
        #expect(outcome.ending == .status(0))
        #expect(outcome.errorLines.contains { $0.hasPrefix("Stopped. Kept \(model), from epoch ") })
        #expect(outcome.errorLines.last?.contains("--run") == true)
        #expect(try folder.names == ["model"])
        let recognition = try mynah("recognize", "--model", model, words.clip(.rising))
        #expect(recognition.ending == .status(0))
    }

    @Test func beforeThereIsAModel() throws {
        let job = try endlessTraining("--layers", "256,256")
        try job.waitUntilErrors(contain: "network: ")
        job.send(SIGINT)
        let outcome = job.wait()
        #expect(outcome.ending == .status(1))
        #expect(
            outcome.errorLines.last
                == "mynah: stopped within the first epoch: there is no model yet to keep")
        #expect(try folder.names.isEmpty)
    }

    /// A step takes some seconds here; the first Ctrl-C waits for its end, the second does not.
    @Test func secondTimeEndsAtOnce() throws {
        let job = try endlessTraining("--layers", "512,512", "--batch-size", "4096", "--threads", "1")
        try job.waitUntilErrors(contain: "network: ")
        usleep(300_000)
        job.send(SIGINT)
        usleep(100_000)
        let start = ContinuousClock.now
        job.send(SIGINT)
        #expect(job.wait().ending == .signal(SIGINT))
        #expect(ContinuousClock.now - start < .seconds(1))
        #expect(try folder.names.isEmpty)
    }

    /// Whenever the process is killed, there is a whole model or none.
    @Test(arguments: [0, 3, 10, 20, 35, 60]) func killed(milliseconds: UInt32) throws {
        let job = try endlessTraining("--layers", "8")
        try job.waitUntilErrors(contain: "network: ")
        usleep(milliseconds * 1_000)
        job.send(SIGKILL)
        #expect(job.wait().ending == .signal(SIGKILL))
        if try folder.names.contains("model") {
            let inspection = try mynah("inspect", model)
            #expect(inspection.ending == .status(0), "\(inspection.errors)")
        }
    }

    /// A reader of the messages who goes away does not cost the model.
    @Test func nobodyReadsTheMessages() throws {
        let arguments = TrainedWords.trainingArguments.joined(separator: " ")
        let outcome = try shell(
            "{ \"$MYNAH\" train '\(words.set)' --output '\(model)' \(arguments) 2>&1; echo $? >status; } | head -1",
            folder: folder.path)
        #expect(outcome.output == "Reading 192 clips …\n")
        #expect(String(decoding: try bytes(of: folder.file("status")), as: UTF8.self) == "0\n")
        #expect(try mynah("inspect", model).ending == .status(0))
    }
}
