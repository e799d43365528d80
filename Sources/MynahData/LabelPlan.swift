import MynahBase
import MynahModel

/// Which label each word of a labelled folder gets.
struct LabelPlan {
    /// The names of the labels, `[C]`.
    let labels: [String]

    /// Indices of the two labels that are no words.
    let silenceLabel: Int?
    let unknownLabel: Int?

    /// What the user should know about the choice.
    private(set) var notes: [String] = []

    private let indices: [String: Int]

    /// Chooses the labels: `_silence_`, `_unknown_`, then the words.
    ///
    /// - Throws: `DataError.wordNotFound`, or `.lookalikeWords` when a word looks like a label that it is not.
    init(main: WordTree, others: [WordTree], options: LabelledFolder.Options) throws(DataError) {
        let reserved: Set<String> = [StandardLabel.silence, StandardLabel.unknown]
        let present = main.words.map(\.name).filter { !reserved.contains($0) }
        let folders = Set(main.words.map(\.name))

        // Two folders whose names are canonically equivalent in Unicode are one word.
        var seen: Set<String> = []
        let words = options.words ?? present.filter { seen.insert($0).inserted }
        for word in words where !folders.contains(word) {
            throw .wordNotFound(word: word, folder: main.path, available: present)
        }

        let reservedNames = [
            StandardLabel.silence, StandardLabel.unknown, StandardLabel.backgroundNoiseFolder,
        ]
        let names = LookalikeNames(words + reservedNames)
        for tree in [main] + others {
            for word in tree.words {
                guard let other = names.lookalike(of: word.name) else { continue }
                throw .lookalikeWords(folder: tree.path, word: word.name, other: other)
            }
        }

        let isOpen = options.words != nil || !options.unknownFolders.isEmpty
        let known = Set(words)
        let hasUnknownClips =
            folders.contains(StandardLabel.unknown) || present.contains { !known.contains($0) }
            || others.contains { $0.words.contains { !known.contains($0.name) } }
        let hasUnknown = options.hasUnknown ?? hasUnknownClips
        let hasSilence = options.hasSilence ?? (isOpen || folders.contains(StandardLabel.silence))

        var labels: [String] = []
        if hasSilence { labels.append(StandardLabel.silence) }
        if hasUnknown { labels.append(StandardLabel.unknown) }
        labels += words
        self.labels = labels
        silenceLabel = hasSilence ? 0 : nil
        unknownLabel = hasUnknown ? (hasSilence ? 1 : 0) : nil
        indices = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))

        if isOpen, !hasUnknownClips, options.hasUnknown != false {
            notes.append(
                "no word is left for \(StandardLabel.unknown): other words will be taken for one of the labels"
            )
        }
        let shared = Set(others.flatMap { $0.words.map(\.name) }).intersection(known)
        if !shared.isEmpty {
            notes.append(
                "the unknown folders also hold \(listed(shared.sorted(), limit: 10)): used under "
                    + "\(shared.count == 1 ? "its own label" : "their own labels")")
        }
    }

    /// The label of a word, `nil` when its clips are not used.
    func label(of word: String) -> Int? {
        // The name `_silence_` on a folder is no unknown word even where no such label is wanted.
        indices[word] ?? (word == StandardLabel.silence ? nil : unknownLabel)
    }
}
