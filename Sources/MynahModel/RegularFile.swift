internal import Glibc

/// A regular file, open for reading.
package struct RegularFile: ~Copyable {
    /// Where the file was opened.
    let path: String

    /// Size when it was opened, in bytes.
    package let byteCount: Int

    private let descriptor: CInt

    /// Opens a file, and never waits for a writer as opening a pipe would.
    package init(opening path: String) throws(ModelError) {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if let kind = FileKind(at: path), kind != .regular {
                throw .notRegularFile(file: path, kind: kind.rawValue)
            }
            throw .unreadable(file: path, reason: String(cString: strerror(errno)))
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw .unreadable(file: path, reason: reason)
        }
        let kind = FileKind(status.st_mode)
        guard kind == .regular else {
            close(descriptor)
            throw .notRegularFile(file: path, kind: kind.rawValue)
        }
        self.path = path
        self.byteCount = Int(status.st_size)
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Reads the bytes from `offset` until `destination` is full.
    func read(at offset: Int, into destination: UnsafeMutableRawBufferPointer) throws(ModelError) {
        var filled = 0
        while filled < destination.count {
            let received = pread(
                descriptor, destination.baseAddress?.advanced(by: filled), destination.count - filled,
                offset + filled)
            if received > 0 {
                filled += received
            } else if received == 0 {
                throw .unreadable(file: path, reason: "it became shorter while it was read")
            } else if errno != EINTR {
                throw .unreadable(file: path, reason: String(cString: strerror(errno)))
            }
        }
    }

    /// Reads bytes from the start of the file to the end of `bytes`, which hold what comes before, until they are
    /// `count`.
    package func read(upTo count: Int, appendingTo bytes: inout [UInt8]) throws(ModelError) {
        let offset = bytes.count
        try bytes.append(addingCapacity: count - offset) {
            (output: inout OutputSpan<UInt8>) throws(ModelError) in
            try output.withUnsafeMutableBufferPointer { (buffer, filled) throws(ModelError) in
                let free = UnsafeMutableRawBufferPointer(buffer)
                try read(at: offset, into: .init(rebasing: free[..<(count - offset)]))
                filled = count - offset
            }
        }
    }
}

/// What stands at a path.
enum FileKind: String {
    case regular = "a regular file"
    case directory = "a directory"
    case pipe = "a named pipe"
    case socket = "a socket"
    case characterDevice = "a character device"
    case blockDevice = "a block device"
    case other = "of an unknown kind"

    init(_ mode: mode_t) {
        switch mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFIFO: self = .pipe
        case S_IFSOCK: self = .socket
        case S_IFCHR: self = .characterDevice
        case S_IFBLK: self = .blockDevice
        default: self = .other
        }
    }

    /// The kind of what stands at `path`, symbolic links followed; nil if there is nothing.
    init?(at path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status.st_mode)
    }
}
