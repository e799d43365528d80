import MynahBase

/// A safetensors file on disk whose header is read and checked and whose data is not.
struct SafetensorsReader: ~Copyable {
    /// Names, shapes and places of the tensors, and the metadata.
    let header: SafetensorsHeader

    /// The header as it stands in the file, with its length in front.
    let headerBytes: [UInt8]

    private let file: RegularFile

    /// Opens a file and reads its header.
    init(opening path: String) throws(ModelError) {
        let file: RegularFile
        var bytes: [UInt8] = []
        do throws(FileError) {
            file = try RegularFile(opening: path)
        } catch {
            throw .file(error)
        }
        do throws(FileError) {
            try file.read(upTo: min(file.byteCount, SafetensorsHeader.lengthByteCount), appendingTo: &bytes)
        } catch {
            throw .file(error)
        }
        let byteCount = file.byteCount
        let lengthBytes = bytes
        let length = try ModelError.naming(path) { () throws(SafetensorsFault) in
            try SafetensorsHeader.readLength(lengthBytes, fileByteCount: byteCount)
        }
        do throws(FileError) {
            try file.read(upTo: SafetensorsHeader.lengthByteCount + length, appendingTo: &bytes)
        } catch {
            throw .file(error)
        }
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
        do throws(FileError) {
            try file.read(at: tensor.byteRange.lowerBound, into: destination)
        } catch {
            throw .file(error)
        }
    }

    /// Reads all data.
    func readAll() throws(ModelError) -> SafetensorsFile {
        var bytes = headerBytes
        bytes.reserveCapacity(file.byteCount)
        do throws(FileError) {
            try file.read(upTo: file.byteCount, appendingTo: &bytes)
        } catch {
            throw .file(error)
        }
        return SafetensorsFile(header: header, bytes: bytes)
    }
}
