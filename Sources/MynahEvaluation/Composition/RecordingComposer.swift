package import MynahAudio
import MynahBase

/// Makes the sound of a ``CompositionPlan``, piece by piece, so that a day takes no more memory than a minute.
///
/// Words have a root mean square of 0.05 (26 dB below full scale). The noise behind each word is as far below it as its
/// ratio says. Speech, if there is some, has the level of the words and fills the middle of every second pause on
/// average, half a second away from the words, so that it never covers one.
package struct RecordingComposer: ~Copyable {
    private static let speechMarginSeconds = 0.5
    private static let shortestSpeechSeconds = 0.5
    private static let fadeSeconds = 0.02

    private let plan: CompositionPlan
    private var noise: NoiseBed
    private var speech: SpeechBed
    private var generator: SeededGenerator
    private var nextPlacement = 0
    private var position = 0
    private var noiseLevel: Float

    /// Starts at the beginning of a plan.
    package init(_ plan: CompositionPlan, noise: NoiseBed, speech: consuming SpeechBed) {
        self.plan = plan
        self.noise = noise
        self.speech = speech
        generator = SeededGenerator(seed: plan.settings.seed, 2)
        noiseLevel = plan.placements.first.map(Self.noiseLevel) ?? 0
    }

    /// Replaces `block` by the next samples, from the end of one clip to the end of the next; false at the end.
    ///
    /// - Throws: `AudioError` when a clip or a recording of speech cannot be read.
    package mutating func read(into block: inout [Float]) throws(AudioError) -> Bool {
        guard position < plan.sampleCount else { return false }
        let placement = nextPlacement < plan.placements.count ? plan.placements[nextPlacement] : nil
        nextPlacement += 1
        let end = placement.map { $0.start + $0.sampleCount } ?? plan.sampleCount
        block = [Float](repeating: 0, count: end - position)
        let gap = (placement?.start ?? end) - position
        try addSpeech(to: &block, gap: gap)
        if let placement {
            let clip = try Waveform(
                contentsOf: .file(path: placement.path), sampleRate: plan.sampleRate,
                channel: plan.settings.channel, maximumDuration: 60)
            for (index, sample) in clip.samples.prefix(placement.sampleCount).enumerated() {
                block[gap + index] += placement.gain * sample
            }
        }
        // The level changes evenly over the pause.
        let (from, to) = (noiseLevel, placement.map(Self.noiseLevel) ?? noiseLevel)
        noise.add(to: &block) { index in
            from + (to - from) * min(1, Float(index) / Float(max(1, gap)))
        }
        noiseLevel = to
        position = end
        return true
    }

    private static func noiseLevel(_ placement: CompositionPlan.Placement) -> Float {
        CompositionPlan.wordLevel * Float(decibels: -placement.signalToNoiseDecibels)
    }

    private mutating func addSpeech(to block: inout [Float], gap: Int) throws(AudioError) {
        let rate = Double(plan.sampleRate)
        let margin = Int(Self.speechMarginSeconds * rate)
        let count = gap - 2 * margin
        let isSpoken = generator.next() % 2 == 0
        guard isSpoken, count >= Int(Self.shortestSpeechSeconds * rate) else { return }
        let samples = try speech.next(count)
        let energy = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))
        // A pause of a speaker is not to be made as loud as speech.
        guard energy > 1e-8 else { return }
        let gain = min(CompositionPlan.wordLevel / Float(energy.squareRoot()), 20)
        let fade = max(1, Int(Self.fadeSeconds * rate))
        for (index, sample) in samples.enumerated() {
            let edge = min(1, Float(min(index, samples.count - 1 - index)) / Float(fade))
            block[margin + index] += gain * edge * sample
        }
    }
}
