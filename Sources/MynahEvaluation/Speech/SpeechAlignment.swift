import Glibc
import MynahBase
package import MynahData
import MynahFeatures
package import MynahModel
import MynahNetwork

/// Finds the words of sentences by forced alignment: the most probable of all ways in which the network can spell the text.
package struct SpeechAlignment {
    private let model: SpeechModel

    /// Prepares to align with a model.
    package init(_ model: SpeechModel) {
        self.model = model
    }

    /// The words of all sentences, and how late the network spells.
    package struct Result: Sendable {
        /// The sentences of the store, in its order; one of which the network finds every way impossible has no words.
        package let sentences: [AlignedSentence]

        /// How long after the beginning and the end of words the network spells them, in seconds: that is taken off.
        package let lagSeconds: (start: Double, end: Double)
    }

    /// Aligns all sentences of a store.
    ///
    /// - Parameters:
    ///   - namesFolders: whether sentences go by their paths rather than by their places in a folder.
    ///   - threads: how many are aligned at a time; the result does not depend on it.
    ///   - onDone: hears how many sentences are done, on any thread.
    /// - Throws: `DataError.lostRecording`.
    package func align(
        _ store: SentenceStore, namesFolders: Bool = false, threads: Int,
        onDone: @Sendable (Int) -> Void = { _ in }
    ) throws(DataError) -> Result {
        let runner = SentenceRunner(
            model.preparedNetwork, over: store, frontEnd: model.frontEnd, normalizer: model.normalizer,
            threads: threads)
        let outcomes = try runner.map(
            measuring: { SoundLevels(of: $0, sampleRate: store.sampleRate) }, onDone: onDone
        ) { index, logits, levels in
            let words = words(of: store.symbols[index], logits: logits, seconds: store.seconds(of: index))
            return (words: words, levels: levels, lag: AlignmentLag(of: words, levels: levels))
        }
        var lag = AlignmentLag()
        for outcome in outcomes { lag.add(outcome.lag) }
        let (start, end) = (lag.start, lag.end)
        return Result(
            sentences: zip(store.sentences.indices, outcomes).map { index, outcome in
                let sentence = store.sentences[index]
                let words = outcome.words.map {
                    $0.moved(start: start, end: end, within: store.seconds(of: index))
                }
                return AlignedSentence(
                    path: sentence.path, name: sentence.name(withFolder: namesFolders),
                    speaker: sentence.speaker, words: PauseBoundaries(outcome.levels).moved(words))
            }, lagSeconds: (start, end))
    }

    /// The words that symbols spell, at the times at which the network's logits `[steps, C]` spell them.
    package func words(of symbols: [Int], logits: [Float], seconds: Double) -> [AlignedWord] {
        let classCount = model.network.classCount
        let posteriors = ctcLogPosteriors(logits, classCount: classCount)
        guard let alignment = CTCAlignment(of: symbols, logPosteriors: posteriors, classCount: classCount)
        else {
            return []
        }
        let boundary = model.symbols.text(of: symbols).unicodeScalars.map { $0 == SymbolTable.wordBoundary }
        var words: [AlignedWord] = []
        for letters in boundary.indices.split(whereSeparator: { boundary[$0] }) {
            let spans = alignment.spans[letters.startIndex..<letters.endIndex]
            guard let first = spans.first, let last = spans.last else { continue }
            let stepCount = spans.reduce(0) { $0 + $1.steps.count }
            let logConfidence = spans.reduce(0.0) { $0 + log($1.confidence) * Double($1.steps.count) }
            words.append(
                AlignedWord(
                    word: model.symbols.text(of: letters.map { symbols[$0] }),
                    start: time(ofStep: first.steps.lowerBound, limit: seconds),
                    end: time(ofStep: last.steps.upperBound, limit: seconds),
                    confidence: exp(logConfidence / Double(max(1, stepCount)))))
        }
        return words
    }

    /// The time at which a step begins: its first frame, without what that shares with its neighbours.
    private func time(ofStep step: Int, limit: Double) -> Double {
        let overlap = model.frontEnd.frameLengthMilliseconds - model.frontEnd.frameShiftMilliseconds
        return min(limit, max(0, overlap / 2000 + Double(step) * model.stepSeconds))
    }
}
