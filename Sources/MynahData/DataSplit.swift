/// The three disjoint parts of a labelled set.
public enum DataSplit: String, Codable, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The clips that the network learns from.
    case training

    /// The clips that choose between networks and settings.
    case validation

    /// The clips that a final figure is measured on, and that no choice may see.
    case testing

    /// `training`, `validation` or `testing`.
    public var description: String { rawValue }
}
