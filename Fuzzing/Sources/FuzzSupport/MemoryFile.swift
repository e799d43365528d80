import Glibc
package import MynahAudio
import MynahBase

/// A file without a disk, whose contents are replaced again and again.
package struct MemoryFile: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Makes an empty file; traps if the system has no memory for one.
    package init() {
        // Swift does not see memfd_create; this folder is in memory on every Linux.
        descriptor = createNamelessFile(in: "/dev/shm") ?? -1
        check(descriptor >= 0, "no file in memory: \(systemMessage())")
    }

    deinit { close(descriptor) }

    /// Replaces the contents; traps if they do not fit into memory.
    package func write(_ bytes: [UInt8]) {
        let isWritten =
            ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
        check(isWritten, "\(bytes.count) bytes not written: \(systemMessage())")
    }

    /// The file for readers, as audio or as raw samples at `rawSampleRate` Hz.
    package func source(rawSampleRate: Int? = nil) -> AudioSource {
        .file(path: "/proc/self/fd/\(descriptor)", rawSampleRate: rawSampleRate)
    }
}
