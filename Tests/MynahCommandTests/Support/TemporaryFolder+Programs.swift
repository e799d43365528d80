import Foundation
import MynahTestSupport
import Testing

extension TemporaryFolder {
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
