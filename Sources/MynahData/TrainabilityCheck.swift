extension LabelledFolder {
    /// The fewest clips that training can do with: two for training of every word, two in all for validation.
    static let neededClips = (trainingPerLabel: 2, validation: 2)

    /// Makes sure that a network can be trained on this folder, before anything is decoded.
    ///
    /// - Throws: `DataError.oneClass` when there is a single label, `.tooFewClips` when a label has fewer than two
    ///   training clips or validation has fewer than two clips.
    public func requireTrainable() throws(DataError) {
        if labels.count < 2 { throw .oneClass(folder: path, label: labels.first ?? "") }
        var training = [Int](repeating: 0, count: labels.count)
        var validation = 0
        for clip in clips {
            switch clip.split {
            case .training: training[clip.label] += 1
            case .validation: validation += clip.label == silenceLabel || clip.label == unknownLabel ? 0 : 1
            case .testing: break
            }
        }
        // Silence needs no clips: it is cut from the background noise.
        for label in labels.indices
        where label != silenceLabel && training[label] < Self.neededClips.trainingPerLabel {
            throw tooFewClips(labels[label], .training, training[label], Self.neededClips.trainingPerLabel)
        }
        if validation < Self.neededClips.validation {
            throw tooFewClips(nil, .validation, validation, Self.neededClips.validation)
        }
    }

    private func tooFewClips(_ label: String?, _ split: DataSplit, _ found: Int, _ needed: Int)
        -> DataError
    {
        let total = DataError.ClipTotals(
            clips: clips.count,
            labels: Set(clips.map(\.label)).count,
            speakers: Set(clips.compactMap(\.speaker)).count)
        return .tooFewClips(
            folder: path, label: label, split: split, found: found, needed: needed, total: total)
    }
}
