import Glibc
import MynahBase
package import MynahData
import MynahFeatures
package import MynahModel
import MynahNetwork

/// Where in a recording each word of a known text lies.
package struct AlignedWord: Codable, Hashable, Sendable {
    /// The word.
    package let word: String

    /// Where it begins and ends, in seconds from the start of the recording.
    package let start: Double
    package let end: Double

    /// Geometric mean of the posteriors of its letters over the steps that spell them, `0 ... 1`.
    package let confidence: Double
}

/// The words of one recording, in the order in which they are said.
package struct AlignedSentence: Codable, Hashable, Sendable {
    /// Its place in its folder, or its path where there are several folders.
    package let name: String

    /// Who speaks.
    package let speaker: String

    /// Length of the recording, in seconds.
    package let seconds: Double

    /// The words.
    package let words: [AlignedWord]
}

/// Finds the words of sentences by forced alignment: the most probable of all ways in which the network can spell the text.
package struct SpeechAlignment {
    private let model: SpeechModel

    /// Prepares to align with a model.
    package init(_ model: SpeechModel) {
        self.model = model
    }

    /// Aligns all sentences of a store, in its order; a sentence of which the network finds every way impossible has no words.
    ///
    /// - Parameters:
    ///   - namesFolders: whether sentences go by their paths rather than by their places in a folder.
    ///   - threads: how many are aligned at a time; the result does not depend on it.
    ///   - onDone: hears how many sentences are done, on any thread.
    /// - Throws: `DataError.lostRecording`.
    package func align(
        _ store: SentenceStore, namesFolders: Bool = false, threads: Int,
        onDone: @Sendable (Int) -> Void = { _ in }
    ) throws(DataError) -> [AlignedSentence] {
        let runner = SentenceRunner(
            model.preparedNetwork, over: store, frontEnd: model.frontEnd, normalizer: model.normalizer,
            threads: threads)
        return try runner.map(onDone: onDone) { index, logits in
            AlignedSentence(
                name: store.sentences[index].name(withFolder: namesFolders),
                speaker: store.sentences[index].speaker,
                seconds: Double(store.sampleCounts[index]) / Double(store.sampleRate),
                words: words(
                    of: store.symbols[index], logits: logits,
                    seconds: Double(store.sampleCounts[index]) / Double(store.sampleRate)))
        }
    }

    /// The words that symbols spell, where the network's logits `[steps, C]` say that they lie.
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
