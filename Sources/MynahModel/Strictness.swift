/// How readily words count as said: what is heard for nothing is weighed against what is missed.
///
/// A model may have settings of detection for each of these; how many false alarms an hour they are made for is up to whoever made
/// them, as `mynah evaluate --budget` does, and stands in the model's card.
public enum Strictness: String, CaseIterable, Codable, Sendable {
    /// More words are heard, and more for nothing: where a false alarm does no harm.
    case lax

    /// What is used unless something else is asked for.
    case usual

    /// Less is heard for nothing, and more words have to be said again: where a false alarm does harm.
    case strict
}
