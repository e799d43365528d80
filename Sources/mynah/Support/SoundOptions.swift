import ArgumentParser
import MynahAudio
import MynahData
import MynahFeatures

/// How one sound is read.
struct SoundOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Read files as raw samples at this rate in Hz: signed 16-bit little-endian, mono.")
    var raw: Int?

    @OptionGroup var channels: ChannelOptions

    func validate() throws {
        if let raw, !AudioReader.supportedSampleRates.contains(raw) {
            let range = AudioReader.supportedSampleRates
            throw ValidationError(
                "--raw is \(raw) Hz, expected \(range.lowerBound) to \(range.upperBound) Hz")
        }
    }

    /// How several channels become one.
    var selection: ChannelSelection { channels.selection }

    /// Opens a file, or `-`, to be read at the rate of a front end.
    func open(_ file: String, for frontEnd: MFCCConfiguration) throws -> SoundBlocks {
        try SoundBlocks(
            file == "-" ? .standardInput(rawSampleRate: raw) : .file(path: file, rawSampleRate: raw),
            channel: selection, frontEnd: frontEnd)
    }
}
