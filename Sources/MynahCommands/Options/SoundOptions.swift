import ArgumentParser
import Glibc
import MynahAudio
import MynahBase
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
    func open(_ file: String, for frontEnd: FrontEndConfiguration) throws -> SoundBlocks {
        try SoundBlocks(
            file == "-" ? .standardInput(rawSampleRate: raw) : .file(path: file, rawSampleRate: raw),
            channel: selection, frontEnd: frontEnd)
    }
}

/// Which channel is listened to, of every sound that a command reads.
struct ChannelOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "Listen to one channel, counted from 1, instead of the mean of all.")
    var channel: Int?

    func validate() throws {
        if let channel, channel < 1 {
            throw ValidationError("--channel is \(channel), expected 1 or more")
        }
    }

    /// How several channels become one.
    var selection: ChannelSelection { channel.map { .channel($0) } ?? .average }
}
