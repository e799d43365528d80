extension Waveform {
    /// Reads a whole sound, as one channel at the sample rate that is asked for.
    ///
    /// - Parameters:
    ///   - source: A file or standard input.
    ///   - sampleRate: Samples per second of the result, in Hz, within `AudioReader.supportedSampleRates`.
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
