/// A mono sound: samples at equal distances in time.
public struct Waveform: Sendable, Equatable {
    /// `[sampleCount]`, full scale is ±1.
    public var samples: [Float]

    /// Samples per second, in Hz.
    public let sampleRate: Int

    /// Wraps samples that are already mono and within ±1.
    public init(samples: [Float], sampleRate: Int) {
        precondition(sampleRate > 0, "sample rate must be positive, got \(sampleRate) Hz")
        self.samples = samples
        self.sampleRate = sampleRate
    }

    /// Length in seconds.
    public var duration: Double { Double(samples.count) / Double(sampleRate) }
}
