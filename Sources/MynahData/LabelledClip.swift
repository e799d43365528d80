/// One audio file of a labelled folder: what is said in it, by whom, and what it is used for.
public struct LabelledClip: Hashable, Sendable {
    /// Where the file lies; the path that was given for the folder, then `/word/file`.
    public let path: String

    /// `word/file` inside its folder, free of where that folder lies.
    package let name: String

    /// What is said: the name of the folder.
    public let word: String

    /// Index of its label in `LabelledFolder.labels`.
    package let label: Int

    /// Who says it; `nil` when the file name does not tell.
    public let speaker: String?

    /// What the clip is used for.
    public let split: DataSplit

    /// Size of the file, in bytes.
    package let byteCount: Int
}

/// One recording of `_background_noise_`.
package struct NoiseFile: Hashable, Sendable {
    /// Where the file lies.
    package let path: String

    /// `_background_noise_/file`, free of where its folder lies.
    package let name: String

    /// Size of the file, in bytes.
    package let byteCount: Int
}
