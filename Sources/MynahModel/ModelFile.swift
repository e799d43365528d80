internal import MynahBase
internal import MynahNetwork
internal import Synchronization

/// A model as it lies in a file: description and weights, checked against each other.
///
/// What every kind of model has in common; a kind adds only its description.
struct ModelFile<Description: ModelFileDescription>: Sendable {
    /// All parts but the weights.
    let description: Description

    /// `[network.parameterLayout.parameterCount]`, the weights in the order of that layout; all finite.
    let parameters: [Float]

    /// The header as it stands in the file, with its length in front.
    private let headerBytes: [UInt8]

    /// Where the weight tensors lie in the file, in the order of the layout; they cover it from the header to the end.
    private let tensors: [SafetensorsHeader.Tensor]

    /// The network with its weights laid out, once it was asked for.
    private let preparation: Preparation

    private final class Preparation: Sendable {
        let network = Mutex<PreparedNetwork?>(nil)
    }

    /// The network with its weights laid out for recognition: done once, when it is first asked for, and shared by copies.
    var preparedNetwork: PreparedNetwork {
        preparation.network.withLock { prepared in
            if let prepared { return prepared }
            do {
                let network = try PreparedNetwork(description.network, parameters: parameters)
                prepared = network
                return network
            } catch {
                preconditionFailure("the network was validated with the model: \(error)")
            }
        }
    }

    /// Puts a model together from its description and weights.
    ///
    /// Traps unless there is one parameter for each place of the layout. Throws `ModelError.invalidModel` when a part
    /// is out of range or does not fit to the others, for instance when a weight is not finite.
    init(_ description: Description, parameters: [Float]) throws(ModelError) {
        let contents = try ModelError.naming(nil) { () throws(ModelFault) in
            try description.check()
            let layout = description.network.parameterLayout
            precondition(
                parameters.count == layout.parameterCount,
                "\(parameters.count) parameters for a network of \(layout.parameterCount)")
            try checkFinite(parameters, layout)
            let file = SafetensorsFile(
                tensors: layout.entries.map {
                    .init(name: $0.name, shape: $0.shape, values: parameters[$0.range])
                },
                metadata: try description.metadata())
            let headerByteCount = file.bytes.count - parameters.count * MemoryLayout<Float>.stride
            return ModelContents(
                description: description, layout: layout,
                tensors: try ModelContents<Description>.match(file.header, layout),
                headerBytes: Array(file.bytes[..<headerByteCount]))
        }
        self.init(contents, parameters: parameters)
    }

    /// Reads a model file.
    ///
    /// Header, description and tensor shapes are checked before the weights are read.
    init(contentsOf path: String) throws(ModelError) {
        let reader = try SafetensorsReader(opening: path)
        let contents = try ModelError.naming(path) { () throws(ModelFault) in
            try ModelContents<Description>(of: reader.header, headerBytes: reader.headerBytes)
        }
        try self.init(contents, name: path) { (tensor, memory) throws(ModelError) in
            try reader.read(tensor, into: memory)
        }
    }

    /// Reads a model file from memory, for instance one built into the program; `name` stands for it in errors.
    init(bytes: RawSpan, name: String) throws(ModelError) {
        self = try bytes.withUnsafeBytes { buffer throws(ModelError) in
            let (header, headerBytes) = try ModelError.naming(name) { () throws(SafetensorsFault) in
                let length = try SafetensorsHeader.readLength(
                    Array(buffer.prefix(SafetensorsHeader.lengthByteCount)), fileByteCount: buffer.count)
                let bytes = Array(buffer.prefix(SafetensorsHeader.lengthByteCount + length))
                return (try SafetensorsHeader(parsing: bytes, fileByteCount: buffer.count), bytes)
            }
            let contents = try ModelError.naming(name) { () throws(ModelFault) in
                try ModelContents<Description>(of: header, headerBytes: headerBytes)
            }
            return try ModelFile(contents, name: name) { (tensor, memory) in
                memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[tensor.byteRange]))
            }
        }
    }

    private init(
        _ contents: ModelContents<Description>, name: String,
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
            try checkFinite(parameters, layout)
        }
        self.init(contents, parameters: parameters)
    }

    private init(_ contents: ModelContents<Description>, parameters: [Float]) {
        description = contents.description
        headerBytes = contents.headerBytes
        tensors = contents.tensors
        preparation = Preparation()
        self.parameters = parameters
    }

    /// Writes the model under a temporary name and renames it, so that `path` never holds half a model.
    ///
    /// On an error nothing is left behind, and what stood at `path` before is untouched. A model that was read is
    /// written as it was, byte for byte.
    func write(to path: String) throws(ModelError) {
        try ModelError.ofFile { () throws(FileError) in try AtomicFile.write(fileBytes, to: path) }
    }

    /// `[fileByteCount]`, the model as a file; put together at each call.
    var fileBytes: [UInt8] {
        let byteCount = headerBytes.count + parameters.count * MemoryLayout<Float>.stride
        return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            memory.copyBytes(from: headerBytes)
            parameters.withUnsafeBufferPointer { values in
                for (tensor, entry) in zip(tensors, description.network.parameterLayout.entries) {
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
    var hash: String { SHA256.hexDigest(of: fileBytes) }
}

private func checkFinite(_ parameters: [Float], _ layout: ParameterLayout) throws(ModelFault) {
    guard !parameters.allFinite else { return }
    for entry in layout.entries {
        for index in entry.range where !parameters[index].isFinite {
            throw .notFinite(
                tensor: entry.name, index: index - entry.range.lowerBound, value: parameters[index])
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
