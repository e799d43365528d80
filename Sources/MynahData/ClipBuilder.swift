import MynahBase

/// Gathers the clips of one or more trees under one plan of labels.
struct ClipBuilder {
    let plan: LabelPlan
    private(set) var clips: [LabelledClip] = []
    private(set) var ignored = IgnoredEntries()
    private(set) var notes: [String] = []

    init(plan: LabelPlan) {
        self.plan = plan
    }

    /// Adds the clips of a tree.
    mutating func add(_ tree: WordTree) {
        var nameless = 0
        var listedClips = 0
        var leftOut: [String] = []
        for word in tree.words {
            guard let label = plan.label(of: word.name) else {
                leftOut.append(word.name)
                continue
            }
            for file in word.files {
                let name = "\(word.name)/\(file.name)"
                let speaker = SpeakerSplit.speaker(ofFileName: file.name)
                let split: DataSplit
                if let lists = tree.lists {
                    let entry = lists.split(of: name)
                    split = entry.split
                    listedClips += entry.isListed ? 1 : 0
                } else {
                    split = SpeakerSplit.split(ofFileName: file.name)
                }
                nameless += speaker == nil ? 1 : 0
                clips.append(
                    LabelledClip(
                        path: "\(tree.path)/\(name)", name: name, word: word.name, label: label,
                        speaker: speaker,
                        split: split, byteCount: file.byteCount))
            }
        }
        ignored.add(tree.ignored)
        addNotes(tree, nameless: nameless, listedClips: listedClips, leftOut: leftOut)
    }

    private mutating func addNotes(_ tree: WordTree, nameless: Int, listedClips: Int, leftOut: [String]) {
        let place = tree.path.printable
        if nameless > 0 {
            let fate =
                tree.lists == nil
                ? "the split goes by file name, and speakers may cross the splits"
                : "speakers may cross the splits"
            notes.append("\(place): \(counted(nameless, "clip")) without a speaker's name: \(fate)")
        }
        if let lists = tree.lists {
            notes.append("\(place): split by its own lists, which name \(listedClips) of the clips")
            if lists.inBoth > 0 {
                notes.append("\(place): \(counted(lists.inBoth, "clip")) in both lists, used for testing")
            }
        }
        if !leftOut.isEmpty {
            notes.append(
                "\(place): \(counted(leftOut.count, "folder")) not used: \(listed(leftOut, limit: 10))")
        }
        if !tree.emptyFolders.isEmpty {
            notes.append("\(place): no audio files in \(listed(tree.emptyFolders, limit: 10))")
        }
        if !tree.repeatedFolders.isEmpty {
            notes.append(
                "\(place): \(listed(tree.repeatedFolders, limit: 10)) only links to another folder of the set, not used"
            )
        }
        if tree.looseFiles > 0 {
            notes.append(
                "\(place): \(counted(tree.looseFiles, "audio file")) beside the word folders, not used")
        }
    }
}
