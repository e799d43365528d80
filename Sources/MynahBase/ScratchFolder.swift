import Glibc

/// A folder for files that are needed for a while; it is removed with everything in it.
package struct ScratchFolder: ~Copyable {
    /// Where it lies.
    package let path: String

    /// Makes one under a name that no other has.
    ///
    /// - Throws: `FileError.noTemporaryFile`.
    package init(in folder: String) throws(FileError) {
        let pattern = folder.pathOf(".mynah-XXXXXX")
        var bytes = pattern.withPath { start in
            Array(UnsafeBufferPointer(start: start, count: strlen(start) + 1))
        }
        guard mkdtemp(&bytes) != nil else {
            throw .noTemporaryFile(folder: folder, reason: systemMessage())
        }
        path = String(path: bytes.dropLast().map { UInt8(bitPattern: $0) })
    }

    deinit { Self.remove(path) }

    /// Removes a folder and what is in it; links are removed, not followed.
    private static func remove(_ path: String) {
        for name in (try? namesInFolder(path)) ?? [] {
            let entry = path.pathOf(name)
            if FileStatus(of: entry, followsLinks: false)?.kind == .folder {
                remove(entry)
            } else {
                _ = entry.withPath { unlink($0) }
            }
        }
        _ = path.withPath { rmdir($0) }
    }
}
