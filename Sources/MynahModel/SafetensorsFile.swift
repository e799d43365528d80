import MynahBase

/// The content of a safetensors file.
///
/// Every instance is sound: the header is checked against the data when it is made.
package struct SafetensorsFile: Sendable {
    /// One tensor that is to be written.
    package struct NamedTensor: Sendable {
        /// Unique name, not `__metadata__`.
        package let name: String

        /// Kind of its values.
        package let dataType: SafetensorsDataType

        /// Sizes of the dimensions, row-major.
        package let shape: [Int]

        /// Its values, `[product of shape]`, row-major and little-endian.
        package let bytes: [UInt8]

        /// Wraps values; traps unless they fill the shape.
        package init(name: String, shape: [Int], values: ArraySlice<Float>) {
            self.init(
                name: name, dataType: .float32, shape: shape, bytes: values.withUnsafeBytes { Array($0) })
        }

        /// Wraps values of any kind, row-major and little-endian; traps unless they fill the shape.
        package init(name: String, dataType: SafetensorsDataType, shape: [Int], bytes: [UInt8]) {
            precondition(
                shape.reduce(dataType.byteCount, *) == bytes.count,
                "\(bytes.count) bytes for tensor \(name) of \(dataType.rawValue) and shape \(shape)")
            self.name = name
            self.dataType = dataType
            self.shape = shape
            self.bytes = bytes
        }
    }

    /// Names, shapes and places of the tensors, and the metadata.
    package let header: SafetensorsHeader

    /// `[byteCount]`, all bytes of the file.
    package let bytes: [UInt8]

    /// Wraps what a reader has checked.
    init(header: SafetensorsHeader, bytes: [UInt8]) {
        self.header = header
        self.bytes = bytes
    }

    /// Reads a file: the header first, and the data only when the header is sound.
    package init(contentsOf path: String) throws(ModelError) {
        self = try SafetensorsReader(opening: path).readAll()
    }

    /// Reads a file from memory; `name` stands for it in errors.
    package init(bytes: [UInt8], name: String) throws(ModelError) {
        header = try ModelError.naming(name) { () throws(SafetensorsFault) in
            try SafetensorsHeader(parsing: bytes, fileByteCount: bytes.count)
        }
        self.bytes = bytes
    }

    /// The values of a tensor of 32-bit floating point, `[product of shape]`, row-major; nil if there is none of this name.
    ///
    /// Values are little-endian in the file, as on every machine that Swift on Linux runs on.
    package func values(of name: String) -> [Float]? {
        guard let tensor = header.tensors.first(where: { $0.name == name }), tensor.dataType == .float32
        else { return nil }
        return [Float](unsafeUninitializedCapacity: tensor.valueCount) { buffer, count in
            bytes.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: .init(rebasing: $0[tensor.byteRange]))
            }
            count = tensor.valueCount
        }
    }

    /// The values of a tensor of any kind, as they lie in the file: row-major and little-endian; nil if there is none of
    /// this name.
    package func bytes(of name: String) -> ArraySlice<UInt8>? {
        header.tensors.first { $0.name == name }.map { bytes[$0.byteRange] }
    }

    /// Writes the file under a temporary name and renames it, so that `path` never holds half a file.
    ///
    /// On an error nothing is left behind, and what stood at `path` before is untouched.
    package func write(to path: String) throws(ModelError) {
        try ModelError.ofFile { () throws(FileError) in try AtomicFile.write(bytes, to: path) }
    }
}
