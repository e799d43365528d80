import MynahBase
package import MynahFeatures
package import MynahNetwork
internal import Synchronization

/// A trained model with everything that recognition needs: one value, one file.
///
/// Every instance is sound: initializers check all parts against each other, wherever they come from.
public struct CommandModel: Sendable {
    /// All parts but the weights.
    let description: ModelDescription

    /// `[network.classCount]`, what each class is called: unique, printable, 1 to 128 bytes of UTF-8.
    public var labels: [String] { description.labels }

    /// Settings of the front end that computes the features.
    package var frontEnd: FrontEndConfiguration { description.frontEnd }

    /// SHA-256 over the settings of the front end, as 64 hexadecimal digits.
    public var frontEndHash: String { description.frontEndHash }

    /// Statistics of the features, one mean and one positive standard deviation per input of the network.
    package var normalizer: FeatureNormalizer { description.normalizer }

    /// Length of the clips that the network was trained on, in samples at `frontEnd.sampleRate`.
    public var clipSampleCount: Int { description.clipSampleCount }

    /// What the logits are divided by before they become probabilities, in `allowedTemperatures`; 1 leaves them.
    ///
    /// Above 1 the model is less sure of itself, below 1 surer; what it hears is the same. Source: C. Guo et al., "On
    /// calibration of modern neural networks", ICML 2017.
    public var temperature: Float { description.temperature ?? 1 }

    /// Shape of the network.
    package var network: NetworkDescription { description.network }

    /// `[network.parameterLayout.parameterCount]`, the weights in the order of that layout; all finite.
    public let parameters: [Float]

    /// Where the model comes from.
    package var provenance: TrainingProvenance { description.provenance }

    /// When a word counts as detected in a stream; nil in a model without thresholds of its own.
    public var detection: DetectionSettings? { description.detection }

    /// Where the state goes while the network hears each word; nil in a model that was not calibrated.
    package var statePaths: StatePaths? { description.statePaths }

    /// What makes the posteriors of a clip that is not over yet believable; nil in a model that was not calibrated.
    package var earlyCalibration: EarlyCalibration? { description.earlyCalibration }

    /// The header as it stands in the file, with its length in front.
    private let headerBytes: [UInt8]

    /// Where the weight tensors lie in the file, in the order of the layout; they cover it from the header to the end.
    private let tensors: [SafetensorsHeader.Tensor]

    /// The network with its weights laid out, once it was asked for.
    private let preparation: Preparation

    private final class Preparation: Sendable {
        let network = Mutex<PreparedNetwork?>(nil)
    }

    /// The network with its weights laid out for recognition.
    ///
    /// That is done once, when it is first asked for; copies of the model, and all that recognize with it, share it.
    package var preparedNetwork: PreparedNetwork {
        preparation.network.withLock { prepared in
            if let prepared { return prepared }
            do {
                let network = try PreparedNetwork(network, parameters: parameters)
                prepared = network
                return network
            } catch {
                preconditionFailure("the network was validated with the model: \(error)")
            }
        }
    }

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
        let contents = try ModelError.naming(nil) { () throws(ModelFault) in
            try description.check()
            let layout = description.network.parameterLayout
            precondition(
                parameters.count == layout.parameterCount,
                "\(parameters.count) parameters for a network of \(layout.parameterCount)")
            try Self.checkFinite(parameters, layout)
            let file = SafetensorsFile(
                tensors: layout.entries.map {
                    .init(name: $0.name, shape: $0.shape, values: parameters[$0.range])
                },
                metadata: try description.metadata())
            let headerByteCount = file.bytes.count - parameters.count * MemoryLayout<Float>.stride
            return ModelContents(
                description: description, layout: layout,
                tensors: try ModelContents.match(file.header, layout),
                headerBytes: Array(file.bytes[..<headerByteCount]))
        }
        self.init(contents, parameters: parameters)
    }

    /// Reads a model file.
    ///
    /// Header, description and tensor shapes are checked before the weights are read.
    public init(contentsOf path: String) throws(ModelError) {
        let reader = try SafetensorsReader(opening: path)
        let contents = try ModelError.naming(path) { () throws(ModelFault) in
            try ModelContents(of: reader.header, headerBytes: reader.headerBytes)
        }
        try self.init(contents, name: path) { (tensor, memory) throws(ModelError) in
            try reader.read(tensor, into: memory)
        }
    }

    /// Whether the file at `path` is a model that Mynah has written, of whatever version; its header alone is read.
    package static func isModel(at path: String) -> Bool {
        guard let reader = try? SafetensorsReader(opening: path) else { return false }
        return ModelDescription.isNamed(in: reader.header.metadata)
    }

    /// Reads a model file from memory, for instance one built into the program; `name` stands for it in errors.
    public init(bytes: RawSpan, name: String) throws(ModelError) {
        self = try bytes.withUnsafeBytes { buffer throws(ModelError) in
            let (header, headerBytes) = try ModelError.naming(name) { () throws(SafetensorsFault) in
                let length = try SafetensorsHeader.readLength(
                    Array(buffer.prefix(SafetensorsHeader.lengthByteCount)), fileByteCount: buffer.count)
                let bytes = Array(buffer.prefix(SafetensorsHeader.lengthByteCount + length))
                return (try SafetensorsHeader(parsing: bytes, fileByteCount: buffer.count), bytes)
            }
            let contents = try ModelError.naming(name) { () throws(ModelFault) in
                try ModelContents(of: header, headerBytes: headerBytes)
            }
            return try CommandModel(contents, name: name) { (tensor, memory) in
                memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[tensor.byteRange]))
            }
        }
    }

    private init(
        _ contents: ModelContents, name: String,
        read: (SafetensorsHeader.Tensor, UnsafeMutableRawBufferPointer) throws(ModelError) -> Void
    ) throws(ModelError) {
        let layout = contents.layout
        let parameters = try [Float](capacity: layout.parameterCount) {
            (output: inout OutputSpan<Float>) throws(ModelError) in
            try output.withUnsafeMutableBufferPointer { (buffer, count) throws(ModelError) in
                for (tensor, entry) in zip(contents.tensors, layout.entries) {
                    try read(tensor, UnsafeMutableRawBufferPointer(buffer.extracting(entry.range)))
                }
                count = layout.parameterCount
            }
        }
        try ModelError.naming(name) { () throws(ModelFault) in
            try Self.checkFinite(parameters, layout)
        }
        self.init(contents, parameters: parameters)
    }

    private init(_ contents: ModelContents, parameters: [Float]) {
        description = contents.description
        headerBytes = contents.headerBytes
        tensors = contents.tensors
        preparation = Preparation()
        self.parameters = parameters
    }

    /// Whether a model can have a label of this name: printable, 1 to 128 bytes of UTF-8.
    package static func canKeep(label: String) -> Bool { ModelDescription.canKeep(label: label) }

    /// Makes sure that this model takes the features of a front end, for instance those that it is to be trained on.
    ///
    /// - Throws: ``ModelError/otherFrontEnd(differences:)``, which names each setting that differs, with the model's
    ///   value and the expected one.
    package func requireFrontEnd(_ expected: FrontEndConfiguration) throws(ModelError) {
        guard frontEnd != expected else { return }
        throw .otherFrontEnd(differences: frontEnd.differences(from: expected))
    }

    /// Writes the model under a temporary name and renames it, so that `path` never holds half a model.
    ///
    /// On an error nothing is left behind, and what stood at `path` before is untouched. A model that was read is
    /// written as it was, byte for byte.
    public func write(to path: String) throws(ModelError) {
        try ModelError.ofFile { () throws(FileError) in try AtomicFile.write(fileBytes, to: path) }
    }

    /// `[fileByteCount]`, the model as a file; put together at each call.
    public var fileBytes: [UInt8] {
        let byteCount = headerBytes.count + parameters.count * MemoryLayout<Float>.stride
        return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            memory.copyBytes(from: headerBytes)
            parameters.withUnsafeBufferPointer { values in
                for (tensor, entry) in zip(tensors, network.parameterLayout.entries) {
                    UnsafeMutableRawBufferPointer(rebasing: memory[tensor.byteRange])
                        .copyMemory(from: UnsafeRawBufferPointer(values.extracting(entry.range)))
                }
            }
            count = byteCount
        }
    }

    /// SHA-256 of the model file, as 64 hexadecimal digits: what `sha256sum` prints.
    ///
    /// Computed at each call, at some milliseconds per megabyte.
    public var hash: String { SHA256.hexDigest(of: fileBytes) }

    private static func checkFinite(_ parameters: [Float], _ layout: ParameterLayout) throws(ModelFault) {
        guard !parameters.allFinite else { return }
        for entry in layout.entries {
            for index in entry.range where !parameters[index].isFinite {
                throw .notFinite(
                    tensor: entry.name, index: index - entry.range.lowerBound, value: parameters[index])
            }
        }
    }
}

extension [Float] {
    /// Whether no value is infinite or NaN.
    ///
    /// The exponents of those have all eight bits set, so that adding one to the exponent carries into the sign bit.
    /// Only bitwise operations and one addition per value, which the compiler turns into vector instructions.
    fileprivate var allFinite: Bool {
        var carries: UInt32 = 0
        for value in self {
            carries |= (value.bitPattern & 0x7F80_0000) &+ 0x0080_0000
        }
        return carries & 0x8000_0000 == 0
    }
}
