import Glibc
import Synchronization

/// Where one thread at a time starts or ends the sound system, opens or closes a device: PortAudio counts its users and keeps
/// a list of open devices without a lock of its own, and standard error belongs to the whole process.
package enum CaptureGate {
    private static let gate = Mutex(())

    /// Runs `body` while no other thread is within the gate; it must not come here again.
    ///
    /// - Parameters:
    ///   - silently: whether what C libraries write meanwhile goes nowhere. ALSA and JACK write about every device that they
    ///     try in vain.
    ///   - descriptor: where they write.
    package static func pass<Result: Sendable>(
        silently: Bool = false, descriptor: Int32 = STDERR_FILENO, _ body: () -> Result
    ) -> Result {
        gate.withLock { _ in silently ? withoutOutput(to: descriptor, body) : body() }
    }

    private static func withoutOutput<Result>(to descriptor: Int32, _ body: () -> Result) -> Result {
        // A program that another thread starts meanwhile is not to inherit the copy.
        let saved = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        if saved >= 0, nowhere >= 0 { dup2(nowhere, descriptor) }
        defer {
            if saved >= 0 {
                dup2(saved, descriptor)
                close(saved)
            }
            if nowhere >= 0 { close(nowhere) }
        }
        return body()
    }
}
