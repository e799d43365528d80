public import MynahFeatures
public import MynahNetwork

/// A trained model with everything that recognition needs: one value, one file.
///
/// Every instance is sound: initializers check all parts against each other, wherever they come from.
public struct CommandModel: Sendable {
    /// `[network.classCount]`, what each class is called: unique, printable, 1 to 128 bytes of UTF-8.
    public let labels: [String]

    /// Settings of the front end that computes the features.
    public let frontEnd: MFCCConfiguration

    /// SHA-256 over the settings of the front end, as 64 hexadecimal digits.
    public let frontEndHash: String

    /// Statistics of the features, one mean and one positive standard deviation per input of the network.
    public let normalizer: FeatureNormalizer

    /// Length of the clips that the network was trained on, in samples at `frontEnd.sampleRate`.
    public let clipSampleCount: Int

    /// Shape of the network.
    public let network: NetworkDescription

    /// `[network.parameterLayout.parameterCount]`, the weights in the order of that layout; all finite.
    public let parameters: [Float]

    /// Where the model comes from.
    public let provenance: TrainingProvenance

    private let file: SafetensorsFile

    /// Puts a model together.
    ///
    /// Traps unless there is one parameter for each place of the layout. Throws `ModelError.invalidModel` when a part
    /// is out of range or does not fit to the others, for instance when a weight is not finite.
    public init(
        labels: [String], frontEnd: MFCCConfiguration, normalizer: FeatureNormalizer, clipSampleCount: Int,
        network: NetworkDescription, parameters: [Float], provenance: TrainingProvenance
    ) throws(ModelError) {
        let (description, file) = try ModelError.naming(nil) {
            () throws(ModelFault) -> (ModelDescription, SafetensorsFile) in
            let description = ModelDescription(
                labels: labels, frontEnd: frontEnd, frontEndHash: try frontEnd.settingsHash(),
                normalizer: normalizer, clipSampleCount: clipSampleCount, network: network,
                provenance: provenance)
            try description.check()
            let layout = network.parameterLayout
            precondition(
                parameters.count == layout.parameterCount,
                "\(parameters.count) parameters for a network of \(layout.parameterCount)")
            try Self.checkFinite(parameters, layout)
            let tensors = layout.entries.map {
                SafetensorsFile.NamedTensor(
                    name: $0.name, shape: $0.shape, values: parameters[$0.range])
            }
            return (description, SafetensorsFile(tensors: tensors, metadata: try description.metadata()))
        }
        self.init(description, parameters: parameters, file: file)
    }

    /// Reads a model file.
    ///
    /// Header, description and tensor shapes are checked before the weights are read.
    public init(contentsOf path: String) throws(ModelError) {
        let reader = try SafetensorsReader(opening: path)
        let contents = try Contents(of: reader.header, name: path)
        try self.init(contents, file: try reader.readData(), name: path)
    }

    /// Reads a model file from memory, for instance one built into the program; `name` stands for it in errors.
    public init(bytes: RawSpan, name: String) throws(ModelError) {
        let file = try SafetensorsFile(bytes: bytes.withUnsafeBytes { Array($0) }, name: name)
        try self.init(try Contents(of: file.header, name: name), file: file, name: name)
    }

    /// Writes the model under a temporary name and renames it, so that `path` never holds half a model.
    ///
    /// On an error nothing is left behind, and what stood at `path` before is untouched. A model that was read is
    /// written as it was, byte for byte.
    public func write(to path: String) throws(ModelError) {
        try file.write(to: path)
    }

    /// `[fileByteCount]`, the model as a file.
    public var fileBytes: [UInt8] { file.bytes }

    /// SHA-256 of the model file, as 64 hexadecimal digits: what `sha256sum` prints.
    ///
    /// Computed at each call, at a few milliseconds per megabyte.
    public var hash: String { SHA256.hexDigest(of: file.bytes) }

    private init(_ description: ModelDescription, parameters: [Float], file: SafetensorsFile) {
        labels = description.labels
        frontEnd = description.frontEnd
        frontEndHash = description.frontEndHash
        normalizer = description.normalizer
        clipSampleCount = description.clipSampleCount
        network = description.network
        provenance = description.provenance
        self.parameters = parameters
        self.file = file
    }

    private init(_ contents: Contents, file: SafetensorsFile, name: String) throws(ModelError) {
        let layout = contents.description.network.parameterLayout
        let parameters = [Float](unsafeUninitializedCapacity: layout.parameterCount) { buffer, count in
            for (tensor, entry) in zip(contents.tensors, layout.entries) {
                file.copy(tensor, to: UnsafeMutableRawBufferPointer(buffer.extracting(entry.range)))
            }
            count = layout.parameterCount
        }
        try ModelError.naming(name) { () throws(ModelFault) in
            try Self.checkFinite(parameters, layout)
        }
        self.init(contents.description, parameters: parameters, file: file)
    }

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

/// What the header of a model file says, checked in full.
private struct Contents {
    let description: ModelDescription

    /// The weight tensors, in the order of the layout.
    let tensors: [SafetensorsHeader.Tensor]

    init(of header: SafetensorsHeader, name: String) throws(ModelError) {
        (description, tensors) = try ModelError.naming(name) {
            () throws(ModelFault) -> (ModelDescription, [SafetensorsHeader.Tensor]) in
            let description = try ModelDescription.decode(header.metadata)
            return (description, try Self.match(header, description.network.parameterLayout))
        }
    }

    private static func match(
        _ header: SafetensorsHeader, _ layout: ParameterLayout
    ) throws(ModelFault) -> [SafetensorsHeader.Tensor] {
        var named = Dictionary(uniqueKeysWithValues: header.tensors.map { ($0.name, $0) })
        var tensors: [SafetensorsHeader.Tensor] = []
        for entry in layout.entries {
            guard let tensor = named.removeValue(forKey: entry.name) else {
                throw .missingTensor(name: entry.name)
            }
            guard tensor.shape == entry.shape else {
                throw .tensorShape(name: entry.name, actual: tensor.shape, expected: entry.shape)
            }
            tensors.append(tensor)
        }
        if let extra = named.keys.min() { throw .extraTensor(name: extra) }
        return tensors
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
