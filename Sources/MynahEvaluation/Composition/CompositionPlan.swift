package import MynahAudio
import MynahBase
package import MynahData

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

/// How clips are laid into a recording.
package struct CompositionSettings: Hashable, Sendable {
    /// How many words are laid in.
    package var wordCount = 100

    /// How many other words, which are not to be detected, are laid in between.
    package var otherWordCount = 0

    /// Shortest and longest pause between two words, in seconds, within `0.1 ... 600`.
    package var gapSeconds = 2.0...6.0

    /// Lowest and highest ratio of a word to the noise behind it, in dB, within `-20 ... 100`.
    package var signalToNoiseDecibels = 5.0...20.0

    /// How several channels of a clip become one.
    package var channel = ChannelSelection.average

    /// Seed of every choice.
    package var seed: UInt64 = 1

    /// The settings of a recording of about ten minutes.
    package init() {}

    /// Checks every value.
    ///
    /// - Throws: ``EvaluationError/invalidComposition(reason:)``.
    func validate() throws(EvaluationError) {
        guard wordCount >= 0, otherWordCount >= 0, (1...1_000_000).contains(wordCount + otherWordCount) else {
            throw .invalidComposition(
                reason: "\(wordCount) words and \(otherWordCount) others, expected 1 to 1,000,000 in all")
        }
        guard gapSeconds.lowerBound >= 0.1, gapSeconds.upperBound <= 600 else {
            throw .invalidComposition(
                reason:
                    "pauses of \(gapSeconds.lowerBound) to \(gapSeconds.upperBound) s, expected 0.1 to 600 s")
        }
        let decibels = signalToNoiseDecibels
        guard decibels.lowerBound >= -20, decibels.upperBound <= 100 else {
            throw .invalidComposition(
                reason:
                    "words \(decibels.lowerBound) to \(decibels.upperBound) dB above the noise, expected -20 to 100 dB"
            )
        }
    }
}
