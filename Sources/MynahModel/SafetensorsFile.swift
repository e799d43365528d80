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
        let reader = try SafetensorsReader(opening: path)
        self = try reader.readData()
    }

    /// Reads a file from memory; `name` stands for it in errors.
    public init(bytes: [UInt8], name: String) throws(ModelError) {
        header = try ModelError.naming(name) { () throws(SafetensorsFault) in
            try SafetensorsHeader(parsing: bytes, fileByteCount: bytes.count)
        }
        self.bytes = bytes
    }

    /// The values of a tensor, `[product of shape]`, row-major; nil if there is no tensor of this name.
    public func values(of name: String) -> [Float]? {
        guard let tensor = header.tensors.first(where: { $0.name == name }) else { return nil }
        return [Float](unsafeUninitializedCapacity: tensor.valueCount) { buffer, count in
            copy(tensor, to: UnsafeMutableRawBufferPointer(buffer))
            count = tensor.valueCount
        }
    }

    /// Copies the values of a tensor of this file to memory of exactly their size.
    ///
    /// Values are little-endian in the file, as on every machine that Swift on Linux runs on.
    func copy(_ tensor: SafetensorsHeader.Tensor, to destination: UnsafeMutableRawBufferPointer) {
        precondition(
            destination.count == tensor.byteRange.count,
            "\(destination.count) bytes of memory for \(tensor.byteRange.count) bytes of \(tensor.name)")
        bytes.withUnsafeBytes { destination.copyMemory(from: .init(rebasing: $0[tensor.byteRange])) }
    }

    /// Writes the file under a temporary name and renames it, so that `path` never holds half a file.
    ///
    /// On an error nothing is left behind, and what stood at `path` before is untouched.
    public func write(to path: String) throws(ModelError) {
        try AtomicFile.write(bytes, to: path)
    }
}

/// A safetensors file whose header is read and checked and whose data is not.
struct SafetensorsReader: ~Copyable {
    /// Names, shapes and places of the tensors, and the metadata.
    let header: SafetensorsHeader

    private let file: RegularFile
    private let headerBytes: [UInt8]

    /// Opens a file and reads its header.
    init(opening path: String) throws(ModelError) {
        let file = try RegularFile(opening: path)
        var bytes: [UInt8] = []
        try file.read(min(file.byteCount, SafetensorsHeader.lengthByteCount), appendingTo: &bytes)
        let length = try ModelError.naming(path) { () throws(SafetensorsFault) in
            try SafetensorsHeader.readLength(bytes, fileByteCount: file.byteCount)
        }
        try file.read(length, appendingTo: &bytes)
        header = try ModelError.naming(path) { () throws(SafetensorsFault) in
            try SafetensorsHeader(parsing: bytes, fileByteCount: file.byteCount)
        }
        headerBytes = bytes
        self.file = file
    }

    /// Reads the data.
    consuming func readData() throws(ModelError) -> SafetensorsFile {
        var bytes = headerBytes
        bytes.reserveCapacity(file.byteCount)
        try file.read(file.byteCount - bytes.count, appendingTo: &bytes)
        return SafetensorsFile(header: header, bytes: bytes)
    }
}
