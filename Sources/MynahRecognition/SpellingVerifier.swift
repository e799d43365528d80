import MynahBase
import MynahFeatures
public import MynahModel
import MynahNetwork

/// A second opinion on words, by a network that spells: in a stream it must find the letters of a word in the sound before the word
/// counts; in a clip it has a say where the words were taught with it.
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

    /// What is heard in front of the window of a clip that decides, and behind it, in seconds: a word is seldom in its middle.
    package static let marginSeconds = 0.5

    /// Spellings of a word that say how well it is spelled, at most: people differ, and nobody speaks like all of them.
    private static let alikeCount = 3

    let speech: SpeechModel

    /// SHA-256 of the model file, as 64 hexadecimal digits; known from the start, since each clip and stream asks for it.
    package let hash: String

    /// Reads a speech model, as `mynah train-speech` makes it.
    public init(contentsOf path: String) throws(ModelError) {
        self.init(try SpeechModel(contentsOf: path))
    }

    /// Verifies with a speech model.
    package init(_ speech: SpeechModel) {
        self.speech = speech
        hash = speech.hash
    }

    /// The words of a model that cannot be spelled with the letters of the speech model, and of which no recordings were spelled: they
    /// are never verified.
    public func unspellable(_ model: CommandModel) -> [String] {
        model.labels.filter {
            StandardLabel.isWord($0) && letters(of: $0) == nil && model.spellings?.words[$0] == nil
        }
    }

    /// What the speech model spells of recordings of words, without boundaries between words, and whether the letters of the word as
    /// it is written are among it.
    ///
    /// - Parameters:
    ///   - words: what is said in each.
    ///   - sampleRate: their rate, in Hz.
    ///   - threads: threads that work.
    ///   - samples: the samples of each, up to `SpeechModel.maximumSeconds`.
    /// - Throws: ``RecognitionError/unusableModel(reason:)`` where the speech model hears another rate.
    package func spell(
        _ words: [String], sampleRate: Int, threads: Int, samples: @Sendable (Int) -> [Float]
    ) throws(RecognitionError) -> [(spelling: String, isWritten: Bool)] {
        // Whether it can be built shows here, once.
        _ = try Speller(speech, sampleRate: sampleRate)
        return concurrentMap(
            words.count, threads: threads, makeContext: { makeSpeller(sampleRate: sampleRate) }
        ) { speller, index in
            let logits = speller.logits(of: samples(index))
            let score = letters(of: words[index]).map {
                search($0).score(logits: logits, classCount: speech.network.classCount)
            }
            let spelling = speech.symbols.text(of: speller.lettersAlone(in: logits).letters)
            return (spelling, (score ?? -.infinity) >= Self.leastScore)
        }
    }

    /// Looks for words in a row.
    private func search(_ words: [[Int]]) -> CTCWordSearch {
        CTCWordSearch(words, boundary: speech.symbols.boundaryClass)
    }

    /// The ways in which each label of a model may be spelled in a stream, `[C]`: as it is written, but as its recordings were where
    /// that is known to be otherwise.
    private func searches(for model: CommandModel) throws(RecognitionError) -> [[CTCWordSearch]] {
        let spellings = try spellings(of: model)
        return model.labels.map { label in
            let written = letters(of: label)
            guard let heard = spellings?[label],
                written == nil || model.spellings?.written.contains(label) == false
            else { return written.map { [search($0)] } ?? [] }
            // A boundary may have been heard anywhere.
            return heard.map { letters in search(letters.map { [$0] }) }
        }
    }

    private func makeSpeller(sampleRate: Int) -> Speller {
        do {
            return try Speller(speech, sampleRate: sampleRate)
        } catch {
            preconditionFailure("the front end was built before: \(error)")
        }
    }

    /// The letters of each word of a label as it is written; nil where the model lacks one.
    func letters(of label: String) -> [[Int]]? {
        guard StandardLabel.isWord(label) else { return nil }
        let words = label.lowercased().split { " -_".contains($0) }.map(String.init)
        let classes = speech.symbols.classes(of: words).map { try? $0.get() }
        guard !words.isEmpty, !classes.contains(nil) else { return nil }
        return classes.compactMap(\.self)
    }

    /// The letters that were spelled of the recordings of each word of a model; nil for a model that was taught without a verifier, or
    /// was not taught.
    ///
    /// - Throws: ``RecognitionError/unusableModel(reason:)`` where another speech model has spelled them.
    func spellings(of model: CommandModel) throws(RecognitionError) -> [String: [[Int]]]? {
        guard let known = model.spellings else { return nil }
        guard known.speechModel == hash else {
            throw .unusableModel(
                reason: """
                    the words were taught with the speech model \(known.speechModel.prefix(12)), the verifier is \
                    \(hash.prefix(12)), expected the same
                    """)
        }
        // What the symbols of the model cannot spell is in no file that it has made.
        return known.words.mapValues { speech.symbols.classes(of: $0).compactMap { try? $0.get() } }
    }

    /// The mean of the best scores of several ways to spell a word, at least one.
    static func meanOfBest<Score: BinaryFloatingPoint>(_ scores: [Score]) -> Score {
        let best = scores.sorted(by: >).prefix(alikeCount)
        return best.reduce(0, +) / Score(best.count)
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

        private let speller: Speller

        /// `[C]`, the ways in which each label may be spelled.
        private let searches: [[CTCWordSearch]]
        private let windowSize: Int
        private let lookInterval: Int
        private let sampleRate: Double

        init(_ verifier: SpellingVerifier, model: CommandModel, timing: StreamTiming) throws(RecognitionError)
        {
            speller = try Speller(verifier.speech, sampleRate: model.sampleRate)
            sampleRate = Double(model.frontEnd.sampleRate)
            windowSize = Int(min(model.clipSeconds + extraSeconds, SpeechModel.maximumSeconds) * sampleRate)
            lookInterval = max(1, Int((intervalSeconds / timing.decisionSeconds).rounded()))
            searches = try verifier.searches(for: model)
            state = State(
                samples: [Float](repeating: 0, count: windowSize + 4 * Self.blockSize),
                withheld: searches.map { !$0.isEmpty })
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
            var suspects: [Int] = []
            for label in posteriors.indices where !searches[label].isEmpty {
                if posteriors[label] < suspicion {
                    state.withheld[label] = true
                } else if state.withheld[label] {
                    suspects.append(label)
                }
            }
            guard !suspects.isEmpty, decision >= state.nextLook else { return }
            state.nextLook = decision + lookInterval
            let logits = spelled(before: end)
            let classCount = speller.speech.network.classCount
            for label in suspects {
                let scores = searches[label].map { $0.score(logits: logits, classCount: classCount) }
                state.withheld[label] = SpellingVerifier.meanOfBest(scores) < leastScore
            }
        }

        /// The logits of the window before a time, `[T, C]`; none where it is shorter than a step.
        private func spelled(before end: Double) -> [Float] {
            let last = min(state.sampleCount, Int((end * sampleRate).rounded()))
            let size = state.samples.count
            let first = max(0, last - windowSize, state.sampleCount - size)
            return speller.logits(of: (first..<last).map { state.samples[$0 % size] })
        }

        func reset() {
            state.sampleCount = 0
            state.nextLook = 0
            for label in searches.indices { state.withheld[label] = !searches[label].isEmpty }
        }
    }
}
