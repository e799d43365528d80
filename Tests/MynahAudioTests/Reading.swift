import Foundation
import MynahAudio
import MynahTestSupport
import Testing

extension TemporaryFolder {
    /// Writes a file and returns it as a source.
    func writeSource(_ bytes: [UInt8], to name: String, rawSampleRate: Int? = nil) throws -> AudioSource {
        .file(path: try write(bytes, to: name), rawSampleRate: rawSampleRate)
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
