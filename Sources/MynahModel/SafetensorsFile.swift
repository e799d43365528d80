import MynahBase

/// The content of a safetensors file whose tensors hold 32-bit floating-point values.
///
/// Every instance is sound: the header is checked against the data when it is made.
public struct SafetensorsFile: Sendable {
    /// One tensor that is to be written.
    public struct NamedTensor: Sendable {
        /// Unique name, not `__metadata__`.
        public let name: String

        /// Sizes of the dimensions, row-major.
        public let shape: [Int]

        /// `[product of shape]`, row-major.
        public let values: ArraySlice<Float>

        /// Wraps values; traps unless they fill the shape.
        public init(name: String, shape: [Int], values: ArraySlice<Float>) {
            precondition(
                shape.reduce(1, *) == values.count,
                "\(values.count) values for tensor \(name) of shape \(shape)")
            self.name = name
            self.shape = shape
            self.values = values
        }
    }

    /// Names, shapes and places of the tensors, and the metadata.
    public let header: SafetensorsHeader

    /// `[byteCount]`, all bytes of the file.
    public let bytes: [UInt8]

    /// Wraps what a reader has checked.
    init(header: SafetensorsHeader, bytes: [UInt8]) {
        self.header = header
        self.bytes = bytes
    }

    /// Reads a file: the header first, and the data only when the header is sound.
    public init(contentsOf path: String) throws(ModelError) {
        self = try SafetensorsReader(opening: path).readAll()
    }

    /// Reads a file from memory; `name` stands for it in errors.
    public init(bytes: [UInt8], name: String) throws(ModelError) {
        header = try ModelError.naming(name) { () throws(SafetensorsFault) in
            try SafetensorsHeader(parsing: bytes, fileByteCount: bytes.count)
        }
        self.bytes = bytes
    }

    /// The values of a tensor, `[product of shape]`, row-major; nil if there is no tensor of this name.
    ///
    /// Values are little-endian in the file, as on every machine that Swift on Linux runs on.
    public func values(of name: String) -> [Float]? {
        guard let tensor = header.tensors.first(where: { $0.name == name }) else { return nil }
        return [Float](unsafeUninitializedCapacity: tensor.valueCount) { buffer, count in
            bytes.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: $0[tensor.byteRange]))
            }
            count = tensor.valueCount
        }
    }

    /// Writes the file under a temporary name and renames it, so that `path` never holds half a file.
    ///
    /// On an error nothing is left behind, and what stood at `path` before is untouched.
    public func write(to path: String) throws(ModelError) {
        try ModelError.ofFile { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
    }
}
