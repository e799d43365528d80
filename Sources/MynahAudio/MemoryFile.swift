import CSndFile
import Glibc

/// A file in memory that libsndfile writes and then reads.
final class MemoryFile {
    private var bytes: [UInt8] = []
    private var position = 0

    /// The callbacks by which libsndfile works on a file; their last argument is ``pointer``.
    static let callbacks = SF_VIRTUAL_IO(
        get_filelen: { file in sf_count_t(memoryFile(file)?.bytes.count ?? 0) },
        seek: { offset, whence, file in sf_count_t(memoryFile(file)?.seek(Int(offset), whence) ?? -1) },
        read: { destination, count, file in
            guard let destination, let file = memoryFile(file) else { return 0 }
            return sf_count_t(file.read(Int(count), into: destination))
        },
        write: { source, count, file in
            guard let source, let file = memoryFile(file) else { return 0 }
            file.write(UnsafeRawBufferPointer(start: source, count: Int(count)))
            return count
        },
        tell: { file in sf_count_t(memoryFile(file)?.position ?? 0) })

    /// Stands for this file, which must outlive its use.
    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    private func seek(_ offset: Int, _ whence: Int32) -> Int {
        let origin =
            switch whence {
            case SEEK_SET: 0
            case SEEK_CUR: position
            default: bytes.count
            }
        position = max(0, origin + offset)
        return position
    }

    private func read(_ count: Int, into destination: UnsafeMutableRawPointer) -> Int {
        let part = bytes[min(position, bytes.count)..<min(position + count, bytes.count)]
        UnsafeMutableRawBufferPointer(start: destination, count: count).copyBytes(from: part)
        position += part.count
        return part.count
    }

    private func write(_ source: UnsafeRawBufferPointer) {
        let end = position + source.count
        if end > bytes.count { bytes.append(contentsOf: repeatElement(0, count: end - bytes.count)) }
        bytes.replaceSubrange(position..<end, with: source)
        position = end
    }
}

private func memoryFile(_ pointer: UnsafeMutableRawPointer?) -> MemoryFile? {
    pointer.map { Unmanaged<MemoryFile>.fromOpaque($0).takeUnretainedValue() }
}
