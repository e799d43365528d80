import MynahModel

/// Words on their way from the ear to what they ask for: each runs into the network of intents as it is heard.
package struct SpokenIntents {
    /// What some words asked for, and when they were spoken.
    package struct Heard: Sendable {
        /// What they ask for.
        package let understanding: Understanding

        /// When the first word began, and when it was known what they ask for, in seconds of sound since the start.
        package let start: Double
        package let end: Double
    }

    private var stream: IntentStream

    /// How long nobody has to speak for a sentence to be over, in seconds.
    private let pauseSeconds: Double

    private var start = 0.0
    private var lastWord = 0.0

    /// Begins with the first word.
    package init(_ parser: IntentParser, pauseSeconds: Double) {
        stream = IntentStream(parser)
        self.pauseSeconds = pauseSeconds
    }

    /// Hears a word, which began and was told at these seconds of sound.
    ///
    /// - Returns: what the words before it ask for, where it came too late to belong to them, which was known before the word; and
    ///   what it and those before ask for, where that is safe to tell now.
    package mutating func hear(_ word: String, start: Double, end: Double) -> (before: Heard?, now: Heard?) {
        let before = wait(until: start, pendingStart: nil)
        if stream.words.isEmpty { self.start = start }
        lastWord = end
        let now = stream.hear(word).map { Heard(understanding: $0, start: self.start, end: end) }
        return (before, now)
    }

    /// Notes that it is so late, in seconds of sound; what the words ask for, where nobody has spoken for long enough.
    ///
    /// - Parameter pendingStart: when a word began that leads but is not sure yet: it ends the pause; nil where there is none.
    package mutating func wait(until time: Double, pendingStart: Double?) -> Heard? {
        guard !stream.words.isEmpty, (pendingStart ?? time) - lastWord >= pauseSeconds else { return nil }
        return finish(at: time)
    }

    /// Ends the sentence, since the sound is over.
    ///
    /// It was known what the words ask for when the pause was over, however much sound was heard at once: so a file tells the same
    /// as a microphone.
    package mutating func finish(at time: Double) -> Heard? {
        let end = min(time, lastWord + pauseSeconds)
        return stream.finish().map { Heard(understanding: $0, start: start, end: end) }
    }
}

/// What words asked for, as `mynah listen --intents --json` and the server tell of it.
package struct IntentLine: Encodable, Sendable {
    /// What they ask for; `_none_` for nothing that the model knows.
    package let intent: String
    package let probability: Float
    package let slots: [Understanding.FilledSlot]

    /// The words.
    package let text: String

    /// When the first word began, and when it was known what they ask for, in seconds of sound since the start.
    package let start: Double
    package let end: Double

    /// Rounds the times to millionths of a second.
    package init(_ heard: SpokenIntents.Heard) {
        intent = heard.understanding.intent
        probability = heard.understanding.probability
        slots = heard.understanding.slots
        text = heard.understanding.text
        start = (heard.start * 1e6).rounded() / 1e6
        end = (heard.end * 1e6).rounded() / 1e6
    }
}
