/// How well taught words will be heard, as far as their own recordings tell: each was left out once, the words were learnt from the
/// others, and it was heard.
public struct EnrolmentAdvice: Codable, Hashable, Sendable {
    /// What helps a word most.
    public enum Help: String, Codable, Hashable, Sendable {
        /// Nothing that the recordings tell of.
        case none = "nothing is missing"

        /// More recordings of who speaks in those that there are.
        case moreTakes = "more takes would help most"

        /// Recordings of other people, if they are to be heard as well.
        case furtherSpeakers = "takes of further people would help, if they are to be heard, too"

        /// A word that sounds less like another one.
        case anotherWord = "another word would help most"
    }

    /// What is known of a word.
    public struct Word: Codable, Hashable, Sendable {
        /// The word.
        public let word: String

        /// Its recordings.
        public let takeCount: Int

        /// Who speaks in them.
        public let speakerCount: Int

        /// Recordings that were heard when they were left out; nil where there is but one.
        public let heardCount: Int?

        /// How many of ten will be heard, rounded; nil where there is but one recording.
        public var heardOfTen: Int? {
            heardCount.map { Int((10 * Double($0) / Double(takeCount)).rounded()) }
        }

        /// The word for which it may be taken, and in how many of its recordings that comes close; nil where none does.
        public let closest: Neighbour?

        /// Of ``EnrolmentAdvice/negativeCount`` stretches of sound without it, those in which it was heard.
        public let falseAlarmCount: Int

        /// The probability from which on it counts, above 0 and up to 1.
        public let threshold: Float

        /// Those of its recordings that differ from the others, as another word would.
        public let differingTakes: [String]

        /// What helps most.
        public let help: Help
    }

    /// A word that sounds alike.
    public struct Neighbour: Codable, Hashable, Sendable {
        /// The word.
        public let word: String

        /// In how many recordings it comes close.
        public let count: Int
    }

    /// The words, by the bytes of their names.
    public let words: [Word]

    /// Stretches of other words, of running speech and of noise that were heard.
    public let negativeCount: Int

    /// The advice on a word; nil for one that was not taught.
    public subscript(word: String) -> Word? { words.first { $0.word == word } }
}
