public import MynahData

/// What an examination of a labelled folder has found.
///
/// Its JSON form is described in `Documentation/doctor.md`; a change that a reader would trip over raises
/// `schemaVersion`.
public struct DoctorReport: Codable, Hashable, Sendable {
    /// A label and its clips.
    public struct LabelCounts: Codable, Hashable, Sendable {
        /// The label.
        public let label: String

        /// Its readable clips.
        public let clips: DataSummary.SplitCounts

        /// Whether it has fewer training clips than `DoctorSettings.rareShare` of the median.
        public let isRare: Bool
    }

    /// The people who speak.
    public struct Speakers: Codable, Hashable, Sendable {
        /// Different speakers.
        public let count: Int

        /// Clips whose file names give none.
        public let clipsWithoutSpeaker: Int

        /// Speakers who are in more than one split.
        public let crossing: [String]
    }

    /// A recording of `_background_noise_`.
    public struct Noise: Codable, Hashable, Sendable {
        /// `_background_noise_/file`.
        public let recording: String

        /// Length, in s; nil where it cannot be read.
        public let seconds: Double?

        /// Level (root mean square), in dB of full scale; nil for digital silence or where it cannot be read.
        public let decibels: Double?

        /// Why it cannot be read.
        public let reason: String?
    }

    /// Version of this layout: 1.
    public var schemaVersion = 1

    /// The folder, as it was given.
    public let folder: String

    /// Clips in all.
    public let clipCount: Int

    /// Clips that could be decoded.
    public let readableCount: Int

    /// From where on something was worth a look.
    public let settings: DoctorSettings

    /// The labels in the order of the classes.
    public let labels: [LabelCounts]

    /// The people who speak.
    public let speakers: Speakers

    /// The background noise.
    public let noise: [Noise]

    /// What is wrong with single clips, by kind, then in the order of the folder.
    public let findings: [Finding]

    /// Clips with the same samples.
    public let duplicates: [DuplicateGroup]

    /// What cross-validation says of the labels; nil where it was not asked.
    public let crossValidation: CrossValidation.Result?

    /// What the user should know about the folder, one line each, safe to print.
    public let notes: [String]
}
