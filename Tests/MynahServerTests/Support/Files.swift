import Glibc
import MynahBase
import Testing

/// The bytes of a file.
func readFile(_ path: String) throws -> [UInt8] {
    let file = try RegularFile(opening: path)
    return try file.bytes(at: 0, count: file.byteCount)
}

/// A folder that is removed with the test.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = temporaryFolder().pathOf("mynah-server-\(UInt64.random(in: 0 ... .max))")
        _ = try makeFolder(path)
    }

    deinit { _ = "rm -r '\(path)'".withCString { system($0) } }

    /// Writes a file as an editor does: under another name first.
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let file = path.pathOf(name)
        let descriptor = open(file + ".new", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        #expect(bytes.withUnsafeBytes { writeFully(descriptor, $0) } == 0)
        rename(file + ".new", file)
        return file
    }
}
