import ArgumentParser
import MynahAudio
import MynahData
import MynahFeatures

/// How one sound is read.
struct SoundOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Take files as raw samples of this rate in Hz: 16-bit signed little-endian, mono.")
    var raw: Int?

    @Option(
        parsing: .unconditional, help: "Listen to one channel, counted from 1, instead of the mean of all.")
    var channel: Int?

    func validate() throws {
        if let raw, !AudioReader.supportedSampleRates.contains(raw) {
            let range = AudioReader.supportedSampleRates
            throw ValidationError(
                "--raw is \(raw) Hz, expected \(range.lowerBound) to \(range.upperBound) Hz")
        }
        if let channel, channel < 1 {
            throw ValidationError("--channel is \(channel), expected 1 or more")
        }
    }

    /// How several channels become one.
    var selection: ChannelSelection { channel.map { .channel($0) } ?? .average }

    /// Opens a file, or `-`, to be read at the rate of a front end.
    func open(_ file: String, for frontEnd: MFCCConfiguration) throws -> SoundBlocks {
        try SoundBlocks(
            file == "-" ? .standardInput(rawSampleRate: raw) : .file(path: file, rawSampleRate: raw),
            channel: selection, frontEnd: frontEnd)
    }
}
