import Glibc
package import MynahAudio

/// A file without a disk, whose contents are replaced again and again.
package struct MemoryFile: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Makes an empty file; traps if the system has no memory for one.
    package init() {
        // Swift does not see memfd_create; this folder is in memory on every Linux.
        var path = Array("/dev/shm/mynah-fuzzing-XXXXXX".utf8CString)
        descriptor = mkstemp(&path)
        check(descriptor >= 0, "no file in memory: \(String(cString: strerror(errno)))")
        unlink(path)
    }

    deinit { close(descriptor) }

    /// Replaces the contents; traps if they do not fit into memory.
    package func write(_ bytes: [UInt8]) {
        let isWritten =
            ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
        check(isWritten, "\(bytes.count) bytes not written: \(String(cString: strerror(errno)))")
    }

    /// The file for readers, as audio or as raw samples at `rawSampleRate` Hz.
    package func source(rawSampleRate: Int? = nil) -> AudioSource {
        .file(path: "/proc/self/fd/\(descriptor)", rawSampleRate: rawSampleRate)
    }
}
