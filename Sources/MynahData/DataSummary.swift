import MynahBase
package import MynahModel

/// What a labelled folder holds: shown before training starts, and kept with what is trained.
public struct DataSummary: Codable, Hashable, Sendable {
    /// Three numbers, one for each split.
    public struct SplitCounts: Codable, Hashable, Sendable, CustomStringConvertible {
        /// Number for training.
        public var training = 0

        /// Number for validation.
        public var validation = 0

        /// Number for testing.
        public var testing = 0

        /// The number for a split.
        public subscript(split: DataSplit) -> Int {
            get {
                switch split {
                case .training: training
                case .validation: validation
                case .testing: testing
                }
            }
            set {
                switch split {
                case .training: training = newValue
                case .validation: validation = newValue
                case .testing: testing = newValue
                }
            }
        }

        /// The sum over the splits.
        public var total: Int { training + validation + testing }

        /// `12 for training, 0 for validation, 3 for testing`.
        public var description: String {
            DataSplit.allCases.map { "\(self[$0]) for \($0)" }.joined(separator: ", ")
        }

        /// Three zeros.
        public init() {}

        /// How often each split comes in a sequence.
        public init(_ splits: some Sequence<DataSplit>) {
            for split in splits { self[split] += 1 }
        }
    }

    /// The clips of one label.
    public struct LabelCounts: Codable, Hashable, Sendable {
        /// The label.
        public let label: String

        /// Clips that can be used: all without those that could not be decoded where that was tried.
        public internal(set) var clips: SplitCounts
    }

    /// How long the decoded clips are, in seconds.
    public struct Durations: Codable, Hashable, Sendable {
        /// Number of decoded clips.
        public let clipCount: Int

        /// All together.
        public let total: Double

        /// The shortest; 0 for no clips.
        public let minimum: Double

        /// The one in the middle, of an even number the upper one; 0 for no clips.
        public let median: Double

        /// The longest; 0 for no clips.
        public let maximum: Double
    }

    /// The labels in the order of the classes, `[C]`; `_silence_` may be without clips, being cut from noise.
    public let labels: [LabelCounts]

    /// Different speakers, where the file names give any.
    public let speakers: SplitCounts

    /// Clips whose file names give no speaker.
    public let clipsWithoutSpeaker: Int

    /// Lengths of the clips of the decoded splits.
    public let durations: Durations

    /// Number of background noise recordings that could be decoded.
    public let noiseRecordingCount: Int

    /// Length of these recordings together, in seconds.
    public let noiseSeconds: Double

    /// Number of recordings without commands that could be decoded.
    public let negativeRecordingCount: Int

    /// Length of these recordings together, in seconds.
    public let negativeSeconds: Double

    /// Files that could not be decoded.
    package let unreadable: [ClipStore.Unreadable]

    /// Entries of the folders that are neither word nor clip.
    package let ignored: IgnoredEntries

    /// What the user should know, one line each, safe to print.
    public let notes: [String]

    /// SHA-256 over the names and sizes of all clips, noise recordings and recordings without commands, 64 lower-case
    /// hexadecimal digits.
    ///
    /// One line each, sorted by bytes: label, name (`word/file`) and size in bytes (of recordings without commands, in
    /// samples), separated by zero bytes. Where the folders lie does not matter.
    public let dataHash: String

    /// Sums up a folder and what has been decoded of it.
    package init(
        folder: LabelledFolder, stores: [ClipStore], noise: BackgroundNoise = .none,
        negatives: NegativeRecordings = .none
    ) {
        let decoded = Set(stores.map(\.split))
        var lost: [DataSplit: Set<String>] = [:]
        for store in stores { lost[store.split] = Set(store.unreadable.map(\.name)) }
        let usable = folder.clips.filter { lost[$0.split]?.contains($0.name) != true }

        var labels = folder.labels.map { LabelCounts(label: $0, clips: SplitCounts()) }
        var names: [DataSplit: Set<String>] = [:]
        for clip in usable {
            labels[clip.label].clips[clip.split] += 1
            if let speaker = clip.speaker { names[clip.split, default: []].insert(speaker) }
        }
        var speakers = SplitCounts()
        for (split, set) in names { speakers[split] = set.count }

        self.labels = labels
        self.speakers = speakers
        clipsWithoutSpeaker = usable.count { $0.speaker == nil }
        durations = Self.durations(of: stores)
        noiseRecordingCount = noise.count
        noiseSeconds = noise.seconds
        negativeRecordingCount = negatives.count
        negativeSeconds = negatives.seconds
        unreadable = stores.flatMap(\.unreadable) + noise.unreadable + negatives.unreadable
        ignored = folder.ignored
        notes =
            folder.notes + noise.notes(on: folder) + negatives.notes
            + (decoded.contains(.validation) ? Self.validationNotes(labels, folder) : [])
        dataHash = Self.hash(of: folder, negatives)
    }

    /// The part of the summary that a model file keeps.
    package var provenance: TrainingProvenance.TrainingData {
        TrainingProvenance.TrainingData(
            clips: labels.map { row in
                TrainingProvenance.TrainingData.ClipCount(
                    label: row.label, training: row.clips.training, validation: row.clips.validation,
                    testing: row.clips.testing)
            })
    }

    private static func validationNotes(_ labels: [LabelCounts], _ folder: LabelledFolder) -> [String] {
        let words = labels.indices.filter { $0 != folder.silenceLabel && $0 != folder.unknownLabel }
        let missing = words.filter { labels[$0].clips.validation == 0 }.map { labels[$0].label }
        let count = words.reduce(0) { $0 + labels[$1].clips.validation }
        var notes: [String] = []
        if !missing.isEmpty { notes.append("no validation clips of \(listed(missing, limit: 10))") }
        if count < 100 {
            notes.append("only \(counted(count, "validation clip")): validation accuracy is coarse")
        }
        return notes
    }

    private static func durations(of stores: [ClipStore]) -> Durations {
        let seconds = stores.flatMap { store in store.clips.indices.map(store.seconds(ofClip:)) }.sorted()
        return Durations(
            clipCount: seconds.count,
            total: seconds.reduce(0, +),
            minimum: seconds.first ?? 0,
            median: seconds.isEmpty ? 0 : seconds[seconds.count / 2],
            maximum: seconds.last ?? 0)
    }

    private static func hash(of folder: LabelledFolder, _ negatives: NegativeRecordings) -> String {
        let clips = folder.clips.map { "\(folder.labels[$0.label])\0\($0.name)\0\($0.byteCount)\n" }
        let noise = folder.noiseFiles.map { "\0\($0.name)\0\($0.byteCount)\n" }
        let others = negatives.contents.map { "\0\0\($0.name)\0\($0.sampleCount)\n" }
        var digest = SHA256()
        for line in (clips + noise + others).map({ Array($0.utf8) }).sorted(by: {
            $0.lexicographicallyPrecedes($1)
        }) {
            digest.update(line)
        }
        return digest.hexDigest()
    }
}
