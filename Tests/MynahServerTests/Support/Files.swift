import Glibc
import MynahBase
import MynahTestSupport
import Testing

/// The bytes of a file.
func readFile(_ path: String) throws -> [UInt8] {
    let file = try RegularFile(opening: path)
    return try file.bytes(at: 0, count: file.byteCount)
}

extension TemporaryFolder {
    /// Writes a file as an editor does: under another name first.
    func put(_ bytes: [UInt8], as name: String) throws -> String {
        let file = path.pathOf(name)
        let descriptor = open(file + ".new", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        #expect(bytes.withUnsafeBytes { writeFully(descriptor, $0) } == 0)
        rename(file + ".new", file)
        return file
    }
}
