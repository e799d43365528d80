import Foundation
import MynahTestSupport
import Testing

/// Places where nothing can be written: one line, exit status 1, and nothing half done is left.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct BadOutputTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private func train(to path: String, fileSizeLimit: Int? = nil) throws -> Outcome {
        try mynah(
            ["train", words.set, "--output", path, "--layers", "16", "--epochs", "3"],
            folder: folder.path, fileSizeLimit: fileSizeLimit)
    }

    /// Training must be refused before anything is read.
    private func expectRefused(_ path: String, _ reason: String) throws {
        let outcome = try train(to: path)
        #expect(outcome.ending == .status(1))
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors == "mynah: \(path): cannot be written: \(reason)\n")
    }

    @Test func refusedBeforeTraining() throws {
        try folder.write([1], to: "file")
        try FileManager.default.createDirectory(
            atPath: folder.file("inner"), withIntermediateDirectories: false)
        try expectRefused("missing/model", "the folder missing does not exist")
        try expectRefused("inner", "is no regular file")
        try expectRefused("inner/", "is no regular file")
        try expectRefused("file/model", "file is no folder")
        try expectRefused("/dev/full", "is no regular file")
        try expectRefused(String(repeating: "x", count: 300), "File name too long")
        #expect(try folder.names == ["file", "inner"])
    }

    @Test(.enabled(if: getuid() != 0, "root may write everywhere")) func folderThatIsReadOnly() throws {
        #expect(chmod(folder.path, 0o500) == 0)
        defer { chmod(folder.path, 0o700) }
        try expectRefused("model", "Permission denied")
    }

    @Test func fullDisk() throws {
        let outcome = try train(to: "model", fileSizeLimit: 8_000)
        #expect(outcome.ending == .status(1))
        let line = try #require(outcome.errorLines.last)
        #expect(line.hasPrefix("mynah: model: cannot be written: File too large ("), "\(outcome.errors)")
        #expect(!outcome.errors.contains("epoch 1/"))
        #expect(try folder.names.isEmpty)
    }

    /// There is room for the model, but not for a checkpoint.
    @Test func fullDiskForARunFolder() throws {
        let outcome = try mynah(
            ["train", words.set, "--run", "run", "--layers", "64", "--epochs", "3"],
            folder: folder.path, fileSizeLimit: 200_000)
        #expect(outcome.ending == .status(1))
        #expect(
            outcome.errorLines.last?.contains("last.checkpoint: cannot be written: File too large (") == true)
        #expect(try folder.names.isEmpty)
    }

    /// A model that stood there before stays as it was.
    @Test func fullDiskKeepsTheOldModel() throws {
        let old = try bytes(of: words.model)
        try folder.write(old, to: "model")
        #expect(try train(to: "model", fileSizeLimit: 8_000).ending == .status(1))
        #expect(try folder.names == ["model"])
        #expect(try bytes(of: folder.file("model")) == old)
    }

    @Test func standardOutputOnAFullDisk() throws {
        for command in [
            ["recognize", "--model", words.model, words.clip(.rising), words.clip(.falling)],
            ["recognize", "--json", "--model", words.model, words.clip(.rising)],
            ["evaluate", words.set, "--model", words.model], ["inspect", words.model],
        ] {
            let outcome = try mynah(command, output: "/dev/full")
            #expect(outcome.ending == .status(1))
            #expect(
                outcome.errorLines.last
                    == "mynah: standard output: cannot be written: No space left on device")
            #expect(outcome.errorLines.count { $0.hasPrefix("mynah: ") } == 1)
        }
    }

    @Test func temporaryFolderForStandardInput() throws {
        let clip = try bytes(of: words.clip(.rising))
        let outcome = try mynah(
            ["recognize", "--model", words.model, "-"], input: clip,
            environment: ["TMPDIR": folder.file("missing")])
        #expect(outcome.ending == .status(1))
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.hasPrefix("mynah: -: standard input cannot be kept in a temporary file in "))
        let full = try mynah(
            ["recognize", "--model", words.model, "-"], input: clip,
            environment: ["TMPDIR": folder.path], fileSizeLimit: 8_000)
        #expect(full.ending == .status(1))
        #expect(full.errors.hasSuffix(": File too large\n"))
        #expect(try folder.names.isEmpty)
    }
}
