import Foundation
import MynahAudio
import MynahData
import Testing

/// A folder of its own for one test, removed with the last reference to it.
///
/// Its "audio" files hold nothing but text; `decoder` makes a sound of it, so that these tests need no codec.
final class DataTestFolder {
    let url: URL
    private var made: Set<[UInt8]> = []
    var path: String { url.path }

    init(_ files: [String] = []) throws {
        url = FileManager.default.temporaryDirectory.appending(component: "mynah-data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for file in files { try write(file) }
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes a file, with the folders that lead to it.
    func write(_ name: String, _ contents: String = "1600") throws {
        let file = url.appending(path: name)
        let folder = file.deletingLastPathComponent().path
        if made.insert(Array(folder.utf8)).inserted {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
        let stream = try #require(fopen(file.path, "w"))
        defer { fclose(stream) }
        #expect(fputs(contents, stream) >= 0)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: url.appending(path: name).path, withDestinationPath: target)
    }

    /// Fills a word with clips of many speakers, so that every split gets some: `count` clips of `sampleCount`.
    func add(word: String, count: Int, sampleCount: Int = 1600) throws {
        for number in 0..<count {
            try write("\(word)/speaker\(number)_nohash_0.wav", "\(sampleCount) \(word)")
        }
    }

    /// Reads the number of samples from a file and makes them up: a ramp whose height follows from the file's text.
    ///
    /// A file that does not begin with a number is unreadable.
    static let decoder = ClipDecoder(sampleRate: 16_000) { path, _ in decode(path) }

    /// What ``decoder`` makes of a file.
    static func decode(_ path: String) -> Result<Waveform, ClipDecoder.Failure> {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let count = text.split(separator: " ").first.flatMap({ Int($0) })
        else { return .failure(ClipDecoder.Failure(reason: "is not audio")) }
        let height = Float(text.utf8.reduce(0) { ($0 * 31 + Int($1)) % 997 } + 1) / 1000
        let samples = (0..<count).map { height * Float($0 + 1) / Float(count) }
        return .success(Waveform(samples: samples, sampleRate: 16_000))
    }

    func scan(
        words: [String]? = nil, unknown: [DataTestFolder] = [], hasUnknown: Bool? = nil,
        hasSilence: Bool? = nil
    ) throws(DataError) -> LabelledFolder {
        try LabelledFolder(
            scanning: path,
            options: LabelledFolder.Options(
                words: words, unknownFolders: unknown.map(\.path), hasUnknown: hasUnknown,
                hasSilence: hasSilence))
    }
}

/// A folder with two words, three unknown words of very different sizes, and one noise recording.
func makeSmallCorpus(clipsPerWord: Int = 60) throws -> DataTestFolder {
    let folder = try DataTestFolder()
    try folder.add(word: "yes", count: clipsPerWord)
    try folder.add(word: "no", count: clipsPerWord)
    try folder.add(word: "bed", count: 2 * clipsPerWord)
    try folder.add(word: "cat", count: clipsPerWord)
    try folder.add(word: "tree", count: 12)
    try folder.write("_background_noise_/hum.wav", "160000 hum")
    return folder
}

/// The error that a call throws, as the line that the user sees.
func message(_ body: () throws(DataError) -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return error.description
    }
}
