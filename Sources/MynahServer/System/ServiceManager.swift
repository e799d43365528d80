import Glibc
import MynahBase

/// What a service manager and a service tell each other, by the protocols of systemd: sockets that are handed over
/// (sd_listen_fds(3)), and messages of readiness (sd_notify(3)).
package enum ServiceManager {
    /// The first descriptor that is handed over.
    private static let firstDescriptor: Int32 = 3

    /// Sockets that are open for this process and listen already, each with its name; none where it was started otherwise.
    ///
    /// To be called once, and before anything else is opened: the environment is cleared, so that no child takes them for its own.
    package static func sockets() -> [(descriptor: Int32, name: String)] {
        defer { for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { unsetenv(name) } }
        guard environmentVariable("LISTEN_PID") == String(getpid()),
            let count = environmentVariable("LISTEN_FDS").flatMap({ Int32($0) }), (1...64).contains(count)
        else { return [] }
        let names = (environmentVariable("LISTEN_FDNAMES") ?? "").split(
            separator: ":", omittingEmptySubsequences: false)
        return (0..<count).map { index in
            let descriptor = firstDescriptor + index
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            return (descriptor, Int(index) < names.count ? String(names[Int(index)]) : "unknown")
        }
    }

    /// The server answers.
    package static func tellReady(_ status: String) { send("READY=1\nSTATUS=\(status)") }

    /// Models are read anew; ``tellReady(_:)`` has to follow.
    package static func tellReloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        send("RELOADING=1\nMONOTONIC_USEC=\(time.tv_sec * 1_000_000 + time.tv_nsec / 1_000)")
    }

    /// The server is about to end.
    package static func tellStopping() { send("STOPPING=1") }

    /// Sends a message, if somebody waits for it.
    private static func send(_ message: String) {
        guard let path = environmentVariable("NOTIFY_SOCKET"), !path.isEmpty else { return }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = path.pathBytes
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        // A name that is no file begins with a zero, which is written as @.
        if bytes[0] == UInt8(ascii: "@") { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = MemoryLayout.offset(of: \sockaddr_un.sun_path).map { $0 + bytes.count } ?? 0
        let socket = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        let text = Array(message.utf8)
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = sendto(socket, text, text.count, Int32(MSG_NOSIGNAL), address, socklen_t(length))
            }
        }
    }
}

/// How many files a process may have open.
package enum OpenFiles {
    /// Raises the limit as far as it may be raised.
    ///
    /// - Returns: how many connections there may be beside the files that the server needs itself.
    package static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 256 }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return max(16, Int(clamping: limit.rlim_cur) - reserve)
    }

    /// Files for listening, event loops, models, uploads and the system.
    private static let reserve = 128
}
