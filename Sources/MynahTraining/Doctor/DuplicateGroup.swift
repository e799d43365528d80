package import MynahData

/// Clips that hold the very same samples.
package struct DuplicateGroup: Codable, Hashable, Sendable {
    /// One of the clips.
    package struct Copy: Codable, Hashable, Sendable {
        /// `word/file`.
        package let clip: String

        /// What the clip is used for.
        package let split: DataSplit
    }

    /// At least two, in the order of the folder.
    package let clips: [Copy]

    /// Whether one is trained on and another one tested with.
    package let crossesSplits: Bool

    /// Whether they bear different labels, of which at most one can be right.
    package let crossesLabels: Bool

    /// Groups clips by the hashes of their samples.
    static func find(_ clips: [(clip: LabelledClip, hash: String)]) -> [DuplicateGroup] {
        var groups: [String: [LabelledClip]] = [:]
        var order: [String] = []
        for (clip, hash) in clips {
            if groups[hash] == nil { order.append(hash) }
            groups[hash, default: []].append(clip)
        }
        return order.compactMap { hash in
            guard let group = groups[hash], group.count > 1 else { return nil }
            return DuplicateGroup(
                clips: group.map { Copy(clip: $0.name, split: $0.split) },
                crossesSplits: Set(group.map(\.split)).count > 1,
                crossesLabels: Set(group.map(\.label)).count > 1)
        }
    }
}
