import Foundation
import MynahTestSupport
import Testing

/// Models that are none, for every command that reads one: one line, exit status 1, and nothing recognized.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct BadModelTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    /// Every command that reads a model must refuse this one with a message that names it and contains a text.
    private func expectRefused(_ model: String, _ text: String) throws {
        let commands = [
            ["recognize", "--model", model, words.clip(.rising)], ["evaluate", words.set, "--model", model],
            ["inspect", model], ["inspect", "--json", model],
        ]
        for command in commands {
            let outcome = try mynah(command)
            #expect(outcome.ending == .status(1), "\(command)")
            #expect(outcome.output.isEmpty)
            #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
            #expect(outcome.errors.hasPrefix("mynah: "))
            #expect(outcome.errors.contains(model) && outcome.errors.contains(text), "\(outcome.errors)")
        }
    }

    @Test func missing() throws {
        try expectRefused(folder.file("missing.safetensors"), "no such file")
    }

    @Test func directory() throws {
        try expectRefused(folder.path, "is a directory, expected a regular file")
    }

    @Test func device() throws {
        try expectRefused("/dev/zero", "is a device, expected a regular file")
    }

    @Test func empty() throws {
        try expectRefused(try folder.write([UInt8](), to: "empty"), "is not a valid safetensors file")
    }

    @Test func text() throws {
        let text = Array(String(repeating: "labels: yes, no\n", count: 100).utf8)
        try expectRefused(try folder.write(text, to: "model.txt"), "is not a valid safetensors file")
    }

    @Test func sound() throws {
        try expectRefused(words.clip(.rising), "is not a valid safetensors file")
    }

    @Test func truncated() throws {
        let model = try bytes(of: words.model)
        for count in [7, 8, 200, model.count / 2, model.count - 1] {
            let path = try folder.write(Array(model.prefix(count)), to: "cut\(count)")
            try expectRefused(path, "is not a valid safetensors file")
        }
        try expectRefused(try folder.write(model + [0], to: "longer"), "is not a valid safetensors file")
    }

    @Test func weightThatIsNoNumber() throws {
        var model = try bytes(of: words.model)
        model.replaceSubrange(model.count - 4..<model.count, with: [0, 0, 0xc0, 0x7f])
        try expectRefused(try folder.write(model, to: "nan"), "is not a usable model")
    }

    @Test func safetensorsOfAnotherKind() throws {
        let header = Array(#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
        let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) }
        try expectRefused(
            try folder.write(length + header + [0, 0, 0, 0], to: "other.safetensors"), "is not a usable model"
        )
    }
}
