/// Reads a sound of any length block by block, as one channel at the sample rate that is asked for.
///
/// It joins an `AudioReader` with a `Resampler` and needs the same memory for a second as for a day.
package struct AudioStream: ~Copyable {
    /// Samples read from the source at once.
    private static let blockLength = 8_192

    /// The name of the source, for messages.
    package var name: String { reader.name }

    /// Samples per second of what is delivered, in Hz.
    package let sampleRate: Int

    /// Samples per second of the source, in Hz.
    package var sourceSampleRate: Int { reader.sampleRate }

    /// Length in seconds that the header promises; `nil` if it leaves that open.
    package var declaredDuration: Double? {
        reader.declaredSampleCount.map { Double($0) / Double(reader.sampleRate) }
    }

    /// Seconds of the source that have been read so far.
    package var duration: Double { Double(reader.position) / Double(reader.sampleRate) }

    private var reader: AudioReader
    private var resampler: Resampler?
    private var sourceBlock: [Float] = []
    private var hasEnded = false

    /// Opens a source, to be delivered at `sampleRate` Hz, which must lie in `AudioReader.supportedSampleRates`.
    ///
    /// - Throws: `AudioError` as `AudioReader` does.
    package init(
        _ source: AudioSource, sampleRate: Int, channel: ChannelSelection = .average
    ) throws(AudioError) {
        precondition(
            AudioReader.supportedSampleRates.contains(sampleRate),
            "sample rate must be in \(AudioReader.supportedSampleRates) Hz, got \(sampleRate) Hz")
        self.sampleRate = sampleRate
        reader = try AudioReader(source, channel: channel)
        resampler =
            reader.sampleRate == sampleRate
            ? nil : Resampler(from: reader.sampleRate, to: sampleRate)
    }

    /// Replaces `block` by the next samples, within ±1: some thousands, fewer at the end.
    ///
    /// - Returns: `false` at the end, where `block` is left empty.
    /// - Throws: `AudioError` as `AudioReader` does.
    package mutating func read(into block: inout [Float]) throws(AudioError) -> Bool {
        block.removeAll(keepingCapacity: true)
        return try read(appendingTo: &block)
    }

    /// Appends the next samples as `read(into:)` delivers them.
    mutating func read(appendingTo samples: inout [Float]) throws(AudioError) -> Bool {
        let start = samples.count
        guard resampler != nil else {
            return try reader.read(Self.blockLength, appendingTo: &samples) > 0
        }
        var block = sourceBlock
        sourceBlock = []
        // The filter may swallow a short block whole.
        while samples.count == start, !hasEnded {
            block.removeAll(keepingCapacity: true)
            if try reader.read(Self.blockLength, appendingTo: &block) > 0 {
                resampler?.process(block.span, appendingTo: &samples)
            } else {
                resampler?.finish(appendingTo: &samples)
                hasEnded = true
            }
        }
        sourceBlock = block
        // A filter overshoots where the signal is near full scale.
        clampToFullScale(&samples, from: start)
        return samples.count > start
    }
}
