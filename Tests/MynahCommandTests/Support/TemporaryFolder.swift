import Foundation
import MynahTestSupport
import Testing

/// A folder for the files of one test, removed at its end.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "mynah-command-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { remove() }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of all files and folders in it, sorted.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// Writes a file, in a folder that is made if there is none, and returns its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return file(name)
    }

    /// Writes a program for the shell, in a folder that is made if there is none, and returns its path.
    ///
    /// Another process writes it: a file that this one has just had open for writing may not be started yet, when another
    /// test has started a process in between, which has the file open until it runs its own program (ETXTBSY).
    @discardableResult
    func writeProgram(_ script: String, to name: String) throws -> String {
        let outcome = try shell(
            "mkdir -p \"${FILE%/*}\" && printf '%s\\n' \"$SCRIPT\" >\"$FILE\" && chmod 755 \"$FILE\"",
            environment: ["SCRIPT": "#!/bin/sh\n\(script)", "FILE": file(name)])
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        return file(name)
    }

    /// Writes a WAV file of one channel at 16 kHz, and returns its path.
    @discardableResult
    func writeSound(_ samples: [Float], to name: String) throws -> String {
        try write(WAVFile(samples, sampleRate: 16_000).bytes, to: name)
    }
}

/// The bytes of a file.
func bytes(of path: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}
