import Glibc
import MynahBase

/// How long was listened on which day: a table of tab-separated text beside what was kept, to which lines are only ever added.
struct ListeningLog {
    /// Its name within the folder of what was kept.
    static let fileName = "listening.tsv"

    private static let header = ["day", "seconds"]
    private static let byteLimit = 256 << 20

    /// Seconds of sound by day.
    let seconds: [String: Double]

    /// Reads the table of a folder; lines that are none are passed over, and there may be no table.
    init(in folder: String) {
        let text = try? TextLines(
            contentsOf: folder.pathOf(Self.fileName), limitBytes: Self.byteLimit, holdsNames: true)
        var seconds: [String: Double] = [:]
        for line in text?.lines.dropFirst() ?? [] {
            let fields = line.text.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count == 2, let value = Double(fields[1]), (0...3e8).contains(value) else {
                continue
            }
            seconds[String(fields[0]), default: 0] += value
        }
        self.seconds = seconds
    }

    /// Adds a stretch of listening.
    static func add(_ seconds: Double, on day: String, in folder: String) throws(FileError) {
        let path = folder.pathOf(fileName)
        var text = fileExists(path) ? "" : header.joined(separator: "\t") + "\n"
        // The name of a file may have anything in it.
        let name = String(day.map { $0 == "\t" || $0.isNewline ? " " : $0 })
        text += "\(name)\t\(NumberText.fixed(seconds, decimals: 3))\n"
        try appendToFile(text.pathBytes, at: path)
    }
}

/// Adds bytes at the end of a file, wherever that is by now, and waits until the disk has them; the file is made if need be.
///
/// - Throws: `FileError.unwritable`.
func appendToFile(_ bytes: [UInt8], at path: String) throws(FileError) {
    let descriptor = path.withPath { open($0, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage()) }
    defer { close(descriptor) }
    let failure = bytes.withUnsafeBytes { writeFully(descriptor, $0) }
    guard failure == 0 else { throw .unwritable(path: path, reason: systemMessage(failure)) }
    guard fsync(descriptor) == 0 else { throw .unwritable(path: path, reason: systemMessage()) }
}
