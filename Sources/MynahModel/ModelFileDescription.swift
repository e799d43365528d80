internal import FoundationEssentials
internal import MynahBase
internal import MynahFeatures
internal import MynahNetwork

/// Everything in a model file of one kind beside the weights, in the form in which it is written there.
protocol ModelFileDescription: Codable, Sendable {
    /// The kind of the model.
    static var kind: ModelKind { get }

    /// Shape of the network.
    var network: NetworkDescription { get }

    /// Where the model comes from.
    var provenance: TrainingProvenance { get }

    /// Checks what computes the input of the network, which is sound by itself.
    func checkInput() throws(ModelFault)

    /// Checks what only this kind has, after input and network.
    func checkOwnParts() throws(ModelFault)
}

extension ModelFileDescription {
    func checkInput() throws(ModelFault) {}
}

/// The same of a model that hears.
protocol SoundModelDescription: ModelFileDescription {
    /// The front end of training, and the hash of its settings then.
    var frontEnd: FrontEndConfiguration { get }
    var frontEndHash: String { get }

    /// Statistics of the features.
    var normalizer: FeatureNormalizer { get }
}

/// Longest description that is read, in bytes; enough for 10,000 labels.
private let maximumDescriptionByteCount = 4_000_000

extension ModelFileDescription {
    /// The texts that stand in the file.
    func metadata() throws(ModelFault) -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var texts = [
            MetadataKey.format: MetadataKey.formatName, MetadataKey.version: MetadataKey.versionName,
        ]
        if Self.kind != .commands { texts[MetadataKey.kind] = Self.kind.rawValue }
        do {
            texts[MetadataKey.description] = String(decoding: try encoder.encode(self), as: UTF8.self)
        } catch {
            throw .badDescription(reason: String(describing: error))
        }
        return texts
    }

    /// Reads the description from the texts of a file, and checks all that can be checked without the weights.
    static func decode(_ metadata: [String: String]) throws(ModelFault) -> Self {
        func text(_ key: String) throws(ModelFault) -> String {
            guard let text = metadata[key] else { throw .missingMetadata(key: key) }
            return text
        }
        let format = try text(MetadataKey.format)
        guard format == MetadataKey.formatName else { throw .foreignFormat(actual: format) }
        let version = try text(MetadataKey.version)
        guard version == MetadataKey.versionName else {
            throw .unsupportedVersion(actual: version, expected: MetadataKey.versionName)
        }
        guard ModelKind(metadata: metadata) == kind else {
            throw .otherKind(
                actual: metadata[MetadataKey.kind] ?? ModelKind.commands.rawValue, expected: kind.rawValue)
        }
        let json = try text(MetadataKey.description)
        guard json.utf8.count <= maximumDescriptionByteCount else {
            throw .descriptionTooLong(byteCount: json.utf8.count, limit: maximumDescriptionByteCount)
        }
        let description: Self
        do {
            description = try JSONDecoder().decode(Self.self, from: Data(json.utf8))
        } catch FeatureError.invalidNormalizer(let reason) {
            throw .badNormalizer(reason: reason)
        } catch {
            throw .badDescription(reason: reason(of: error))
        }
        try description.check()
        return description
    }

    /// What is wrong with a description, and where.
    private static func reason(of error: any Error) -> String {
        let context: DecodingError.Context
        switch error as? DecodingError {
        case .typeMismatch(_, let place), .valueNotFound(_, let place), .keyNotFound(_, let place),
            .dataCorrupted(let place):
            context = place
        default: return String(String(describing: error).prefix(200))
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        let cause = context.underlyingError.map { " (\(String(describing: $0).prefix(200)))" } ?? ""
        return (path.isEmpty ? "" : "\(path.prefix(200)): ") + context.debugDescription.prefix(200) + cause
    }

    /// Checks every value against its range and against the others.
    func check() throws(ModelFault) {
        try network.check()
        try checkInput()
        try checkOwnParts()
        try provenance.check()
    }
}

extension SoundModelDescription {
    /// The settings that differ from those of training, if these were a preset; from another hash nothing can be told.
    private var differencesFromTraining: [String] {
        for sampleRate in [frontEnd.sampleRate, 16_000] where sampleRate >= 8_000 {
            let presets = FrontEndPreset.allCases.map { $0.configuration(sampleRate: sampleRate) }
            if let preset = presets.first(where: { $0.settingsHash == frontEndHash }) {
                return frontEnd.differences(from: preset)
            }
        }
        return []
    }

    func checkInput() throws(ModelFault) {
        try frontEnd.check()
        let computed = frontEnd.settingsHash
        guard frontEndHash == computed else {
            throw .frontEndHashMismatch(
                stored: frontEndHash, computed: computed, differences: differencesFromTraining)
        }
        guard !network.readsRows, network.stepClassCount == nil else {
            throw .badNetwork(reason: "it reads words or labels them, expected one that reads sound")
        }
        guard frontEnd.featureCount == network.inputSize else {
            throw .featureCount(frontEnd: frontEnd.featureCount, network: network.inputSize)
        }
        guard normalizer.featureCount == network.inputSize else {
            throw .normalizerSize(actual: normalizer.featureCount, expected: network.inputSize)
        }
    }
}
