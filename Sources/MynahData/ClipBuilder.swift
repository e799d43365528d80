import MynahBase
import MynahModel

/// Gathers the clips of one or more trees under one plan of labels, and chooses their splits.
struct ClipBuilder {
    private(set) var clips: [LabelledClip] = []
    private(set) var ignored = IgnoredEntries()
    private(set) var notes: [String] = []

    /// How the clips of the first tree were assigned to the splits, in words.
    private(set) var splitRule = ""

    /// A clip on its way, with all that its split depends on.
    private struct Draft {
        let word: String
        let label: Int?
        let file: WordTree.File
        let speaker: String?
        var split: DataSplit
        var isListed = false

        /// What the rule hashes.
        var person: String { speaker ?? file.name }
    }

    private let plan: LabelPlan

    /// Gathers the clips of a tree with the words to learn, and of others.
    init(plan: LabelPlan, main: WordTree, others: [WordTree], speakerPattern: SpeakerPattern? = nil) {
        self.plan = plan
        let trees = [main] + others
        var drafts = trees.map { Self.drafts(of: $0, plan, speakerPattern) }
        var moved = SplitBalance.Moved.none
        let hasOtherWords = drafts[0].contains { $0.label == nil || $0.label == plan.unknownLabel }
        // First for all words alike, so that the split is the same whatever words are asked for; then for those that
        // are, if they are left without.
        balance(&drafts[0], main, moved: &moved) { draft in
            switch draft.word {
            case StandardLabel.silence: (nil, false)
            case StandardLabel.unknown: (StandardLabel.unknown, false)
            default: (draft.word, true)
            }
        }
        if hasOtherWords {
            balance(&drafts[0], main, moved: &moved) { draft in
                switch draft.label {
                case nil, plan.silenceLabel: (nil, false)
                case plan.unknownLabel: (StandardLabel.unknown, false)
                default: (draft.word, true)
                }
            }
        }
        if moved != .none { follow(drafts[0], in: &drafts) }
        keepUnknown(&drafts)

        splitRule = Self.rule(of: main, moved)
        for (tree, drafts) in zip(trees, drafts) {
            addClips(drafts, of: tree)
            if tree.path == main.path { addNote(moved, of: main, drafts) }
        }
    }

    /// The clips of a tree, in the splits that the tree or the rule gives them.
    private static func drafts(
        of tree: WordTree, _ plan: LabelPlan, _ pattern: SpeakerPattern?
    ) -> [Draft] {
        let matched = matchedSpeakers(of: tree, pattern)
        return tree.words.flatMap { word in
            word.files.map { file in
                let speaker =
                    matched[file.path] ?? SpeakerSplit.speaker(ofFileName: file.name) ?? file.speaker
                var draft = Draft(
                    word: word.name, label: plan.label(of: word.name), file: file, speaker: speaker,
                    split: .training)
                if tree.statesSplits {
                    draft.split = file.split ?? .training
                } else if let lists = tree.lists {
                    let entry = lists.split(of: file.listName)
                    draft.split = entry.split
                    draft.isListed = entry.isListed
                } else {
                    draft.split = SpeakerSplit.split(ofHashed: draft.person)
                }
                return draft
            }
        }
    }

    /// The speakers that a pattern finds, by the path of the recording.
    private static func matchedSpeakers(
        of tree: WordTree, _ pattern: SpeakerPattern?
    ) -> [String: String] {
        guard let pattern else { return [:] }
        let matcher = pattern.matcher
        var speakers: [String: String] = [:]
        for file in tree.words.flatMap(\.files) { speakers[file.path] = matcher.speaker(in: file.path) }
        return speakers
    }

    private func balance(
        _ drafts: inout [Draft], _ tree: WordTree, moved: inout SplitBalance.Moved,
        as role: (Draft) -> (word: String?, counts: Bool)
    ) {
        let balance = SplitBalance(
            drafts.map { draft in
                let (word, counts) = role(draft)
                return SplitBalance.Clip(
                    speaker: draft.person, key: SplitLists.key(of: draft.file.listName), word: word,
                    counts: counts)
            },
            splits: drafts.map(\.split), isStated: tree.isStated)
        for (index, split) in balance.splits.enumerated() { drafts[index].split = split }
        moved = moved.joined(balance.moved)
    }

    /// Lets whoever was moved among the words to learn be on the same side among all others.
    private func follow(_ main: [Draft], in drafts: inout [[Draft]]) {
        var splits: [String: Set<DataSplit>] = [:]
        for draft in main { splits[draft.person, default: []].insert(draft.split) }
        for tree in drafts.indices.dropFirst() {
            for index in drafts[tree].indices {
                if let own = splits[drafts[tree][index].person], own.count == 1, let split = own.first {
                    drafts[tree][index].split = split
                }
            }
        }
    }

    /// Sees to it that there are clips of `_unknown_` to learn from, where there are any.
    private func keepUnknown(_ drafts: inout [[Draft]]) {
        guard let unknown = plan.unknownLabel else { return }
        var all = drafts.flatMap { $0 }.filter { $0.label == unknown }
        guard !all.isEmpty, !all.contains(where: { $0.split == .training }) else { return }
        let balance = SplitBalance(
            all.map {
                SplitBalance.Clip(
                    speaker: $0.person, key: SplitLists.key(of: $0.file.listName),
                    word: StandardLabel.unknown,
                    counts: true)
            },
            splits: all.map(\.split), isStated: false)
        for index in all.indices { all[index].split = balance.splits[index] }
        var rest = all[...]
        for tree in drafts.indices {
            for index in drafts[tree].indices where drafts[tree][index].label == unknown {
                if let changed = rest.popFirst() { drafts[tree][index].split = changed.split }
            }
        }
    }

    private mutating func addClips(_ drafts: [Draft], of tree: WordTree) {
        var leftOut: [String] = []
        for word in tree.words where plan.label(of: word.name) == nil { leftOut.append(word.name) }
        var nameless = 0
        for draft in drafts {
            guard let label = draft.label else { continue }
            nameless += draft.speaker == nil ? 1 : 0
            clips.append(
                LabelledClip(
                    path: "\(tree.path)/\(draft.file.path)", name: draft.file.path, word: draft.word,
                    label: label, speaker: draft.speaker, split: draft.split,
                    byteCount: draft.file.byteCount))
        }
        ignored.add(tree.ignored)

        let place = tree.path.printable
        if nameless > 0 {
            let fate =
                tree.isStated
                ? "speakers may cross the splits"
                : "the split goes by file name, and speakers may cross the splits"
            notes.append("\(place): \(counted(nameless, "clip")) without a speaker's name: \(fate)")
        }
        if let lists = tree.lists {
            let listed = drafts.count { $0.isListed && $0.label != nil }
            notes.append("\(place): split by its own lists, which name \(listed) of the clips")
            if lists.inBoth > 0 {
                notes.append("\(place): \(counted(lists.inBoth, "clip")) in both lists, used for testing")
            }
        }
        if !leftOut.isEmpty {
            notes.append(
                "\(place): \(counted(leftOut.count, "folder")) not used: \(listed(leftOut, limit: 10))")
        }
        notes += tree.notes
    }

    /// Tells in one line what had to be moved, and what it means.
    private mutating func addNote(_ moved: SplitBalance.Moved, of tree: WordTree, _ drafts: [Draft]) {
        let place = tree.path.printable
        switch moved {
        case .none: break
        case .speakers(let count):
            let used = drafts.filter { $0.label != nil }
            let noun = used.contains { $0.speaker == nil } ? "file name" : "speaker"
            let names = [DataSplit.validation, .testing].compactMap { split -> String? in
                let people = Set(used.lazy.filter { $0.split == split }.map(\.person)).sorted()
                return people.isEmpty ? nil : "\(listed(people, limit: 5)) for \(split)"
            }
            notes.append(
                "\(place): the \(tree.isStated ? "set" : "rule") leaves a split with too few clips, so "
                    + "\(counted(count, noun)) moved: \(names.joined(separator: ", "))")
        case .takes:
            notes.append(
                "\(place): too few speakers for whole ones in every split, so takes are divided: figures are for "
                    + "these people, not for others")
        }
    }

    private static func rule(of tree: WordTree, _ moved: SplitBalance.Moved) -> String {
        let rule =
            tree.statesSplits
            ? "the set's own folders or table"
            : tree.lists != nil ? "the set's own lists" : "speaker hash of Speech Commands"
        switch moved {
        case .none: return rule
        case .speakers(let count):
            return "\(rule), \(LabelledFolder.movedPhrase): \(counted(count, "speaker"))"
        case .takes: return "\(rule), \(LabelledFolder.movedPhrase): single takes"
        }
    }
}

extension SplitBalance.Moved {
    /// What was moved in two goes.
    fileprivate func joined(_ other: Self) -> Self {
        switch (self, other) {
        case (.takes, _), (_, .takes): .takes
        case (.speakers(let first), .speakers(let second)): .speakers(count: first + second)
        case (.none, let moved), (let moved, .none): moved
        }
    }
}
