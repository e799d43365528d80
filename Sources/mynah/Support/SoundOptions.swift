import ArgumentParser
import MynahAudio
import MynahFeatures

/// How one sound is read.
struct SoundOptions: ParsableArguments {
    @Option(help: "Take the file as raw samples of this rate in Hz: 16-bit signed little-endian, mono.")
    var raw: Int?

    @Option(help: "Listen to one channel, counted from 1, instead of the mean of all.")
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

    /// The source of a file, or of `-`.
    func source(_ file: String) -> AudioSource {
        file == "-" ? .standardInput(rawSampleRate: raw) : .file(path: file, rawSampleRate: raw)
    }

    /// Reads a sound at the rate of a front end: block by block, or in one if the front end needs the whole clip.
    ///
    /// - Parameters:
    ///   - wholeClipLimit: seconds that are taken into memory at most.
    ///   - endingOnInterruption: whether Ctrl-C ends in good order, so that no temporary file stays.
    ///   - body: takes the samples of each block, and nil at the end.
    func read(
        _ source: AudioSource, for frontEnd: MFCCConfiguration, wholeClipLimit: Double,
        endingOnInterruption: Bool, _ body: ([Float]?) throws -> Void
    ) throws {
        let channel = channel.map { ChannelSelection.channel($0) } ?? .average
        do {
            try frontEnd.validateStreamable()
        } catch {
            do {
                let waveform = try Waveform(
                    contentsOf: source, sampleRate: frontEnd.sampleRate, channel: channel,
                    maximumDuration: wholeClipLimit)
                try body(waveform.samples)
                return try body(nil)
            } catch AudioError.tooLong(let file, let seconds, let limit) {
                throw CommandError.tooLongForWholeClip(
                    file: file, seconds: seconds, limit: limit, reason: error.description)
            }
        }
        var stream = try AudioStream(source, sampleRate: frontEnd.sampleRate, channel: channel)
        if endingOnInterruption { Interruption.watch() }
        var block: [Float] = []
        while try stream.read(into: &block) {
            if Interruption.isRequested { throw CommandError.interrupted }
            try body(block)
        }
        try body(nil)
    }
}
