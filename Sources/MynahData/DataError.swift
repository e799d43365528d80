import MynahBase
import MynahModel

/// What can go wrong between a labelled folder and the examples that a network learns from.
public enum DataError: Error, Hashable, Sendable {
    /// There is nothing at this path.
    case folderNotFound(path: String)

    /// A file stands where a folder is needed.
    case notAFolder(path: String)

    /// The system refuses to list a folder or to read one of its split lists.
    case unreadable(path: String, reason: String)

    /// The folder holds no folder with audio files in it; `looseFiles` audio files lie directly in the folder.
    case noWords(folder: String, looseFiles: Int)

    /// A requested word has no folder; `available` are the folders that exist.
    case wordNotFound(word: String, folder: String, available: [String])

    /// Words whose names nobody would tell apart; one of them is a label or a reserved name.
    case lookalikeWords(folder: String, word: String, other: String)

    /// A word list that cannot be used: empty, with a word twice, or with a reserved name.
    case invalidWords(reason: String)

    /// Only one label has clips, so there is nothing to tell apart.
    case oneClass(folder: String, label: String)

    /// A split has too few clips, of one label or (`label` is `nil`) of all labels together.
    case tooFewClips(
        folder: String, label: String?, split: DataSplit, found: Int, needed: Int, total: ClipTotals)

    /// Not one clip of a label can be read in a split that is to be decoded.
    case noReadableClips(label: String, split: DataSplit, count: Int, firstPath: String, firstReason: String)

    /// The decoded clips of a split do not fit into the memory that they may take.
    case tooMuchAudio(split: DataSplit, clipCount: Int, limitBytes: Int)

    /// The background noise recordings do not fit into the memory that they may take.
    case tooMuchNoise(fileCount: Int, limitBytes: Int)

    /// Not one of the recordings without commands can be decoded.
    case noNegatives(fileCount: Int, firstName: String, firstReason: String)

    /// The recordings without commands do not fit into the memory that they may take.
    case tooManyNegatives(fileCount: Int, limitBytes: Int)

    /// There are recordings without commands, but no label `_unknown_` to give them.
    case negativesWithoutUnknown

    /// A line of an exclusion list, counted from 1, that names no clip.
    case invalidExclusion(path: String, line: Int)

    /// A setting outside its legal range.
    case invalidSetting(name: String, value: String, expected: String)

    /// What a folder holds in all: how much is there when it is too little.
    public struct ClipTotals: Hashable, Sendable {
        /// Clips in all splits.
        public let clips: Int

        /// Different labels among them.
        public let labels: Int

        /// Different speakers among them; 0 when the file names give none.
        public let speakers: Int
    }
}

extension DataError: CustomStringConvertible {
    /// One line for the user, without control characters.
    public var description: String {
        switch self {
        case .folderNotFound(let path):
            return "\(path.printable): no such folder"
        case .notAFolder(let path):
            return "\(path.printable): is a file, expected a folder with one folder for each word"
        case .unreadable(let path, let reason):
            return "\(path.printable): cannot be read (\(reason.printable))"
        case .noWords(let folder, let looseFiles):
            let found =
                looseFiles == 0 ? "no audio files" : "\(counted(looseFiles, "audio file")) but no words"
            return
                "\(folder.printable): holds \(found), expected a folder for each word with audio files in it"
        case .wordNotFound(let word, let folder, let available):
            let lookalike = LookalikeNames(available).lookalike(of: word)
            return "\(folder.printable): has no folder for the word \(word.quoted); it has "
                + (lookalike.map { "\($0.quoted), which differs in case or blanks only" }
                    ?? listed(available, limit: 40))
        case .lookalikeWords(let folder, let word, let other):
            return
                "\(folder.printable): its folder \(word.quoted) differs from \(other.quoted) in case, blanks "
                + "or invisible characters only; rename it"
        case .invalidWords(let reason):
            return "words: \(reason.printable)"
        case .oneClass(let folder, let label):
            return
                "\(folder.printable): all clips have the label \(label.quoted), expected at least two labels"
        case .tooFewClips(let folder, let label, let split, let found, let needed, let total):
            return Self.tooFew(folder, label, split, found, needed, total)
        case .noReadableClips(let label, let split, let count, let firstPath, let firstReason):
            return
                "\(label.quoted): none of its \(counted(count, "\(split) clip")) can be read; the first is "
                + "\(firstPath.printable) (\(firstReason.printable))"
        case .tooMuchAudio(let split, let clipCount, let limitBytes):
            return
                "the \(counted(clipCount, "\(split) clip")) do not fit into \(limitBytes >> 20) MiB of memory"
        case .tooMuchNoise(let fileCount, let limitBytes):
            return "the \(counted(fileCount, "background noise recording")) do not fit into "
                + "\(limitBytes >> 20) MiB of memory"
        case .noNegatives(let fileCount, let firstName, let firstReason):
            return "recordings without commands: none of \(fileCount) can be read; the first is "
                + "\(firstName.printable) (\(firstReason.printable))"
        case .tooManyNegatives(let fileCount, let limitBytes):
            return "the \(counted(fileCount, "recording")) without commands do not fit into "
                + "\(limitBytes >> 20) MiB of memory"
        case .negativesWithoutUnknown:
            return
                "recordings without commands need the label \(StandardLabel.unknown): name the words to learn"
        case .invalidExclusion(let path, let line):
            return "\(path.printable): line \(line) names no clip, expected word/file"
        case .invalidSetting(let name, let value, let expected):
            return "\(name.printable): is \(value.printable), expected \(expected.printable)"
        }
    }

    private static func tooFew(
        _ folder: String, _ label: String?, _ split: DataSplit, _ found: Int, _ needed: Int,
        _ total: ClipTotals
    ) -> String {
        let whose = label.map { " of \($0.quoted)" } ?? ""
        let speakers = total.speakers == 0 ? "" : " by \(counted(total.speakers, "speaker"))"
        let rule =
            split == .training
            ? "about eight in ten go to training"
            : "about one \(total.speakers == 0 ? "file" : "speaker") in ten goes to \(split), "
                + "unless a \(split)_list.txt chooses"
        return
            "\(folder.printable): has \(counted(found, "\(split) clip"))\(whose), at least \(needed) are needed "
            + "(\(counted(total.clips, "clip")) of \(counted(total.labels, "label"))\(speakers) in all; \(rule))"
    }
}
