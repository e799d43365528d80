import Glibc
import MynahAudio
import MynahFeatures

/// Makes the sound of a variation: shift and speed, room, noise, level, band, code, in this order.
///
/// It has no state: any number of threads may use one.
struct VariationRenderer: Sendable {
    let sampleRate: Int
    let windowSampleCount: Int
    private let noise: BackgroundNoise

    /// Nil where no clip sounds in a room.
    private let convolver: FourierConvolver?

    /// A renderer of windows of a fixed length, for variations that `augmentation` draws.
    init(augmentation: Augmentation, noise: BackgroundNoise, sampleRate: Int, windowSampleCount: Int) {
        self.noise = noise
        self.sampleRate = sampleRate
        self.windowSampleCount = windowSampleCount
        guard augmentation.roomProbability > 0 else {
            convolver = nil
            return
        }
        convolver = FourierConvolver(
            signalCount: windowSampleCount,
            responseCount: RoomResponse.sampleCount(
                reverberationSeconds: augmentation.reverberationSeconds.upper, sampleRate: sampleRate,
                limit: windowSampleCount))
    }

    /// Writes a variation of a clip into all of `output`, `[windowSampleCount]`, within ±1.
    ///
    /// A clip longer than the window is first cut at random, but never through its loudest stretch (`ClipWindow`).
    /// What the shift brings in from outside the clip is zero.
    func render(_ variation: Variation, of samples: QuantizedSamples, into output: inout [Float]) {
        let starts = ClipWindow.startsAroundLoudest(in: samples, sampleCount: output.count)
        let start =
            starts.lowerBound
            + min(starts.count - 1, Int(variation.windowPosition * Float(starts.count)))
        let shift = Int((variation.shiftMilliseconds / 1000 * Double(sampleRate)).rounded())
        if variation.speed != 1 {
            // The middle of the window stays where it is.
            let middle = Double(output.count) / 2
            samples.copy(
                from: Double(start - shift) + middle * (1 - variation.speed), step: variation.speed,
                into: &output)
        } else {
            samples.copy(from: start - shift, into: &output)
        }
        colour(&output, as: variation)
    }

    /// Writes a variation of a whole clip into `output`, which takes its length: it lies where it lay, without a shift.
    ///
    /// - Precondition: at that speed the clip is not longer than the window.
    func renderWhole(_ variation: Variation, of samples: QuantizedSamples, into output: inout [Float]) {
        let count = Int((Double(samples.count) / variation.speed).rounded())
        precondition(count <= windowSampleCount, "\(count) samples in a window of \(windowSampleCount)")
        output = [Float](repeating: 0, count: count)
        if variation.speed != 1 {
            samples.copy(from: 0.0, step: variation.speed, into: &output)
        } else {
            samples.copy(from: 0, into: &output)
        }
        colour(&output, as: variation)
    }

    /// Adds room, noise, level and channel.
    private func colour(_ output: inout [Float], as variation: Variation) {
        if let room = variation.room, let convolver {
            let response = RoomResponse.make(room, sampleRate: sampleRate, limit: convolver.responseCount)
            convolver.convolve(&output, with: response)
        }
        if let drawn = variation.noise {
            let speech = SpeechLevel.power(of: output, sampleRate: sampleRate)
            noise.add(
                to: &output, from: .training, at: drawn.place,
                power: speech * powf(10, -drawn.ratioDecibels / 10))
        }
        if variation.gainDecibels != 0 {
            let gain = powf(10, variation.gainDecibels / 20)
            for index in output.indices { output[index] *= gain }
        }
        pass(variation.channel, &output)
    }

    /// Writes background noise alone into all of `output`, `[windowSampleCount]`, within ±1.
    func renderSilence(_ silence: Variation.Silence, into output: inout [Float]) {
        for index in output.indices { output[index] = 0 }
        noise.add(
            to: &output, from: .training, at: silence.place, power: powf(10, silence.levelDecibels / 10))
        pass(silence.channel, &output)
    }

    /// Sends a sound through a channel, and holds it within ±1.
    private func pass(_ channel: Variation.Channel, _ output: inout [Float]) {
        if let band = channel.band { BandLimit.apply(band, to: &output, sampleRate: sampleRate) }
        if let bits = channel.codeBits { MuLaw.apply(bits: bits, to: &output) }
        clampToFullScale(&output)
    }
}
