/// A mono sound: samples at equal distances in time.
public struct Waveform: Sendable, Equatable {
    /// `[sampleCount]`, full scale is ±1.
    public var samples: [Float]

    /// Samples per second, in Hz.
    public let sampleRate: Int

    /// Wraps samples that are already mono and within ±1.
    ///
    /// - Parameters:
    ///   - samples: `[sampleCount]`, finite.
    ///   - sampleRate: samples per second, in Hz, above 0; traps otherwise.
    public init(samples: [Float], sampleRate: Int) {
        precondition(sampleRate > 0, "sample rate must be positive, got \(sampleRate) Hz")
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// Length in seconds.
    public var duration: Double { Double(samples.count) / Double(sampleRate) }
}

extension Waveform {
    /// The same sound at another sample rate, in Hz, within `AudioReader.supportedSampleRates`; clamped to ±1.
    package func resampled(to sampleRate: Int) -> Waveform {
        guard sampleRate != self.sampleRate else { return self }
        var resampler = Resampler(from: self.sampleRate, to: sampleRate)
        var resampled: [Float] = []
        resampler.process(samples.span, appendingTo: &resampled)
        resampler.finish(appendingTo: &resampled)
        // Between the samples of a loud sound the wave goes beyond full scale; what is read from files is clamped, too.
        clampToFullScale(&resampled)
        return Waveform(samples: resampled, sampleRate: sampleRate)
    }

    /// The same sound in exactly so many samples: cut off, or followed by silence.
    package func ofLength(_ sampleCount: Int) -> Waveform {
        var sound = self
        sound.samples.removeLast(max(0, samples.count - sampleCount))
        sound.samples.append(contentsOf: repeatElement(0, count: max(0, sampleCount - samples.count)))
        return sound
    }
}

extension Waveform {
    /// Reads a whole sound, as one channel at the sample rate that is asked for.
    ///
    /// - Parameters:
    ///   - source: A file or standard input.
    ///   - sampleRate: Samples per second of the result, in Hz, 4,000 to 384,000.
    ///   - channel: How several channels become one.
    ///   - maximumDuration: Seconds, greater than 0; a longer sound is refused before memory is spent on more.
    /// - Throws: `AudioError` when the source cannot be read as a whole.
    public init(
        contentsOf source: AudioSource, sampleRate: Int, channel: ChannelSelection = .average,
        maximumDuration: Double
    ) throws(AudioError) {
        precondition(maximumDuration > 0, "maximum duration must be positive, got \(maximumDuration) s")
        var stream = try AudioStream(source, sampleRate: sampleRate, channel: channel)
        if let declared = stream.declaredDuration, declared > maximumDuration {
            throw .tooLong(file: source.name, seconds: declared, maximumSeconds: maximumDuration)
        }
        var samples: [Float] = []
        while try stream.read(appendingTo: &samples) {
            guard stream.duration <= maximumDuration else {
                throw .tooLong(
                    file: source.name, seconds: stream.duration, maximumSeconds: maximumDuration)
            }
        }
        self.init(samples: samples, sampleRate: sampleRate)
    }
}
