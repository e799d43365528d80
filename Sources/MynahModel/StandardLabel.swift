/// Names that mean the same in every model and folder (Speech Commands, arXiv 1804.03209).
public enum StandardLabel {
    /// Nobody speaks.
    public static let silence = "_silence_"

    /// A word that is no command.
    public static let unknown = "_unknown_"
}
