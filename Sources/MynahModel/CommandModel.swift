import MynahBase
package import MynahFeatures
package import MynahNetwork

/// A trained model with everything that recognition needs: one value, one file.
///
/// Every instance is sound: initializers check all parts against each other, wherever they come from.
public struct CommandModel: Sendable {
    private let file: ModelFile<ModelDescription>

    /// All parts but the weights.
    var description: ModelDescription { file.description }

    /// `[C]`, what each class is called: unique, printable, 1 to 128 bytes of UTF-8.
    public var labels: [String] { description.labels }

    /// Settings of the front end that computes the features.
    package var frontEnd: FrontEndConfiguration { description.frontEnd }

    /// Samples per second that the network hears, in Hz; other sounds are converted.
    public var sampleRate: Int { frontEnd.sampleRate }

    /// Length of the window that the network hears, in seconds.
    public var clipSeconds: Double { Double(clipSampleCount) / Double(sampleRate) }

    /// SHA-256 over the settings of the front end, as 64 hexadecimal digits.
    package var frontEndHash: String { description.frontEndHash }

    /// Statistics of the features, one mean and one positive standard deviation per input of the network.
    package var normalizer: FeatureNormalizer { description.normalizer }

    /// Length of the clips that the network was trained on, in samples at `frontEnd.sampleRate`.
    package var clipSampleCount: Int { description.clipSampleCount }

    /// What the logits are divided by before they become probabilities, in `allowedTemperatures`; 1 leaves them.
    ///
    /// Above 1 the model is less sure of itself, below 1 surer; what it hears is the same. Source: C. Guo et al., "On
    /// calibration of modern neural networks", ICML 2017.
    package var temperature: Float { description.temperature ?? 1 }

    /// Shape of the network.
    package var network: NetworkDescription { description.network }

    /// `[network.parameterLayout.parameterCount]`, the weights in the order of that layout; all finite.
    package var parameters: [Float] { file.parameters }

    /// Where the model comes from.
    package var provenance: TrainingProvenance { description.provenance }

    /// When a word counts as detected in a stream; nil in a model without thresholds of its own.
    public var detection: DetectionSettings? { description.detection }

    /// When a word counts as said in a stream, for a strictness; nil where the model has no such settings.
    public func detection(_ strictness: Strictness) -> DetectionSettings? { description[strictness] }

    /// When a word counts as said in a stream, for a strictness that somebody has asked for: Mynah's own settings where a model
    /// has none at all, and the usual ones are meant.
    ///
    /// - Parameter name: what an error calls the model.
    /// - Throws: ``ModelError/noThresholds(model:strictness:)``.
    package func requiredDetection(
        _ strictness: Strictness, name: String
    ) throws(ModelError) -> DetectionSettings {
        if let settings = detection(strictness) { return settings }
        guard strictness == .usual else { throw .noThresholds(model: name, strictness: strictness) }
        return DetectionSettings()
    }

    /// Where the state goes while the network hears each word; nil in a model that was not calibrated.
    package var statePaths: StatePaths? { description.statePaths }

    /// What makes the posteriors of a clip that is not over yet believable; nil in a model that was not calibrated.
    package var earlyCalibration: EarlyCalibration? { description.earlyCalibration }

    /// What a speech model has spelled of the recordings that its words were taught by; nil where none was asked.
    package var spellings: Spellings? { description.spellings }

    /// The network with its weights laid out for recognition.
    ///
    /// That is done once, when it is first asked for; copies of the model, and all that recognize with it, share it.
    package var preparedNetwork: PreparedNetwork { file.preparedNetwork }

    /// Puts a model together.
    ///
    /// Traps unless there is one parameter for each place of the layout. Throws `ModelError.invalidModel` when a part
    /// is out of range or does not fit to the others, for instance when a weight is not finite.
    package init(
        labels: [String], frontEnd: FrontEndConfiguration, normalizer: FeatureNormalizer,
        clipSampleCount: Int,
        network: NetworkDescription, parameters: [Float], provenance: TrainingProvenance,
        temperature: Float = 1, detection: DetectionSettings? = nil, statePaths: StatePaths? = nil,
        earlyCalibration: EarlyCalibration? = nil
    ) throws(ModelError) {
        try self.init(
            ModelDescription(
                labels: labels, frontEnd: frontEnd, frontEndHash: frontEnd.settingsHash,
                normalizer: normalizer, clipSampleCount: clipSampleCount, temperature: temperature,
                network: network, provenance: provenance, detection: detection,
                statePaths: statePaths, earlyCalibration: earlyCalibration),
            parameters: parameters)
    }

    /// Puts a model together from its description and weights, as the other initializer does.
    init(_ description: ModelDescription, parameters: [Float]) throws(ModelError) {
        file = try ModelFile(description, parameters: parameters)
    }

    /// Reads a model file.
    ///
    /// Header, description and tensor shapes are checked before the weights are read.
    ///
    /// - Throws: ``ModelError/file(_:)`` when the file cannot be read, ``ModelError/notSafetensors(file:fault:)`` or
    ///   ``ModelError/invalidModel(file:fault:)`` when it holds no model that can be used.
    public init(contentsOf path: String) throws(ModelError) {
        file = try ModelFile(contentsOf: path)
    }

    /// Reads a model file from memory, for instance one built into the program; `name` stands for it in errors.
    ///
    /// - Throws: ``ModelError/notSafetensors(file:fault:)`` or ``ModelError/invalidModel(file:fault:)`` when the bytes are no
    ///   model that can be used.
    public init(bytes: RawSpan, name: String) throws(ModelError) {
        file = try ModelFile(bytes: bytes, name: name)
    }

    /// Whether a model can have a label of this name: printable, 1 to 128 bytes of UTF-8.
    package static func canKeep(label: String) -> Bool { ModelDescription.canKeep(label: label) }

    /// Writes the model under a temporary name and renames it, so that `path` never holds half a model.
    ///
    /// On an error nothing is left behind, and what stood at `path` before is untouched. A model that was read is
    /// written as it was, byte for byte.
    ///
    /// - Throws: ``ModelError/file(_:)`` when the file cannot be written.
    public func write(to path: String) throws(ModelError) { try file.write(to: path) }

    /// `[fileByteCount]`, the model as a file; put together at each call.
    package var fileBytes: [UInt8] { file.fileBytes }

    /// SHA-256 of the model file, as 64 hexadecimal digits: what `sha256sum` prints.
    ///
    /// Computed at each call, at some milliseconds per megabyte.
    public var hash: String { file.hash }
}
