/// One example for the network: a label, and where its sound comes from.
package struct Example: Hashable, Sendable {
    /// Where the sound of an example comes from.
    package enum Source: Hashable, Sendable {
        /// The clip with this index in the `ClipStore`.
        case clip(Int)

        /// A window of background noise, for `_silence_`.
        case noise

        /// A window of recordings without commands, for `_unknown_`.
        case negative
    }

    /// Where its sound comes from.
    package let source: Source

    /// The clip that follows the first one in running speech, of which training hears a window cut at random; nil for
    /// one clip alone.
    package var follower: Int?

    /// Index of its label.
    package let label: Int

    /// Its number, unique in its epoch or selection, from which its random numbers come.
    package let number: Int
}

/// The clips of a split, parted into the three kinds that are sampled differently.
struct ExamplePools {
    /// Clips of the words: all are used.
    private(set) var words: [Int] = []

    /// Clips of unknown words.
    private(set) var unknown: [Int] = []

    /// Recorded silence.
    private(set) var silence: [Int] = []

    init(_ store: ClipStore) {
        self.init(store.clips, silenceLabel: store.silenceLabel, unknownLabel: store.unknownLabel)
    }

    init(_ clips: [LabelledClip], silenceLabel: Int?, unknownLabel: Int?) {
        for (index, clip) in clips.enumerated() {
            switch clip.label {
            case unknownLabel: unknown.append(index)
            case silenceLabel: silence.append(index)
            default: words.append(index)
            }
        }
    }
}
