import MynahBase

/// Reads a sound block by block, at its own sample rate and as one channel, with libsndfile.
///
/// Memory does not depend on the length of the sound, and nothing that a header says is believed before it is
/// checked. Readers are independent: several may read the same file at once, each on a thread of its own.
package struct AudioReader: ~Copyable {
    /// Numbers of channels that are read; others point to a broken header.
    package static let supportedChannelCounts = 1...16

    /// Sample rates that are read, in Hz; others point to a broken header.
    package static let supportedSampleRates = 4_000...384_000

    /// Magnitude beyond which samples are taken for a mistake of scale instead of an overshoot of the decoder.
    static let largestOvershoot: Float = 16

    /// The name of the source, for messages.
    package let name: String

    /// Samples per second, in Hz.
    package let sampleRate: Int

    /// Channels in the file, of which one signal is made.
    package let channelCount: Int

    /// Samples that the header promises; `nil` if it leaves that open.
    ///
    /// Not to be trusted with memory.
    package let declaredSampleCount: Int?

    /// Samples read so far.
    package private(set) var position = 0

    private var sound: SoundFile
    /// Keeps the descriptor open on which `sound` reads.
    private let file: OpenFile
    private var mixer: ChannelMixer
    private var interleaved: [Float] = []
    private var hasEnded = false

    /// Opens a source, of which `channel` is read.
    ///
    /// - Throws: `AudioError` when the source is missing, unreadable, no audio, cut off, or out of the supported range.
    package init(_ source: AudioSource, channel: ChannelSelection = .average) throws(AudioError) {
        let file =
            switch source.location {
            case .file(let path): try OpenFile(path: path)
            case .standardInput: try StandardInputSpool.open()
            case .descriptor(let descriptor, let name): try OpenFile(duplicating: descriptor, name: name)
            }
        try self.init(file, rawSampleRate: source.rawSampleRate, channel: channel)
    }

    /// Reads an open file, as an audio file or as raw samples at `rawSampleRate` Hz.
    init(
        _ file: consuming OpenFile, rawSampleRate: Int? = nil, channel: ChannelSelection = .average
    ) throws(AudioError) {
        let extent: AudioExtent
        if let rawSampleRate {
            try checkChannelsAndRate(of: file.name, channels: nil, sampleRate: rawSampleRate)
            extent = try AudioExtent(raw: file, sampleRate: rawSampleRate)
        } else {
            extent = try AudioExtent(of: file)
        }
        let sound = try SoundFile(file, extent: extent)
        if sound.isRaw { throw .notAudio(file: file.name) }
        let channelCount = sound.channelCount
        try checkChannelsAndRate(of: file.name, channels: channelCount, sampleRate: sound.sampleRate)
        if case .channel(let number) = channel, !(1...channelCount).contains(number) {
            throw .noSuchChannel(file: file.name, channel: number, channelCount: channelCount)
        }
        name = file.name
        sampleRate = sound.sampleRate
        declaredSampleCount = sound.declaredFrameCount
        self.channelCount = channelCount
        mixer = ChannelMixer(channelCount: channelCount, selection: channel)
        self.sound = sound
        self.file = file
    }

    /// Appends the next samples, at most `count`, all within ±1.
    ///
    /// Decoders overshoot full scale a little, so samples beyond it are clamped.
    ///
    /// - Returns: The number of samples appended; 0 only at the end.
    /// - Throws: `AudioError` when the file turns out to be damaged, cut off, empty or wrongly scaled.
    package mutating func read(_ count: Int, appendingTo samples: inout [Float]) throws(AudioError) -> Int {
        precondition(count > 0, "a block must have at least 1 sample, got \(count)")
        let read: Int
        if channelCount == 1 {
            let start = samples.count
            samples.append(contentsOf: repeatElement(0, count: count))
            read = sound.decode(count, into: &samples, at: start)
            samples.removeLast(count - read)
            try check(&samples, from: start)
        } else {
            let size = count * channelCount
            if interleaved.count < size { interleaved = [Float](repeating: 0, count: size) }
            var frames = interleaved
            interleaved = []
            read = sound.decode(count, into: &frames, at: 0)
            let surplus = frames.count - read * channelCount
            frames.removeLast(surplus)
            try check(&frames, from: 0)
            mixer.mix(frames.span, appendingTo: &samples)
            frames.append(contentsOf: repeatElement(0, count: surplus))
            interleaved = frames
        }
        position += read
        if let byte = sound.secondSound { throw .severalStreams(file: name, byte: byte) }
        if read == 0 { try checkEnd() }
        return read
    }

    /// Refuses what is no sample, and clamps the rest to ±1.
    private func check(_ samples: inout [Float], from start: Int) throws(AudioError) {
        let magnitude = largestMagnitude(of: samples.span, from: start)
        guard magnitude <= Self.largestOvershoot else {
            for index in start..<samples.count where !(abs(samples[index]) <= Self.largestOvershoot) {
                let sample = position + (index - start) / channelCount
                throw samples[index].isFinite
                    ? .wrongScale(file: name, sample: sample, value: samples[index])
                    : .notFinite(file: name, sample: sample)
            }
            return
        }
        if magnitude > 1 { clampToFullScale(&samples, from: start) }
    }

    /// Sees, where no more samples come, whether that is the end that the header announced.
    private mutating func checkEnd() throws(AudioError) {
        if sound.readFailure != 0 {
            throw .cannotRead(file: name, reason: systemMessage(sound.readFailure))
        }
        if let declaredSampleCount, position < declaredSampleCount {
            throw .incomplete(
                file: name, expectedSamples: declaredSampleCount, actualSamples: position)
        }
        if let reason = sound.decodingFailure {
            throw .decodingFailed(file: name, sample: position, reason: reason)
        }
        guard position > 0 else { throw .noSamples(file: name) }
        if mixer.channelsCancel, !hasEnded {
            AudioNotice.channelsCancel(source: name, channelCount: channelCount).send()
        }
        hasEnded = true
    }
}
