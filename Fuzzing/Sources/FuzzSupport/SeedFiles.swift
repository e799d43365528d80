import Glibc
import MynahAudio
import MynahBase
import MynahTestSupport

/// The valid files that are damaged: those of a folder, and WAV files of every encoding.
///
/// - Parameter folder: Path of a folder of sounds; other files in it are left out.
/// - Returns: The contents, in the order of the names; traps if the folder cannot be read.
package func seedFiles(in folder: String) -> [[UInt8]] {
    guard let entries = opendir(folder) else {
        preconditionFailure("\(folder): \(systemMessage())")
    }
    defer { closedir(entries) }
    var names: [String] = []
    while let entry = readdir(entries) {
        // The name is copied from where it lies, since the array that C declares for it may be longer than the entry.
        let nameOffset = MemoryLayout<dirent>.offset(of: \dirent.d_name) ?? 0
        let name = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
        names.append(String(cString: name))
    }
    return names.filter(AudioFileName.isAudio).sorted().map { contents(of: "\(folder)/\($0)") } + wavFiles()
}

/// One short WAV file of each encoding, of one channel and of two, and one whose sizes take 64 bits.
private func wavFiles() -> [[UInt8]] {
    let tone = (0..<800).map { Float(sin(Double($0) / 6)) / 2 }
    var files = WAVFile.Encoding.allCases.map { WAVFile(tone, sampleRate: 16_000, encoding: $0).bytes }
    files.append(WAVFile(tone, sampleRate: 44_100, channels: 2).bytes)
    var long = WAVFile(tone, sampleRate: 16_000)
    long.identifier = "RF64"
    long.chunksBeforeData = WAVFile.chunk("LIST", Array("INFOISFT".utf8) + [4, 0, 0, 0, 65, 66, 67, 0])
    files.append(long.bytes)
    return files
}

/// The bytes of a file; traps if it cannot be read.
package func contents(of path: String) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
        preconditionFailure("\(path): \(systemMessage())")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 16)
    while true {
        let count = fread(&block, 1, block.count, file)
        guard count > 0 else { return bytes }
        bytes += block[..<count]
    }
}
