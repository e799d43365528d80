import Glibc
import MynahAudio
import MynahData
import MynahFeatures

/// One way in which a recording may differ from those that a model has learned from.
enum SignalCondition: Hashable, Sendable {
    /// The sound comes later, or earlier where negative; what moves in from outside the window is digital silence.
    case shift(milliseconds: Double)

    /// The sound is louder, or softer where negative, and clipped at full scale.
    case gain(decibels: Double)

    /// Background noise is added whose power over the window is so far below that of the recording.
    case noise(signalToNoiseDecibels: Double)

    /// As in a room whose reverberation falls by 60 dB in so many seconds, with direct sound so far above all that is
    /// reflected: the farther away somebody speaks, the less.
    case room(reverberationSeconds: Double, directRatioDecibels: Double)

    /// Only frequencies below 4 kHz are left: the sound is converted to 8,000 Hz and back.
    case narrowBand

    /// As a telephone transmits it: 8,000 Hz, µ-law.
    case telephone

    /// Coded by Opus.
    case opus(kilobitsPerSecond: Int)

    /// The sample rate of telephony, in Hz.
    private static let telephoneRate = 8_000

    /// The recording under this condition.
    ///
    /// - Parameters:
    ///   - recording: A window of sound.
    ///   - noise: `[sampleCount]`, noise of any level; where it or the recording is digital silence, nothing is added.
    /// - Throws: `AudioError.codecFailed`.
    func apply(to recording: Waveform, noise: [Float]) throws(AudioError) -> Waveform {
        var changed = recording
        switch self {
        case .shift(let milliseconds):
            let count = recording.samples.count
            let shift = Int((milliseconds / 1000 * Double(recording.sampleRate)).rounded())
            for index in 0..<count {
                let source = index - shift
                changed.samples[index] = (0..<count).contains(source) ? recording.samples[source] : 0
            }
        case .gain(let decibels):
            let factor = Float(decibels: decibels)
            changed.samples = recording.samples.map { factor * $0 }
            clampToFullScale(&changed.samples)
        case .noise(let ratio):
            precondition(
                noise.count == recording.samples.count,
                "\(noise.count) samples of noise for \(recording.samples.count) of sound")
            let (signalPower, noisePower) = (Self.power(recording.samples), Self.power(noise))
            guard signalPower > 0, noisePower > 0 else { return recording }
            let factor = Float((signalPower / noisePower / pow(10, ratio / 10)).squareRoot())
            for index in noise.indices { changed.samples[index] += factor * noise[index] }
        case .room(let seconds, let ratio):
            let count = recording.samples.count
            let response = RoomResponse.make(
                Variation.Room(
                    reverberationSeconds: Float(seconds), directRatioDecibels: Float(ratio),
                    seed: Self.roomSeed),
                sampleRate: recording.sampleRate, limit: count)
            FourierConvolver(signalCount: count, responseCount: response.count)
                .convolve(&changed.samples, with: response)
            clampToFullScale(&changed.samples)
        case .narrowBand:
            changed.samples = Self.converted(recording, from: recording.resampled(to: Self.telephoneRate))
        case .telephone:
            changed.samples = Self.converted(
                recording, from: try SoundCodec.muLaw.roundTrip(recording.resampled(to: Self.telephoneRate)))
        case .opus(let kilobitsPerSecond):
            changed = try SoundCodec.opus(kilobitsPerSecond: kilobitsPerSecond).roundTrip(recording)
        }
        return changed
    }

    /// Fixed, so that figures can be compared between models and runs.
    private static let roomSeed: UInt64 = 22

    /// A sound at the rate and of the length of the original.
    private static func converted(_ original: Waveform, from sound: Waveform) -> [Float] {
        sound.resampled(to: original.sampleRate).ofLength(original.samples.count).samples
    }

    private static func power(_ samples: [Float]) -> Double {
        samples.reduce(0) { $0 + Double($1) * Double($1) }
    }
}
