/// Names that mean the same in every model and folder (Speech Commands, arXiv 1804.03209).
public enum StandardLabel {
    /// Nobody speaks.
    public static let silence = "_silence_"

    /// A word that is no command.
    public static let unknown = "_unknown_"

    /// What is said asks for nothing that a model of intents knows.
    package static let none = "_none_"

    /// The folder that holds recordings of noise beside the folders of the words.
    package static let backgroundNoiseFolder = "_background_noise_"

    /// Whether a label of a model is a word that can be detected, not ``silence`` or ``unknown``.
    public static func isWord(_ label: String) -> Bool { label != silence && label != unknown }
}
