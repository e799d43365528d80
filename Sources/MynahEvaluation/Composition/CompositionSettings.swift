package import MynahAudio

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
