import Foundation
import MynahBase
import MynahNetwork
import MynahTraining
import Testing

/// The folder of a training: who may use it, and what it remembers.
final class RunFolderTests {
    private let folder = NSTemporaryDirectory() + "mynah-run-\(UUID().uuidString)"
    private var path: String { folder + "/run" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func make(_ path: String, mayReplace: ([String]) throws -> Void = { _ in }) throws -> RunFolder {
        try RunFolder(creating: path, for: "train", mayReplace: mayReplace)
    }

    @Test func whatWasBegunIsKnownAgain() throws {
        do {
            let run = try make(path)
            #expect(!run.hasBegun)
            try run.begin(["train", "clips"], date: "2026-05-04T12:00:00Z", threads: 3, precision: .float32)
            #expect(run.hasBegun)
        }
        let configuration = try RunFolder(resuming: path, by: "train").configuration()
        #expect(configuration.arguments == ["train", "clips"])
        #expect(configuration.date == "2026-05-04T12:00:00Z")
        #expect(configuration.threads == 3)
        #expect(configuration.precision == .float32)
        #expect(throws: RunFolderError.exists(folder: path, command: "train")) { try make(path) }
        #expect(
            throws: RunFolderError.unusable(
                folder: path, reason: "it was started by mynah train; use that with --resume")
        ) { try RunFolder(resuming: path, by: "train-speech").configuration() }
    }

    @Test func oneTrainingAtATime() throws {
        let run = try make(path)
        let owner = "process \(ProcessInfo.processInfo.processIdentifier) on \(Machine.name)"
        #expect(throws: RunFolderError.inUse(folder: path, by: owner)) { try make(path) }
        run.abandon()
        #expect(!fileExists(path))
        #expect(throws: RunFolderError.missing(folder: path)) { try RunFolder(resuming: path, by: "train") }
    }

    @Test func theLogEndsWhereATrainingGoesOn() throws {
        let run = try make(path)
        let lines = (1...4).map { epoch in
            RunFolder.LogLine(
                epoch: epoch, trainingLoss: 1, validationLoss: 1, validationCorrect: epoch,
                validationTotal: 9,
                clipsPerSecond: 100, isBest: true)
        }
        try run.write(lines)
        #expect(try run.log(before: 2).map(\.epoch) == [1, 2])
    }

    @Test func whatIsThereIsAskedFor() throws {
        var asked: [String] = []
        _ = try make(path) { asked = $0 }
        #expect(asked.contains(path + "/best.safetensors"))
        #expect(!asked.contains(path + "/run.lock"))
    }
}
