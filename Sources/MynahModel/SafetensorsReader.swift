/// A safetensors file on disk whose header is read and checked and whose data is not.
struct SafetensorsReader: ~Copyable {
    /// Names, shapes and places of the tensors, and the metadata.
    let header: SafetensorsHeader

    /// The header as it stands in the file, with its length in front.
    let headerBytes: [UInt8]

    private let file: RegularFile

    /// Opens a file and reads its header.
    init(opening path: String) throws(ModelError) {
        let file = try RegularFile(opening: path)
        let byteCount = file.byteCount
        var bytes: [UInt8] = []
        try file.read(upTo: min(byteCount, SafetensorsHeader.lengthByteCount), appendingTo: &bytes)
        let lengthBytes = bytes
        let length = try ModelError.naming(path) { () throws(SafetensorsFault) in
            try SafetensorsHeader.readLength(lengthBytes, fileByteCount: byteCount)
        }
        try file.read(upTo: SafetensorsHeader.lengthByteCount + length, appendingTo: &bytes)
        let headerBytes = bytes
        header = try ModelError.naming(path) { () throws(SafetensorsFault) in
            try SafetensorsHeader(parsing: headerBytes, fileByteCount: byteCount)
        }
        self.headerBytes = headerBytes
        self.file = file
    }

    /// Reads the values of a tensor to memory of exactly their size.
    func read(
        _ tensor: SafetensorsHeader.Tensor, into destination: UnsafeMutableRawBufferPointer
    ) throws(ModelError) {
        precondition(
            destination.count == tensor.byteRange.count,
            "\(destination.count) bytes of memory for \(tensor.byteRange.count) bytes of \(tensor.name)")
        try file.read(at: tensor.byteRange.lowerBound, into: destination)
    }

    /// Reads all data.
    func readAll() throws(ModelError) -> SafetensorsFile {
        var bytes = headerBytes
        bytes.reserveCapacity(file.byteCount)
        try file.read(upTo: file.byteCount, appendingTo: &bytes)
        return SafetensorsFile(header: header, bytes: bytes)
    }
}
