import Glibc
import MynahBase
import Synchronization

private let isWished = Atomic(false)

/// Ctrl-C, as a wish to end in good order; a second one ends the program at once.
///
/// `SIGTERM` is the same wish, and so is `SIGHUP`, which comes when a terminal is closed or a connection is lost.
enum Interruption {
    /// Whether Ctrl-C, `SIGTERM` or `SIGHUP` has come since ``watch()``.
    static var isRequested: Bool { isWished.load(ordering: .relaxed) }

    /// Outlives whoever reads the messages: Ctrl-C also ends the `tee` that a log goes through, which must not cost the
    /// model.
    static func outliveReaders() {
        signal(SIGPIPE, SIG_IGN)
    }

    /// Takes these signals from now on, but for those that the parent wants ignored, as `nohup` does.
    static func watch() {
        isWished.store(false, ordering: .relaxed)
        for number in [SIGINT, SIGTERM] where !SignalSetup.isIgnored(number) {
            signal(number) { received in
                isWished.store(true, ordering: .relaxed)
                signal(received, SIG_DFL)
            }
        }
        // A closed terminal sends it more than once: the system does, and the shell that dies with the terminal.
        if !SignalSetup.isIgnored(SIGHUP) {
            signal(SIGHUP) { _ in isWished.store(true, ordering: .relaxed) }
        }
    }
}
