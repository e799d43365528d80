package import MynahFeatures
package import MynahNetwork

/// A model of any kind, as its file keeps it.
package protocol StoredModel {
    /// The network.
    var network: NetworkDescription { get }

    /// The weights, in the order of the network's layout.
    var parameters: [Float] { get }

    /// The model as a file.
    var fileBytes: [UInt8] { get }

    /// SHA-256 of the file, as 64 hexadecimal digits.
    var hash: String { get }

    /// Reads a file from memory; `name` stands for it in errors.
    init(bytes: RawSpan, name: String) throws(ModelError)
}

/// A model of a kind that hears.
package protocol HearingModel: StoredModel {
    /// The front end whose features the network takes.
    var frontEnd: FrontEndConfiguration { get }

    /// How features are normalized before the network takes them.
    var normalizer: FeatureNormalizer { get }
}

extension HearingModel {
    /// Makes sure that this model takes the features of a front end, for instance those that it is to be trained on.
    ///
    /// - Throws: ``ModelError/otherFrontEnd(differences:)``, which names each setting that differs, with the model's
    ///   value and the expected one.
    package func requireFrontEnd(_ expected: FrontEndConfiguration) throws(ModelError) {
        guard frontEnd != expected else { return }
        throw .otherFrontEnd(differences: frontEnd.differences(from: expected))
    }
}

extension CommandModel: HearingModel {}
extension SpeechModel: HearingModel {}
extension IntentModel: StoredModel {}
