import MynahAudio
import MynahBase
package import MynahData
import MynahNetwork

/// What is laid where in a composed recording: every choice, made before the first sample is written.
package struct CompositionPlan: Sendable {
    /// Level of every word, root mean square below full scale.
    static let wordLevel: Float = 0.05

    /// A clip at its place.
    struct Placement: Sendable {
        /// The audio file.
        let path: String

        /// Where the clip begins, in samples of the recording.
        let start: Int

        /// Length of the clip, in samples.
        let sampleCount: Int

        /// What its samples are multiplied by.
        let gain: Float

        /// Ratio of the word to the noise from the end of the clip before to the end of this one, in dB.
        let signalToNoiseDecibels: Double
    }

    /// Samples per second, in Hz.
    package let sampleRate: Int

    /// Length of the recording, in samples.
    package let sampleCount: Int

    /// The words and when they are said.
    package let truth: TruthTable

    let placements: [Placement]
    let settings: CompositionSettings

    /// Chooses clips, places and levels.
    ///
    /// Clips are drawn without replacement until all have been used, then once more.
    ///
    /// - Parameters:
    ///   - words: clips of words that are to be detected.
    ///   - others: clips of words that are not.
    ///   - sampleRate: samples per second of the recording, in Hz.
    ///   - settings: how they are laid.
    /// - Throws: ``EvaluationError``, or `AudioError` when a clip cannot be read.
    package init(
        words: [LabelledClip], others: [LabelledClip], sampleRate: Int, settings: CompositionSettings
    ) throws {
        try settings.validate()
        var generator = SeededGenerator(seed: settings.seed, 0)
        var clips = try Self.draw(settings.wordCount, of: words, using: &generator)
        clips += try Self.draw(settings.otherWordCount, of: others, using: &generator)
        generator.shuffle(&clips)

        let rate = Double(sampleRate)
        var placements: [Placement] = []
        var events: [TruthEvent] = []
        var end = 0
        func gap() -> Int { Int((generator.number(in: settings.gapSeconds) * rate).rounded()) }
        for clip in clips {
            let waveform = try Waveform(
                contentsOf: .file(path: clip.path), sampleRate: sampleRate, channel: settings.channel,
                maximumDuration: 60)
            let extent = WordExtent(in: waveform.samples, sampleRate: sampleRate)
            // The pause is between the words, not between the clips with their margins.
            let start = max(
                end,
                (events.last.map { Int(($0.end * rate).rounded()) } ?? 0) + gap()
                    - extent.range.lowerBound)
            placements.append(
                Placement(
                    path: clip.path, start: start, sampleCount: waveform.samples.count,
                    gain: extent.rootMeanSquare > 0 ? Self.wordLevel / extent.rootMeanSquare : 0,
                    signalToNoiseDecibels: generator.number(in: settings.signalToNoiseDecibels)))
            events.append(
                TruthEvent(
                    start: Double(start + extent.range.lowerBound) / rate,
                    end: Double(start + extent.range.upperBound) / rate, word: clip.word))
            end = start + waveform.samples.count
        }
        sampleCount = end + gap()
        self.sampleRate = sampleRate
        self.settings = settings
        self.placements = placements
        truth = TruthTable(events: events)
    }

    private static func draw(
        _ count: Int, of clips: [LabelledClip], using generator: inout SeededGenerator
    ) throws(EvaluationError) -> [LabelledClip] {
        guard count > 0 else { return [] }
        guard !clips.isEmpty else {
            throw .invalidComposition(reason: "there are no clips to draw \(count) from")
        }
        var drawn: [LabelledClip] = []
        while drawn.count < count {
            var round = clips
            generator.shuffle(&round)
            drawn += round.prefix(count - drawn.count)
        }
        return drawn
    }
}

extension SeededGenerator {
    /// A number drawn uniformly from a range.
    mutating func number(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + Double(next() >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
    }
}
