import MynahBase
import MynahModel

/// Which label of a model each word of a labelled folder stands for.
///
/// Words that the model does not know count as `_unknown_` when it has that label, as in Speech Commands;
/// `_background_noise_` is no word. A label that no word stands for stays without clips.
package struct LabelMapping: Hashable, Sendable {
    /// The index of the label, in `0 ..< labels.count`, by word.
    package let labelIndices: [String: Int]

    /// Labels that no word stands for, in the order of the model, apart from `_unknown_` and `_silence_`.
    package let absentLabels: [String]

    /// Words that count as `_unknown_`, in the order given.
    package let unknownWords: [String]

    /// Maps the names of the sub-folders of `folder` onto the labels of a model.
    ///
    /// - Throws: `EvaluationError.lookalikeWord` when a word that is no label looks like one, `.labelsDoNotMatch` when no word is a label of the model, or when a word is not one
    ///   and the model has no `_unknown_`.
    package init(labels: [String], words: [String], folder: String) throws(EvaluationError) {
        let unknown = labels.firstIndex(of: StandardLabel.unknown)
        var labelIndices: [String: Int] = [:]
        var unknownWords: [String] = []
        for word in words where word != StandardLabel.backgroundNoiseFolder {
            if let index = labels.firstIndex(of: word) {
                labelIndices[word] = index
            } else {
                unknownWords.append(word)
            }
        }
        let lookalikes = LookalikeNames(labels)
        for word in unknownWords {
            guard let label = lookalikes.lookalike(of: word) else { continue }
            throw .lookalikeWord(place: folder, word: word, label: label)
        }
        let absentLabels = labels.filter {
            $0 != StandardLabel.unknown && $0 != StandardLabel.silence && labelIndices[$0] == nil
        }
        guard !labelIndices.isEmpty, unknown != nil || unknownWords.isEmpty else {
            throw .labelsDoNotMatch(folder: folder, absentLabels: absentLabels, unknownWords: unknownWords)
        }
        for word in unknownWords { labelIndices[word] = unknown }
        self.labelIndices = labelIndices
        self.absentLabels = absentLabels
        self.unknownWords = unknownWords
    }
}
