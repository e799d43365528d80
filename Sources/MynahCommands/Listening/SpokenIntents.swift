import MynahBase
import MynahLanguage
import MynahModel
import MynahRecognition

/// Words on their way from the ear to what they ask for: each runs into the network of intents as it is heard.
struct SpokenIntents {
    /// What some words asked for, and when they were spoken.
    struct Heard {
        let understanding: Understanding

        /// When the first word began, and when it was known what they ask for, in seconds of sound since the start.
        let start: Double
        let end: Double
    }

    private var stream: IntentStream

    /// How long nobody has to speak for a sentence to be over, in seconds.
    private let pauseSeconds: Double

    private var start = 0.0
    private var lastWord = 0.0

    /// Begins with the first word.
    init(_ parser: IntentParser, pauseSeconds: Double) {
        stream = IntentStream(parser)
        self.pauseSeconds = pauseSeconds
    }

    /// Hears a word; what it and those before ask for, where that is safe to tell now.
    mutating func hear(_ detection: Detection) -> Heard? {
        if stream.words.isEmpty { start = detection.start }
        lastWord = detection.end
        return stream.hear(detection.label).map { Heard(understanding: $0, start: start, end: detection.end) }
    }

    /// Notes that it is so late, in seconds of sound; what the words ask for, where nobody has spoken for long enough.
    mutating func wait(until time: Double) -> Heard? {
        guard !stream.words.isEmpty, time - lastWord >= pauseSeconds else { return nil }
        return finish(at: time)
    }

    /// Ends the sentence, since the sound is over.
    mutating func finish(at time: Double) -> Heard? {
        stream.finish().map { Heard(understanding: $0, start: start, end: time) }
    }
}

/// One line of `mynah listen --intents --json` for what words asked for.
struct IntentLine: Encodable {
    /// What they ask for; `_none_` for nothing that the model knows.
    let intent: String
    let probability: Float
    let slots: [Understanding.FilledSlot]

    /// The words.
    let text: String

    /// When the first word began, and when it was known what they ask for, in seconds of sound since the start.
    let start: Double
    let end: Double

    init(_ heard: SpokenIntents.Heard) {
        intent = heard.understanding.intent
        probability = heard.understanding.probability
        slots = heard.understanding.slots
        text = heard.understanding.text
        start = (heard.start * 1e6).rounded() / 1e6
        end = (heard.end * 1e6).rounded() / 1e6
    }

    /// The same for people.
    var line: String {
        let slots = slots.map { "\($0.slot.printable): \($0.value.printable)" }.joined(separator: ", ")
        return """
            \(NumberText.fixed(end, decimals: 2)) s: \(intent.printable)\(slots.isEmpty ? "" : " (\(slots))") \
            \(NumberText.percent(Double(probability))), \(text.printable)
            """
    }

    /// What a command finds in its environment: the intent, the words, and each slot under its name in capitals.
    var environment: [String: String] {
        var variables = [
            "MYNAH_INTENT": intent, "MYNAH_TEXT": text,
            "MYNAH_CONFIDENCE": NumberText.fixed(Double(probability), decimals: 4),
            "MYNAH_TIME": NumberText.fixed(end, decimals: 3),
        ]
        for slot in slots {
            let name = slot.slot.uppercased().unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                    ? Character(scalar) : "_"
            }
            let variable = "MYNAH_SLOT_" + String(name)
            // Of a slot that is named twice, the first value; JSON on standard input has all.
            variables[variable] = variables[variable] ?? slot.value
        }
        return variables
    }
}
