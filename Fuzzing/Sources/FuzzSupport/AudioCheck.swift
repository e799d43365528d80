import Glibc
package import MynahAudio

/// Reads a source whole and block by block; traps where the two differ or a sample lies outside ±1.
///
/// - Returns: `[sampleCount]` samples at `sampleRate` Hz, at least 1.
/// - Throws: `AudioError`, whose description is one line, where the source is refused.
package func checkedSamples(
    of source: AudioSource, sampleRate: Int, channel: ChannelSelection
) throws(AudioError) -> [Float] {
    let maximumDuration = 30.0
    let piped = pipedSamples(of: source, channel: channel)
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
        if let piped {
            let own = try ownSamples(of: source, channel: channel)
            check(piped == own, "from a pipe, other samples come than from a file")
        }
        return samples
    } catch {
        check(!error.description.contains { $0.isNewline }, "an error takes several lines")
        throw error
    }
}

/// All samples at the rate of the file.
private func ownSamples(of source: AudioSource, channel: ChannelSelection) throws(AudioError) -> [Float] {
    var reader = try AudioReader(source, channel: channel)
    var samples: [Float] = []
    while try reader.read(8_192, appendingTo: &samples) > 0 {}
    return samples
}

/// The samples of the same file as a pipe would give them; `nil` where a pipe refuses it.
private func pipedSamples(of source: AudioSource, channel: ChannelSelection) -> [Float]? {
    guard case .file(let path) = source.location else { return nil }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var samples: [Float] = []
    do throws(AudioError) {
        var pipe = try LivePipe(
            rawSampleRate: source.rawSampleRate, channel: channel, descriptor: descriptor)
        while true {
            if case .end = try pipe.read(appendingTo: &samples, timeoutMilliseconds: 0) { break }
        }
        try pipe.checkEnd()
        check(samples.allSatisfy { abs($0) <= 1 }, "a sample from a pipe lies outside ±1")
        return pipe.brokenSampleCount == 0 ? samples : nil
    } catch {
        check(!error.description.contains { $0.isNewline }, "an error of a pipe takes several lines")
        return nil
    }
}
