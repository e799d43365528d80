/// Mends a split that luck has spoiled: in a small set, no speaker's hash may fall to validation, or all may.
///
/// Clips stay where the rule (`SpeakerSplit`) puts them, and no more of them move than have to:
///
/// 1. A word with less than half of its clips in training gets whole speakers back, from the end of the order of hashes.
/// 2. Validation, then testing, where it has less than a twentieth of the clips and fewer than 20, gets whole speakers from
///    training, from the start of that order, until it has a tenth of the clips. Training keeps half of the clips of each
///    word. If the split would then stay empty, the other of the two gives it a speaker, or training keeps at least one clip
///    of each word.
/// 3. Where there are fewer than three speakers, or no choice of whole ones leaves clips in every split, the same is done with
///    single clips, in the order of the hashes of `word/file`.
///
/// Whoever makes a set of a hundred speakers or more has no bad luck: if it has no testing clips, somebody keeps them
/// elsewhere. There, and where the set itself states its splits, only an empty validation split is filled.
///
/// Names and numbers of clips decide, not their order, nor where the set lies.
struct SplitBalance {
    /// A clip as far as its split goes.
    struct Clip {
        /// Who speaks, or the name of the file where it does not tell.
        let speaker: String

        /// `word/file`, without the extension.
        let key: String

        /// What is said, for the purpose of having some of it to learn from; nil where that does not matter.
        let word: String?

        /// Whether the clip counts towards validation and testing, for which words matter, and not what is unknown.
        let counts: Bool
    }

    /// What had to be moved so that no split is empty.
    enum Moved: Hashable {
        /// Nothing.
        case none

        /// Whole speakers.
        case speakers(count: Int)

        /// Single clips: speakers may be in several splits.
        case takes
    }

    /// The split of each clip.
    private(set) var splits: [DataSplit]

    /// What had to be moved.
    private(set) var moved = Moved.none

    /// The number of speakers from which on a split is not empty by chance: 0.9¹⁰⁰ is 0.00003.
    static let speakersBeyondChance = 100

    /// Fewer clips than this, and less than a twentieth of all, are too few for validation or testing.
    static let sufficientClips = 20

    /// Chooses the splits of clips that are in `splits` now.
    ///
    /// - Parameter isStated: whether the set itself says so, by lists, folders or a table.
    init(_ clips: [Clip], splits: [DataSplit], isStated: Bool) {
        self.splits = splits
        let speakers = Set(clips.lazy.filter(\.counts).map(\.speaker)).count
        guard speakers > 0 else { return }
        let isChance = !isStated && speakers < Self.speakersBeyondChance
        let required: [DataSplit] = isChance ? [.validation, .testing] : [.validation]

        var whole = Dealing(clips, splits: splits, bySpeaker: true)
        if speakers >= (isChance ? 3 : 2), whole.mend(required, isChance: isChance, isStated: isStated) {
            self.splits = whole.splits
            if whole.movedCount > 0 { moved = .speakers(count: whole.movedCount) }
            return
        }
        // A single speaker is in one split; where clips of all splits are there already, they stay.
        let isDealt = Set(zip(clips, splits).lazy.filter(\.0.counts).map(\.1)).count == 3
        let names = Set(clips.lazy.filter(\.counts).map(\.speaker))
        let hashed = zip(clips, splits).map { clip, split in
            names.contains(clip.speaker) ? SpeakerSplit.split(ofHashed: clip.key) : split
        }
        var takes = Dealing(clips, splits: isStated || isDealt ? splits : hashed, bySpeaker: false)
        _ = takes.mend(required, isChance: isChance, isStated: isStated)
        self.splits = takes.splits
        if takes.splits != splits { moved = .takes }
    }
}

/// Groups of clips that move together, and how many clips each split has.
private struct Dealing {
    struct Group {
        var clips: [Int] = []
        var split: DataSplit
        var wordCounts: [String: Int] = [:]
        var count = 0
        var isMovable = true

        init(split: DataSplit) { self.split = split }

        mutating func add(_ clip: SplitBalance.Clip, at index: Int) {
            clips.append(index)
            if let word = clip.word { wordCounts[word, default: 0] += 1 }
            if clip.counts { count += 1 }
        }
    }

    private(set) var splits: [DataSplit]
    private(set) var movedCount = 0

    /// In the order of the hashes.
    private var groups: [Group]
    private var totals: [String: Int] = [:]
    private var training: [String: Int] = [:]
    private var counts: [DataSplit: Int] = [:]
    private let total: Int

    init(_ clips: [SplitBalance.Clip], splits: [DataSplit], bySpeaker: Bool) {
        self.splits = splits
        var members: [String: [DataSplit: Group]] = [:]
        for (index, clip) in clips.enumerated() {
            let split = splits[index]
            let name = bySpeaker ? clip.speaker : clip.key
            if let word = clip.word {
                totals[word, default: 0] += 1
                if split == .training { training[word, default: 0] += 1 }
            }
            if clip.counts { counts[split, default: 0] += 1 }
            members[name, default: [:]][split, default: Group(split: split)].add(clip, at: index)
        }
        total = counts.values.reduce(0, +)
        let order = members.keys.map { (share: SpeakerSplit.share(of: $0), name: $0) }.sorted {
            $0.share == $1.share
                ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : $0.share < $1.share
        }
        groups = order.flatMap { entry in
            let parts = members[entry.name] ?? [:]
            return DataSplit.allCases.compactMap { parts[$0] }.map { group in
                var group = group
                // Whoever is in several splits by the will of the set's maker stays there.
                group.isMovable = parts.count == 1
                return group
            }
        }
    }

    private var leastClips: Int { max(1, min(SplitBalance.sufficientClips, (total + 19) / 20)) }

    private var wantedClips: Int { max(2, (total + 9) / 10) }

    /// Moves groups until every required split has clips, if it can be.
    ///
    /// - Returns: whether all of them have.
    mutating func mend(_ required: [DataSplit], isChance: Bool, isStated: Bool) -> Bool {
        if !isStated { returnWords(isChance: isChance) }
        for split in required { fill(split, isChance: isChance) }
        return required.allSatisfy { counts[$0, default: 0] > 0 }
            && totals.keys.allSatisfy { isStated || training[$0, default: 0] > 0 }
    }

    /// Gives words back to training that it has too few clips of.
    private mutating func returnWords(isChance: Bool) {
        let words = totals.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for word in words {
            while training[word, default: 0] == 0, let index = returnable(word, keeping: 0) {
                move(index, to: .training)
            }
        }
        guard isChance else { return }
        for word in words {
            while 2 * training[word, default: 0] < totals[word, default: 0],
                let index = returnable(word, keeping: leastClips)
            {
                move(index, to: .training)
            }
        }
    }

    /// The last group with a word that validation or testing can spare.
    private func returnable(_ word: String, keeping least: Int) -> Int? {
        groups.indices.last { index in
            let group = groups[index]
            return group.isMovable && group.split != .training && group.wordCounts[word] != nil
                && counts[group.split, default: 0] - group.count >= least
        }
    }

    /// Takes clips from training for another split.
    private mutating func fill(_ split: DataSplit, isChance: Bool) {
        guard counts[split, default: 0] < (isChance ? leastClips : 1) else { return }
        while counts[split, default: 0] < wantedClips {
            let isEmpty = counts[split, default: 0] == 0
            // Who states splits, or has a large set, means the other one as it is. Training can do without testing clips,
            // but not without any for validation.
            guard
                let index = groups.indices.first(where: { canLeave($0, part: 2) })
                    ?? (isEmpty && isChance ? spare(beside: split, keeping: leastClips) : nil)
                    ?? (isEmpty ? smallestThatCanLeave() : nil)
                    ?? (isEmpty && isChance
                        ? spare(beside: split, keeping: split == .validation ? 0 : 1) : nil)
            else { break }
            move(index, to: split)
        }
    }

    /// Whether training keeps a clip, and one of so many, of everything that a group says.
    private func canLeave(_ index: Int, part: Int?) -> Bool {
        let group = groups[index]
        guard group.isMovable, group.split == .training, group.count > 0 else { return false }
        return group.wordCounts.allSatisfy { word, count in
            let rest = training[word, default: 0] - count
            return rest > 0 && part.map { $0 * rest >= totals[word, default: 0] } ?? true
        }
    }

    /// The group with the fewest clips whose words training can spare.
    private func smallestThatCanLeave() -> Int? {
        groups.indices.filter { canLeave($0, part: nil) }.min { groups[$0].count < groups[$1].count }
    }

    /// The last group that the other of validation and testing can spare.
    private func spare(beside split: DataSplit, keeping least: Int) -> Int? {
        groups.indices.last { index in
            let group = groups[index]
            return group.isMovable && group.split != split && group.split != .training && group.count > 0
                && counts[group.split, default: 0] - group.count >= least
        }
    }

    private mutating func move(_ index: Int, to split: DataSplit) {
        let group = groups[index]
        for (word, count) in group.wordCounts {
            if group.split == .training { training[word, default: 0] -= count }
            if split == .training { training[word, default: 0] += count }
        }
        counts[group.split, default: 0] -= group.count
        counts[split, default: 0] += group.count
        groups[index].split = split
        for clip in group.clips { splits[clip] = split }
        movedCount += 1
    }
}
