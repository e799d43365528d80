internal import FoundationEssentials
internal import MynahBase
internal import MynahFeatures
internal import MynahNetwork

/// Everything in a model file beside the weights, in the form in which it is written there.
struct ModelDescription: Codable, Sendable {
    /// Longest description that is read, in bytes; enough for 10,000 labels.
    static let maximumByteCount = 4_000_000

    /// Longest label, in bytes of UTF-8.
    static let maximumLabelByteCount = 128

    /// The metadata texts that every model file has.
    private enum MetadataKey {
        static let format = "format"
        static let version = "version"
        static let description = "description"
    }

    private static let format = "mynah"
    private static let version = "1"

    var labels: [String]
    var frontEnd: FrontEndConfiguration
    var frontEndHash: String
    var normalizer: FeatureNormalizer
    var clipSampleCount: Int

    /// Files written before models had one lack it.
    var temperature: Float?
    var network: NetworkDescription
    var provenance: TrainingProvenance
    var detection: DetectionSettings?
    var statePaths: StatePaths?
    var earlyCalibration: EarlyCalibration?

    /// The texts that stand in the file.
    func metadata() throws(ModelFault) -> [String: String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [
                MetadataKey.format: Self.format,
                MetadataKey.version: Self.version,
                MetadataKey.description: String(decoding: try encoder.encode(self), as: UTF8.self),
            ]
        } catch {
            throw .badDescription(reason: String(describing: error))
        }
    }

    /// Whether the texts of a file say that it is a model of Mynah.
    static func isNamed(in metadata: [String: String]) -> Bool { metadata[MetadataKey.format] == format }

    /// Reads the description from the texts of a file, and checks all that can be checked without the weights.
    static func decode(_ metadata: [String: String]) throws(ModelFault) -> ModelDescription {
        func text(_ key: String) throws(ModelFault) -> String {
            guard let text = metadata[key] else { throw .missingMetadata(key: key) }
            return text
        }
        let format = try text(MetadataKey.format)
        guard format == Self.format else { throw .foreignFormat(actual: format) }
        let version = try text(MetadataKey.version)
        guard version == Self.version else {
            throw .unsupportedVersion(actual: version, expected: Self.version)
        }
        let json = try text(MetadataKey.description)
        guard json.utf8.count <= maximumByteCount else {
            throw .descriptionTooLong(byteCount: json.utf8.count, limit: maximumByteCount)
        }
        let description: ModelDescription
        do {
            description = try JSONDecoder().decode(ModelDescription.self, from: Data(json.utf8))
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

    /// Checks every value against its range and against the others.
    func check() throws(ModelFault) {
        try frontEnd.check()
        let computed = frontEnd.settingsHash
        guard frontEndHash == computed else {
            throw .frontEndHashMismatch(
                stored: frontEndHash, computed: computed, differences: differencesFromTraining)
        }
        try network.check()
        guard frontEnd.featureCount == network.inputSize else {
            throw .featureCount(frontEnd: frontEnd.featureCount, network: network.inputSize)
        }
        guard normalizer.featureCount == network.inputSize else {
            throw .normalizerSize(actual: normalizer.featureCount, expected: network.inputSize)
        }
        // From 10 ms to 10 minutes.
        let allowed = frontEnd.sampleRate / 100...frontEnd.sampleRate * 600
        guard allowed.contains(clipSampleCount) else {
            throw .clipSampleCount(actual: clipSampleCount, allowed: allowed)
        }
        let frameCount = frontEnd.frameCount(sampleCount: clipSampleCount)
        try network.check(frameCount: frameCount)
        let temperature = temperature ?? 1
        guard CommandModel.allowedTemperatures.contains(temperature) else {
            throw .temperature(actual: temperature, allowed: CommandModel.allowedTemperatures)
        }
        try checkLabels()
        try provenance.check()
        if let fault = detection?.fault(labels: labels) { throw .badDetection(reason: fault) }
        if let fault = statePaths?.fault(stateSize: network.stateSize, labelCount: labels.count) {
            throw .badStatePaths(reason: fault)
        }
        if let fault = earlyCalibration?.fault(
            decisionCount: network.stepCount(frameCount: frameCount), isCausal: network.isCausal)
        {
            throw .badEarlyCalibration(reason: fault)
        }
    }

    private func checkLabels() throws(ModelFault) {
        guard labels.count == network.classCount else {
            throw .labelCount(actual: labels.count, expected: network.classCount)
        }
        var seen: Set<String> = []
        for (index, label) in labels.enumerated() {
            if let fault = Self.fault(ofLabel: label, at: index) { throw fault }
            guard seen.insert(label).inserted else { throw .duplicateLabel(label: label) }
        }
    }

    private static func fault(ofLabel label: String, at index: Int) -> ModelFault? {
        let byteCount = label.utf8.count
        if label.isEmpty { return .emptyLabel(index: index) }
        if byteCount > maximumLabelByteCount {
            return .labelTooLong(index: index, byteCount: byteCount, limit: maximumLabelByteCount)
        }
        // A word may be named after a folder whose name is not UTF-8.
        return label.escapingUndecodedBytes.isPrintable ? nil : .unprintableLabel(index: index, label: label)
    }

    /// Whether a model can have a label of this name.
    static func canKeep(label: String) -> Bool { fault(ofLabel: label, at: 0) == nil }
}
