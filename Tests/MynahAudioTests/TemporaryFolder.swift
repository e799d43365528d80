import Foundation
import MynahAudio
import Testing

/// A folder for the files of one test, removed at its end.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/mynah-audio-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns it as a source.
    func write(_ bytes: [UInt8], to name: String, rawSampleRate: Int? = nil) throws -> AudioSource {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return .file(path: "\(path)/\(name)", rawSampleRate: rawSampleRate)
    }
}

/// A file of the folder `Fixtures`.
func fixture(_ name: String) throws -> AudioSource {
    .file(path: try #require(Bundle.module.path(forResource: "Fixtures/\(name)", ofType: nil)))
}

/// The bytes of a file of the folder `Fixtures`.
func fixtureBytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: try fixture(name).name)))
}

/// All samples of `source` as one channel.
func read(
    _ source: AudioSource, sampleRate: Int = 16_000, channel: ChannelSelection = .average
) throws(AudioError) -> [Float] {
    try Waveform(
        contentsOf: source, sampleRate: sampleRate, channel: channel, maximumDuration: 60
    ).samples
}

/// The error with which reading `source` ends, or `nil`.
func errorReading(
    _ source: AudioSource, sampleRate: Int = 16_000, channel: ChannelSelection = .average
) -> AudioError? {
    do {
        _ = try read(source, sampleRate: sampleRate, channel: channel)
        return nil
    } catch {
        return error
    }
}
