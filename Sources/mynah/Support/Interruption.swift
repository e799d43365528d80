import Glibc
import Synchronization

private let isWished = Atomic(false)

/// Ctrl-C, as a wish to end in good order; a second one ends the program at once.
enum Interruption {
    /// Whether Ctrl-C (or SIGTERM) has come since ``watch()``.
    static var isRequested: Bool { isWished.load(ordering: .relaxed) }

    /// Outlives whoever reads the messages: Ctrl-C also ends the `tee` that a log goes through, which must not cost the
    /// model.
    static func outliveReaders() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Takes Ctrl-C and SIGTERM from now on.
    static func watch() {
        isWished.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] {
            signal(number) { received in
                isWished.store(true, ordering: .relaxed)
                signal(received, SIG_DFL)
            }
        }
    }
}
