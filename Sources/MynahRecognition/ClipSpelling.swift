import Glibc
import MynahBase
import MynahModel
import MynahNetwork

/// Compares what a speech model hears in a clip with what it has spelled of the recordings that words were taught by.
///
/// A network that was taught a word by a few voices has heard little of how voices differ; a speech model has heard many people,
/// and spells the same word alike. The two opinions are pooled: logarithms of probabilities are averaged (a logarithmic opinion
/// pool; C. Genest and J. V. Zidek, "Combining probability distributions", Statistical Science 1(1), 1986).
final class ClipSpelling {
    /// What a label without spellings is worth: words that were taught are spelled this well or better, most others are not.
    ///
    /// Chosen on words that were harvested from running speech.
    private static let otherScore = -11.0

    /// The least that a word is worth.
    private static let leastScore = -60.0

    private let speller: Speller

    /// `[C]`, how each label is spelled: as its recordings were, and as it is written where that was found in them.
    private let spellings: [[[Int]]]

    /// - Throws: ``RecognitionError/unusableModel(reason:)`` where the model has no spellings, or those of another speech model.
    init(_ verifier: SpellingVerifier, model: CommandModel) throws(RecognitionError) {
        guard let known = try verifier.spellings(of: model) else {
            throw .unusableModel(
                reason: """
                    the model does not know how its words are spelled; they have to be taught with the verifier, too
                    """)
        }
        speller = try Speller(verifier.speech, sampleRate: model.sampleRate)
        spellings = model.labels.map { label in
            guard let heard = known[label], !heard.isEmpty else { return [] }
            guard model.spellings?.written.contains(label) == true, let written = verifier.letters(of: label)
            else { return heard }
            return heard + [written.flatMap(\.self)]
        }
    }

    /// The posteriors of both together, `[C]`.
    ///
    /// - Parameters:
    ///   - posteriors: those of the command network, `[C]`.
    ///   - samples: the window that they are of, and what is around it.
    func pool(_ posteriors: [Float], samples: [Float]) -> [Float] {
        let heard = speller.lettersAlone(in: speller.logits(of: samples))
        let scores = zip(posteriors, spellings).map { posterior, spellings in
            (log(max(Double(posterior), 1e-7)) + Self.score(of: spellings, in: heard)) / 2
        }
        let largest = scores.max() ?? 0
        let weights = scores.map { exp($0 - largest) }
        let sum = weights.reduce(0, +)
        return weights.map { Float($0 / sum) }
    }

    private static func score(of spellings: [[Int]], in heard: LetterLogits) -> Double {
        guard !spellings.isEmpty else { return otherScore }
        return SpellingVerifier.meanOfBest(spellings.map { max(leastScore, heard.score(of: $0)) })
    }
}
