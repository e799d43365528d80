package import MynahData

/// What an examination of a labelled folder has found.
///
/// Its JSON form is described in `Documentation/doctor.md`; a change that a reader would trip over raises
/// `schemaVersion`.
package struct DoctorReport: Codable, Hashable, Sendable {
    /// A label and its clips.
    package struct LabelCounts: Codable, Hashable, Sendable {
        /// The label.
        package let label: String

        /// Its readable clips.
        package let clips: DataSummary.SplitCounts

        /// Whether it has fewer training clips than `DoctorSettings.rareShare` of the median.
        package let isRare: Bool
    }

    /// The people who speak.
    package struct Speakers: Codable, Hashable, Sendable {
        /// Different speakers.
        package let count: Int

        /// Clips whose file names give none.
        package let clipsWithoutSpeaker: Int

        /// Speakers who are in more than one split.
        package let crossing: [String]
    }

    /// A recording of `_background_noise_`.
    package struct Noise: Codable, Hashable, Sendable {
        /// `_background_noise_/file`.
        package let recording: String

        /// Length, in s; nil where it cannot be read.
        package let seconds: Double?

        /// Level (root mean square), in dB of full scale; nil for digital silence or where it cannot be read.
        package let decibels: Double?

        /// Why it cannot be read.
        package let reason: String?
    }

    /// Version of this layout: 1.
    package var schemaVersion = 1

    /// The folder, as it was given.
    package let folder: String

    /// Clips in all.
    package let clipCount: Int

    /// Clips that could be decoded.
    package let readableCount: Int

    /// From where on something was worth a look.
    package let settings: DoctorSettings

    /// The labels in the order of the classes.
    package let labels: [LabelCounts]

    /// The people who speak.
    package let speakers: Speakers

    /// The background noise.
    package let noise: [Noise]

    /// What is wrong with single clips, by kind, then in the order of the folder.
    package let findings: [Finding]

    /// Clips with the same samples.
    package let duplicates: [DuplicateGroup]

    /// What cross-validation says of the labels; nil where it was not asked.
    package let crossValidation: CrossValidation.Result?

    /// What the user should know about the folder, one line each, safe to print.
    package let notes: [String]
}
