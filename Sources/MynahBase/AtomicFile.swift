import Glibc

/// A file that is written so that at every moment either the old or the new content stands at its path, in full.
///
/// The content goes to a temporary name in the same folder, which ``commit()`` gives the file its own name. Until then
/// what stood at the path is untouched, and without it the temporary file is removed.
package struct AtomicFile: ~Copyable {
    private let path: String
    private let target: String
    private let temporary: String
    private let descriptor: CInt
    private var isOpen = true
    private var isTemporary = true

    /// Creates the temporary file.
    ///
    /// It gets the permissions of the file that it is to replace, and the owner and group as far as the system allows;
    /// where there is none yet, those that the user's mask leaves. A symbolic link is followed, also one that leads
    /// nowhere yet. Anything but a regular file is refused, for renaming would replace a device such as `/dev/null`.
    package init(replacing path: String) throws(FileError) {
        let old = FileStatus(of: path)
        if let old, old.kind != .regular {
            throw .wrongKind(path: path, kind: old.kind, expected: .regular)
        }
        let target = try linkEnd(path)
        guard
            let (descriptor, temporary) = createFile(
                in: target.pathFolder, permissions: old == nil ? 0o666 : 0o600)
        else { throw .unwritable(path: path, reason: systemMessage()) }
        self.path = path
        self.target = target
        self.descriptor = descriptor
        self.temporary = temporary
        if let old { takeOver(old) }
    }

    deinit {
        if isOpen { close(descriptor) }
        if isTemporary { _ = temporary.withPath { unlink($0) } }
    }

    /// Adds bytes at the end.
    package func append(_ bytes: [UInt8]) throws(FileError) {
        let failure = bytes.withUnsafeBytes { writeFully(descriptor, $0) }
        guard failure == 0 else { throw .unwritable(path: path, reason: systemMessage(failure)) }
    }

    /// Bytes so far, also those of an ``append(_:)`` that did not come to its end.
    package var byteCount: Int {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Keeps the first `byteCount` bytes, the first of which become `head`: what stands at the start of a file may depend
    /// on what could be written.
    package func cut(to byteCount: Int, head: [UInt8]) throws(FileError) {
        guard ftruncate(descriptor, byteCount) == 0,
            pwrite(descriptor, head, head.count, 0) == head.count
        else { throw .unwritable(path: path, reason: systemMessage()) }
    }

    /// Waits until the disk has the content, and renames.
    package consuming func commit() throws(FileError) {
        let isSafe = fsync(descriptor) == 0
        let failure = errno
        // Network file systems report a full disk only when the file is closed.
        let isClosed = close(descriptor) == 0
        isOpen = false
        guard isSafe, isClosed, temporary.withPath({ old in target.withPath { rename(old, $0) } }) == 0 else {
            throw .unwritable(path: path, reason: systemMessage(isSafe ? errno : failure))
        }
        isTemporary = false
        Self.synchronize(folder: target.pathFolder)
    }

    /// Writes all bytes of a file.
    package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        let file = try AtomicFile(replacing: path)
        try file.append(bytes)
        try file.commit()
    }

    /// Gives the temporary file owner, group and permissions of the file that it replaces, as far as the system allows.
    private func takeOver(_ old: FileStatus) {
        var permissions = old.permissions
        if fchown(descriptor, old.owner, old.group) != 0, fchown(descriptor, uid_t.max, old.group) != 0 {
            // What its group was allowed must not pass to another one.
            permissions &= ~0o070
        }
        fchmod(descriptor, permissions & 0o777)
    }

    /// Makes the new name itself survive a loss of power; the file is already safe, so failure is no error.
    private static func synchronize(folder: String) {
        let descriptor = folder.withPath { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}

extension AtomicFile {
    /// Makes sure that files of some sizes, in bytes, fit beside the file at `path`, all of them together.
    ///
    /// Room for them is taken and given back: this also finds quotas and limits of the size of a file.
    ///
    /// - Throws: `FileError.unwritable`.
    package static func requireRoom(for byteCounts: [Int], beside path: String) throws(FileError) {
        let folder = try linkEnd(path).pathFolder
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        for byteCount in byteCounts {
            guard let descriptor = createNamelessFile(in: folder) else {
                throw .unwritable(path: path, reason: systemMessage())
            }
            descriptors.append(descriptor)
            let code = posix_fallocate(descriptor, 0, off_t(byteCount))
            // A file system that cannot take room in advance is no full one.
            guard code == 0 || code == EINVAL || code == EOPNOTSUPP || code == EINTR else {
                let sum = byteCounts.reduce(0, +)
                throw .unwritable(
                    path: path, reason: "\(systemMessage(code)) (\(NumberText.grouped(sum)) bytes are needed)"
                )
            }
        }
    }
}
