import Glibc

/// What signals do to this process and to those that it starts, whatever the parent has left behind.
///
/// Both the mask and the signals that are ignored are inherited through `exec` (POSIX.1-2024, `exec`). A service manager
/// that ignores `SIGCHLD` would keep the end of commands from being seen, one that blocks `SIGTERM` would make the program
/// deaf to it.
package enum SignalSetup {
    /// Signals that ask for an end, which a parent may have good reason to keep from the program: `nohup` ignores
    /// `SIGHUP`, a shell without job control `SIGINT` and `SIGQUIT` of what runs in the background.
    private static let requests = [SIGHUP, SIGINT, SIGQUIT, SIGTERM]

    /// Sets what the program relies on, to be called before anything else.
    package static func prepare() {
        signal(SIGCHLD, SIG_DFL)
        // Otherwise a limit on the size of files would end the process where an error can be told.
        signal(SIGXFSZ, SIG_IGN)
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
    }

    /// Whether a signal is ignored.
    package static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        sigaction(number, nil, &action)
        return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// The signals that a started program gets back at their defaults: all but the requests that are ignored.
    ///
    /// `SIGTERM` is among them in any case, since by it a program is asked to end.
    static var defaultsForChildren: sigset_t {
        var signals = sigset_t()
        sigfillset(&signals)
        for number in requests where number != SIGTERM && isIgnored(number) { sigdelset(&signals, number) }
        return signals
    }
}
