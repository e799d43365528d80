import MynahFeatures
public import MynahModel
import MynahNetwork

/// A second opinion on words that are heard in a stream: a network that spells must find the letters of a word in the sound
/// before the word counts.
///
/// What a command network takes for a word, it takes for a word by its sound as a whole, and of a word that was taught by a few
/// voices it knows little else. A speech model has learnt from sentences of many people how letters sound. It is asked only where
/// a word is at all likely, so that hours of silence and talk cost little. This is the cascade of keyword spotting, in which a
/// second, larger network verifies what a small one suspects (for instance A. Gruenstein et al., arXiv 1712.03603).
public struct SpellingVerifier: Sendable {
    /// The probability from which on a word is verified; below it, it cannot be detected.
    package static let suspicion: Float = 0.1

    /// How long the sound is that is spelled, beyond the window of the command network, in seconds: a word is heard for a while
    /// after it has left.
    private static let extraSeconds = 0.6

    /// How often a word that is not spelled yet is looked for again, in seconds.
    private static let intervalSeconds = 0.12

    /// The least score of a word, for each letter: see ``CTCWordSearch``.
    private static let leastScore: Float = -2

    private let speech: SpeechModel

    /// Reads a speech model, as `mynah train-speech` makes it.
    public init(contentsOf path: String) throws(ModelError) {
        self.init(try SpeechModel(contentsOf: path))
    }

    /// Verifies with a speech model.
    package init(_ speech: SpeechModel) {
        self.speech = speech
    }

    /// SHA-256 of the model file, as 64 hexadecimal digits.
    package var hash: String { speech.hash }

    /// The words among labels that cannot be spelled with the letters of the model: they are never verified.
    public func unspellable(_ labels: [String]) -> [String] {
        labels.filter { StandardLabel.isWord($0) && search(for: $0) == nil }
    }

    /// How a label is looked for.
    private func search(for label: String) -> CTCWordSearch? {
        guard StandardLabel.isWord(label) else { return nil }
        let words = label.lowercased().split { " -_".contains($0) }.map(String.init)
        let classes = speech.symbols.classes(of: words).map { try? $0.get() }
        guard !words.isEmpty, !classes.contains(nil) else { return nil }
        return CTCWordSearch(
            classes.compactMap(\.self),
            boundary: try? speech.symbols.classes(of: [String(SymbolTable.wordBoundary)])[0].get()[0])
    }

    /// Verifies the words of one stream.
    final class Stream {
        /// What is known of the stream.
        struct State: Sendable {
            /// The last samples, as a ring.
            var samples: [Float]

            /// Samples since the start.
            var sampleCount = 0

            /// `[C]`, whether a label has to be spelled before it can be detected, and was not since it was last unlikely.
            var withheld: [Bool]

            /// The decision from which on unspelled words are looked for again.
            var nextLook = 0
        }

        /// Most samples that may be heard at a time.
        static let blockSize = 1600

        var state: State

        private let speech: SpeechModel
        private let searches: [CTCWordSearch?]
        private let windowSize: Int
        private let lookInterval: Int
        private let sampleRate: Double
        private var extractor: FeatureExtractor

        init(_ verifier: SpellingVerifier, model: CommandModel, timing: StreamTiming) throws(RecognitionError)
        {
            speech = verifier.speech
            guard speech.frontEnd.sampleRate == model.frontEnd.sampleRate else {
                throw .unusableModel(
                    reason: """
                        the speech model hears \(speech.frontEnd.sampleRate) Hz, the model of commands \
                        \(model.frontEnd.sampleRate) Hz, expected the same
                        """)
            }
            do {
                extractor = try FeatureExtractor(speech.frontEnd)
            } catch {
                throw .frontEnd(error)
            }
            sampleRate = Double(model.frontEnd.sampleRate)
            windowSize = Int(min(model.clipSeconds + extraSeconds, SpeechModel.maximumSeconds) * sampleRate)
            lookInterval = max(1, Int((intervalSeconds / timing.decisionSeconds).rounded()))
            searches = model.labels.map(verifier.search(for:))
            state = State(
                samples: [Float](repeating: 0, count: windowSize + 4 * Self.blockSize),
                withheld: searches.map { $0 != nil })
        }

        /// Remembers samples, up to ``blockSize``.
        func hear(_ samples: Span<Float>) {
            precondition(
                samples.count <= Self.blockSize, "\(samples.count) samples, expected up to \(Self.blockSize)")
            let size = state.samples.count
            for index in samples.indices {
                state.samples[(state.sampleCount + index) % size] = samples[index]
            }
            state.sampleCount += samples.count
        }

        /// Looks for the words that are likely at a decision in the sound before it.
        ///
        /// - Parameters:
        ///   - posteriors: `[C]`.
        ///   - decision: its number.
        ///   - end: its time, in seconds of sound.
        func verify(_ posteriors: Span<Float>, decision: Int, end: Double) {
            var suspects: [(label: Int, search: CTCWordSearch)] = []
            for label in posteriors.indices {
                guard let search = searches[label] else { continue }
                if posteriors[label] < suspicion {
                    state.withheld[label] = true
                } else if state.withheld[label] {
                    suspects.append((label, search))
                }
            }
            guard !suspects.isEmpty, decision >= state.nextLook else { return }
            state.nextLook = decision + lookInterval
            let logits = spelled(before: end)
            for (label, search) in suspects {
                let score = search.score(logits: logits, classCount: speech.network.classCount)
                state.withheld[label] = score < leastScore
            }
        }

        /// The logits of the window before a time, `[T, C]`; none where it is shorter than a step.
        private func spelled(before end: Double) -> [Float] {
            let last = min(state.sampleCount, Int((end * sampleRate).rounded()))
            let size = state.samples.count
            let first = max(0, last - windowSize, state.sampleCount - size)
            var features = extractor.features(of: (first..<last).map { state.samples[$0 % size] })
            guard speech.network.stepCount(frameCount: features.frameCount) > 0 else { return [] }
            speech.normalizer.normalize(&features)
            return speech.preparedNetwork.frameLogits(of: [features.values])[0]
        }

        func reset() {
            state.sampleCount = 0
            state.nextLook = 0
            for label in searches.indices { state.withheld[label] = searches[label] != nil }
        }
    }
}
