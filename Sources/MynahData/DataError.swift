import MynahBase
import MynahModel

/// What can go wrong between a folder of recordings, of words or of transcribed sentences, and what a network learns from.
public enum DataError: Error, Hashable, Sendable {
    /// There is nothing at this path.
    case folderNotFound(path: String)

    /// A file stands where a folder is needed.
    case notAFolder(path: String)

    /// A file stands where a folder of transcribed recordings is needed.
    case notACorpus(path: String)

    /// The system refuses to list a folder or to read one of its split lists.
    case unreadable(path: String, reason: String)

    /// No recordings lie where those of a word are looked for: `looseFiles` audio files lie beside the folders of words,
    /// and `deepFiles` in folders too deep.
    case noWords(folder: String, looseFiles: Int, deepFiles: Int, firstDeepFile: String?)

    /// A folder with more folders in it than any set of recordings has.
    case tooManyFolders(folder: String, limit: Int)

    /// A table of recordings that cannot be used; `reason` names the line.
    case badTable(path: String, reason: String)

    /// An expression that tells no speakers.
    case badSpeakerPattern(pattern: String, reason: String)

    /// Phrases of a file that cannot be used; the line, from 1, where it is one.
    case badPhrases(file: String, line: Int?, reason: String)

    /// A requested word has no folder; `available` are the folders that exist.
    case wordNotFound(word: String, folder: String, available: [String])

    /// Words whose names nobody would tell apart; one of them is a label or a reserved name.
    case lookalikeWords(folder: String, word: String, other: String)

    /// A word list that cannot be used: empty, with a word twice, or with a reserved name.
    case invalidWords(reason: String)

    /// There is a single word, and nothing to tell it from.
    case oneWord(folder: String, word: String)

    /// There are clips of `_unknown_` and `_silence_` alone.
    case noWordToLearn(folder: String)

    /// A split has no clips of one label or (`label` is `nil`) of any word; `found` are those of all splits.
    case noClips(
        folder: String, label: String?, split: DataSplit, found: DataSummary.SplitCounts, splitRule: String)

    /// Not one clip of a label can be read in a split that is to be decoded.
    case noReadableClips(label: String, split: DataSplit, count: Int, firstPath: String, firstReason: String)

    /// The background noise recordings do not fit into the memory that they may take.
    case tooMuchNoise(fileCount: Int, limitBytes: Int)

    /// Not one of the recordings without commands can be decoded.
    case noNegatives(fileCount: Int, firstName: String, firstReason: String)

    /// The recordings without commands do not fit into the memory that they may take.
    case tooManyNegatives(fileCount: Int, limitBytes: Int)

    /// There are recordings without commands, but no label `_unknown_` to give them.
    case negativesWithoutUnknown

    /// A file that does not hold windows of sound without commands.
    case badNegatives(path: String, reason: String)

    /// Windows of sound without commands are of another front end than a model; each setting that differs, with that of the model
    /// first.
    case otherNegatives(differences: [String])

    /// A line of an exclusion list, counted from 1, that names no clip.
    case invalidExclusion(path: String, line: Int)

    /// A folder without a single sentence that can be used; `firstFault` is the line of the first one that cannot.
    case noSentences(folder: String, recordingCount: Int, firstFault: String?)

    /// All sentences are of one speaker, so that nobody is left to be tested with.
    case oneSpeaker(speaker: String)

    /// Not one of the sentences that are to be decoded can be used.
    case noUsableSentences(split: DataSplit?, count: Int, firstFault: String?)

    /// A recording that could be decoded before cannot be any more.
    case lostRecording(path: String, reason: String)

    /// A pack of recordings that cannot be used.
    case badPack(path: String, reason: String)

    /// A recording of a pack that is not as it was packed; `reason` names the archive.
    case damagedRecording(path: String, reason: String)

    /// A recording whose name cannot stand in the table of a pack.
    case unpackableName(name: String)

    /// A setting outside its legal range.
    case invalidSetting(name: String, value: String, expected: String)
}

extension DataError: CustomStringConvertible {
    /// One line for the user, without control characters.
    public var description: String {
        switch self {
        case .folderNotFound(let path):
            return "\(path.printable): no such folder"
        case .notAFolder(let path):
            return "\(path.printable): is a file, expected a folder with one folder for each word"
        case .notACorpus(let path):
            return "\(path.printable): is a file, expected a folder of recordings"
        case .unreadable(let path, let reason):
            return "\(path.printable): cannot be read (\(reason.printable))"
        case .noWords(let folder, let looseFiles, let deepFiles, let firstDeepFile):
            var found: [String] = []
            if looseFiles > 0 { found.append("\(counted(looseFiles, "audio file")) but no words") }
            if deepFiles > 0, let firstDeepFile {
                found.append(
                    "\(counted(deepFiles, "audio file")) too deep, the first \(firstDeepFile.printable)")
            }
            guard !found.isEmpty else {
                return
                    "\(folder.printable): holds no audio files, expected a folder for each word with audio files in it"
            }
            return "\(folder.printable): holds \(found.joined(separator: " and ")); expected word/file, "
                + "word/speaker/file, train/word/file, or a table labels.csv with lines of path,label"
        case .tooManyFolders(let folder, let limit):
            return "\(folder.printable): holds more than \(limit) folders, expected a set of recordings"
        case .badPhrases(let file, let line, let reason):
            return "\(file.printable)\(line.map { ":\($0)" } ?? ""): \(reason.printable)"
        case .badTable(let path, let reason):
            return "\(path.printable): \(reason.printable)"
        case .badSpeakerPattern(let pattern, let reason):
            return "the speaker pattern \(pattern.quoted): \(reason)"
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
        case .oneWord(let folder, let word):
            return
                "\(folder.printable): holds the one word \(word.quoted) and nothing to tell it from: add folders "
                + "of other words, or name recordings without it by --negatives or --unknown"
        case .noWordToLearn(let folder):
            return
                "\(folder.printable): holds no word beside \(StandardLabel.unknown) and \(StandardLabel.silence), "
                + "expected at least one to learn"
        case .noClips(let folder, let label, let split, let found, let splitRule):
            let of = label.map { "of \($0.quoted)" } ?? "of a word"
            return
                "\(folder.printable): has no \(split) clips \(of) (\(found); split by \(splitRule.printable))"
                + (label == nil ? "; there is none to spare from learning: add recordings" : "")
        case .noReadableClips(let label, let split, let count, let firstPath, let firstReason):
            return
                "\(label.quoted): none of its \(counted(count, "\(split) clip")) can be read; the first is "
                + "\(firstPath.printable) (\(firstReason.printable))"
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
        case .badNegatives(let path, let reason):
            return "\(path.printable): \(reason.printable)"
        case .otherNegatives(let differences):
            return
                "the negatives that come with mynah are of another front end than the model "
                + "(\(differences.joined(separator: "; ").printable)); name recordings with --negatives"
        case .invalidExclusion(let path, let line):
            return "\(path.printable): line \(line) names no clip, expected word/file"
        case .noSentences(let folder, let recordingCount, let firstFault):
            let found = firstFault.map { "no sentence of it can be used; the first: \($0)" }
            return "\(folder.printable): "
                + (found
                    ?? "holds \(counted(recordingCount, "recording")) and no texts, expected <speaker>/<chapter> with "
                    + "*.trans.txt beside the recordings, a table transcripts.tsv with path, speaker and text, or "
                    + "Common Voice's validated.tsv")
        case .oneSpeaker(let speaker):
            return
                "all sentences are of one speaker, \(speaker.quoted): nobody is left to tell whether the model "
                + "understands others"
        case .noUsableSentences(let split, let count, let firstFault):
            return
                "none of the \(counted(count, "\(split.map { "\($0) " } ?? "")sentence")) can be used"
                + (firstFault.map { "; the first: \($0.printable)" } ?? "")
        case .lostRecording(let path, let reason):
            return "\(path.printable): could be read before, and cannot be any more (\(reason.printable))"
        case .badPack(let path, let reason):
            return "\(path.printable): cannot be used as a pack: \(reason.printable)"
        case .damagedRecording(let path, let reason):
            return "\(path.printable): \(reason.printable); --skip-damaged goes on without such recordings"
        case .unpackableName(let name):
            return "\(name.printable): a name with tabs or line breaks cannot be packed; rename it"
        case .invalidSetting(let name, let value, let expected):
            return "\(name.printable): is \(value.printable), expected \(expected.printable)"
        }
    }
}
