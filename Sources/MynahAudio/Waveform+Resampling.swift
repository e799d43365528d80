extension Waveform {
    /// The same sound at another sample rate, in Hz, within `AudioReader.supportedSampleRates`.
    package func resampled(to sampleRate: Int) -> Waveform {
        guard sampleRate != self.sampleRate else { return self }
        var resampler = Resampler(from: self.sampleRate, to: sampleRate)
        var resampled: [Float] = []
        resampler.process(samples.span, appendingTo: &resampled)
        resampler.finish(appendingTo: &resampled)
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
