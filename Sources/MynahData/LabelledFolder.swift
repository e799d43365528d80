public import MynahAudio
import MynahBase
import MynahModel

/// A folder with one folder of recordings for each word: the labels, the clips, and the split of each.
///
/// The conventions are those of the Speech Commands data set (arXiv 1804.03209): the folder's name is the word, file
/// names are `<speaker>_nohash_<take>.<extension>`, `_background_noise_` holds noise, `_silence_` is label 0 and
/// `_unknown_` label 1, and the words follow in the order in which they were asked for, or sorted by their bytes.
/// A folder that is itself called `_silence_` or `_unknown_` holds clips of that label.
public struct LabelledFolder: Sendable {
    /// What is taken from a folder, and under which labels.
    public struct Options: Hashable, Sendable {
        /// The words that become labels, in this order, the words of all other folders being `_unknown_`; `nil` makes
        /// a label of every folder.
        public var words: [String]?

        /// Further folders, laid out alike, whose words are all `_unknown_`.
        ///
        /// A word that is also a label (`go` here and there) keeps its own label: whoever says it does not say
        /// something unknown.
        public var unknownFolders: [String]

        /// Whether there is a label `_unknown_`.
        ///
        /// `nil` makes one when there is something for it: recordings without commands, or clips of a folder of that name,
        /// of `unknownFolders`, or of other words than `words`. With `false`, clips that would bear it are left out.
        public var hasUnknown: Bool?

        /// Whether there is a label `_silence_`; `nil` makes one when `words`, `unknownFolders` or recordings without
        /// commands are given, or a folder has that name.
        public var hasSilence: Bool?

        /// Whether recordings without commands come as well, which are `_unknown_`.
        public var hasNegatives: Bool

        /// Training clips that are left out.
        ///
        /// Those for validation and testing stay, so that figures stay comparable.
        public var exclusions: ExclusionList?

        /// How several channels of a recording become one.
        public var channel: ChannelSelection

        /// Where speakers stand in the names of recordings; `nil` where these follow a known scheme.
        public var speakerPattern: SpeakerPattern?

        /// Whether recordings of a pack that are damaged are passed over, like files that cannot be read.
        package var skipsDamaged = false

        /// Options with the given values.
        public init(
            words: [String]? = nil, unknownFolders: [String] = [], hasUnknown: Bool? = nil,
            hasSilence: Bool? = nil, hasNegatives: Bool = false, exclusions: ExclusionList? = nil,
            channel: ChannelSelection = .average, speakerPattern: SpeakerPattern? = nil
        ) {
            self.words = words
            self.unknownFolders = unknownFolders
            self.hasUnknown = hasUnknown
            self.hasSilence = hasSilence
            self.hasNegatives = hasNegatives
            self.exclusions = exclusions
            self.channel = channel
            self.speakerPattern = speakerPattern
        }

        /// Options that give the labels of a trained model again, in the same order if a `LabelledFolder` made them.
        package init(matching labels: [String], unknownFolders: [String] = []) {
            self.init(
                words: labels.filter { $0 != StandardLabel.silence && $0 != StandardLabel.unknown },
                unknownFolders: unknownFolders,
                hasUnknown: labels.contains(StandardLabel.unknown),
                hasSilence: labels.contains(StandardLabel.silence))
        }
    }

    /// The folder, as it was given.
    public let path: String

    /// The names of the labels, `[C]`.
    public let labels: [String]

    /// Index of `_silence_` in `labels`, if there is one.
    package let silenceLabel: Int?

    /// Index of `_unknown_` in `labels`, if there is one.
    package let unknownLabel: Int?

    /// The clips of all splits: the folder's own, then those of the unknown folders, each sorted by the bytes of
    /// their names.
    public let clips: [LabelledClip]

    /// The recordings of the folder's `_background_noise_`, or where it has none, those of the unknown folders.
    package let noiseFiles: [NoiseFile]

    /// The list of the training clips that were left out, if there is one.
    package let exclusions: ExclusionList?

    /// How several channels of a recording become one.
    package let channel: ChannelSelection

    /// Where speakers stand in the names of recordings, if that was said.
    package let speakerPattern: SpeakerPattern?

    /// Those of its folders that are packs.
    private let packs: [RecordingPack]

    /// Whether recordings of a pack that are damaged are passed over.
    let skipsDamaged: Bool

    /// How the clips were assigned to the splits, in words.
    package let splitRule: String

    /// What stands in `splitRule` where `SplitBalance` has moved clips.
    ///
    /// More clips may then change the split.
    package static let movedPhrase = "moved for lack of clips"

    /// What was passed over.
    package let ignored: IgnoredEntries

    /// What the user should know about the folder, one line each, safe to print.
    public let notes: [String]

    /// Looks through a folder, without opening any audio file.
    ///
    /// The folder may also be a pack of one, as `mynah pack` makes it.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notAFolder`, `.unreadable`, `.tooManyFolders`, `.badTable`, `.badPack`,
    ///   `.noWords`, `.invalidWords`, or `.wordNotFound`.
    public init(scanning path: String, options: Options = Options()) throws(DataError) {
        if let words = options.words { try Self.check(words) }
        let main = try WordTree(scanning: path)
        var others: [WordTree] = []
        for folder in options.unknownFolders { others.append(try WordTree(scanning: folder)) }

        let plan = try LabelPlan(main: main, others: others, options: options)
        let builder = ClipBuilder(
            plan: plan, main: main, others: others, speakerPattern: options.speakerPattern)

        self.path = main.path
        labels = plan.labels
        silenceLabel = plan.silenceLabel
        unknownLabel = plan.unknownLabel
        exclusions = options.exclusions
        channel = options.channel
        speakerPattern = options.speakerPattern
        packs = ([main] + others).compactMap(\.pack)
        skipsDamaged = options.skipsDamaged
        let excluded = Self.excluded(from: builder.clips, by: options.exclusions)
        clips = builder.clips.filter { !excluded.contains($0.name) || $0.split != .training }
        splitRule = builder.splitRule
        noiseFiles = main.noise.isEmpty ? others.flatMap(\.noise) : main.noise
        ignored = builder.ignored
        notes =
            plan.notes + builder.notes + Self.crossingNotes(builder.clips) + Self.noiseNotes(main, others)
            + Self.exclusionNotes(excluded, options.exclusions)
    }

    /// Decodes the recordings, at a rate within `AudioReader.supportedSampleRates`.
    package func decoder(sampleRate: Int) -> ClipDecoder {
        .recordings(in: packs, sampleRate: sampleRate, channel: channel)
    }

    /// All that was found, in a few words that differ where anything does: how many files, and a hash of their names, sizes,
    /// labels and splits.
    package var listing: String {
        var digest = SHA256()
        for clip in clips {
            digest.update("\(labels[clip.label])\0\(clip.name)\0\(clip.byteCount)\0\(clip.split)\n")
        }
        for file in noiseFiles { digest.update("\(file.name)\0\(file.byteCount)\n") }
        return "\(counted(clips.count, "clip")), hash \(digest.hexDigest().prefix(16))"
    }

    /// The clips of one split, in the order of `clips`.
    public func clips(in split: DataSplit) -> [LabelledClip] {
        clips.filter { $0.split == split }
    }

    private static func check(_ words: [String]) throws(DataError) {
        if words.isEmpty { throw .invalidWords(reason: "none are given") }
        var seen: Set<String> = []
        for word in words {
            if [StandardLabel.silence, StandardLabel.unknown, StandardLabel.backgroundNoiseFolder].contains(
                word)
            {
                throw .invalidWords(reason: "\(word.quoted) is reserved and no word")
            }
            if word.isEmpty { throw .invalidWords(reason: "one of them is empty") }
            guard seen.insert(word).inserted else {
                throw .invalidWords(reason: "\(word.quoted) is given twice")
            }
        }
    }

    /// The names of the training clips that a list excludes.
    private static func excluded(from clips: [LabelledClip], by list: ExclusionList?) -> Set<String> {
        guard let list else { return [] }
        return Set(
            clips.lazy.filter { $0.split == .training && list.clips.contains($0.name) }.map(\.name))
    }

    private static func exclusionNotes(_ excluded: Set<String>, _ list: ExclusionList?) -> [String] {
        guard let list else { return [] }
        let others = list.clips.count - excluded.count
        let rest = others == 0 ? "" : "; \(others) more are no training clips of this folder"
        return ["\(counted(excluded.count, "training clip")) left out by the exclusion list\(rest)"]
    }

    /// The rule never lets a speaker cross, lists may.
    private static func crossingNotes(_ clips: [LabelledClip]) -> [String] {
        var splits: [String: Set<DataSplit>] = [:]
        for clip in clips {
            if let speaker = clip.speaker { splits[speaker, default: []].insert(clip.split) }
        }
        let crossing = splits.values.count { $0.count > 1 }
        return crossing == 0 ? [] : ["\(counted(crossing, "speaker")) in more than one split"]
    }

    private static func noiseNotes(_ main: WordTree, _ others: [WordTree]) -> [String] {
        let place = StandardLabel.backgroundNoiseFolder
        let donors = others.filter { !$0.noise.isEmpty }
        var notes: [String] = []
        for tree in donors {
            notes.append(
                "\(tree.path.printable)/\(place): "
                    + (main.noise.isEmpty
                        ? "its noise is used, since \(main.path.printable) has none"
                        : "its noise is not used, since \(main.path.printable) has its own"))
        }
        return notes
    }
}
