extension LabelledFolder {
    /// Makes sure that a network can be trained on this folder, before anything is decoded.
    ///
    /// Of every label there has to be a clip to learn from, and of all words together one to validate with. Silence needs
    /// none, being cut from the background noise, nor does `_unknown_` with recordings without commands.
    ///
    /// - Parameter hasNegatives: whether there are recordings without commands.
    /// - Throws: `DataError.noWordToLearn`, `.oneWord` when there is nothing to tell a single word from, or
    ///   `.noClips`.
    package func requireTrainable(hasNegatives: Bool = false) throws(DataError) {
        let words = labels.indices.filter { $0 != silenceLabel && $0 != unknownLabel }
        guard let first = words.first else { throw .noWordToLearn(folder: path) }
        var training = [Int](repeating: 0, count: labels.count)
        var validation = 0
        var hasRecordedSilence = false
        for clip in clips {
            switch clip.split {
            case .training: training[clip.label] += 1
            case .validation: validation += clip.label == silenceLabel || clip.label == unknownLabel ? 0 : 1
            case .testing: break
            }
            hasRecordedSilence = hasRecordedSilence || clip.label == silenceLabel
        }
        if words.count == 1, unknownLabel == nil, !hasRecordedSilence {
            throw .oneWord(folder: path, word: labels[first])
        }
        for label in labels.indices where label != silenceLabel && training[label] == 0 {
            if label == unknownLabel, hasNegatives { continue }
            throw noClips(labels[label], .training)
        }
        if validation == 0 { throw noClips(nil, .validation) }
    }

    private func noClips(_ label: String?, _ split: DataSplit) -> DataError {
        let concerned = clips.lazy.filter { clip in
            label.map { $0 == labels[clip.label] }
                ?? (clip.label != silenceLabel && clip.label != unknownLabel)
        }
        return .noClips(
            folder: path, label: label, split: split, found: DataSummary.SplitCounts(concerned.map(\.split)),
            splitRule: splitRule)
    }
}
