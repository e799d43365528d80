public import MynahAudio

/// Reads a source whole and block by block; traps where the two differ or a sample lies outside ±1.
///
/// - Returns: `[sampleCount]` samples at `sampleRate` Hz, at least 1.
/// - Throws: `AudioError`, whose description is one line, where the source is refused.
public func checkedSamples(
    of source: AudioSource, sampleRate: Int, channel: ChannelSelection
) throws(AudioError) -> [Float] {
    let maximumDuration = 30.0
    do throws(AudioError) {
        let samples = try Waveform(
            contentsOf: source, sampleRate: sampleRate, channel: channel, maximumDuration: maximumDuration
        ).samples
        check(!samples.isEmpty, "a sound without samples was accepted")
        check(samples.allSatisfy { abs($0) <= 1 }, "a sample lies outside ±1")

        var stream = try AudioStream(source, sampleRate: sampleRate, channel: channel)
        var block: [Float] = []
        var position = 0
        while try stream.read(into: &block) {
            let end = position + block.count
            check(
                end <= samples.count && samples[position..<end].elementsEqual(block),
                "block by block, other samples come than at once")
            position = end
        }
        check(position == samples.count, "block by block, fewer samples come than at once")
        return samples
    } catch {
        check(!error.description.contains { $0.isNewline }, "an error takes several lines")
        throw error
    }
}
