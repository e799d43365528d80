internal import FoundationEssentials

/// What stands in braces behind a detail in Rasa's files.
struct EntityDescription: Decodable {
    let entity: String
    let value: String?

    /// Reads it; nil where it is none.
    ///
    /// Roles and groups are passed over.
    init?(json: String) {
        guard let description = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else {
            return nil
        }
        self = description
    }
}
