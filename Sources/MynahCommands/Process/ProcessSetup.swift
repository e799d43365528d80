import Glibc

/// What signals do to this process and to those that it starts, whatever the parent has left behind.
///
/// Both the mask and the signals that are ignored are inherited through `exec` (POSIX.1-2024, `exec`). A service manager
/// that ignores `SIGCHLD` would keep the end of commands from being seen, one that blocks `SIGTERM` would make the program
/// deaf to it.
enum SignalSetup {
    /// Signals that ask for an end, which a parent may have good reason to keep from the program: `nohup` ignores
    /// `SIGHUP`, a shell without job control `SIGINT` and `SIGQUIT` of what runs in the background.
    private static let requests = [SIGHUP, SIGINT, SIGQUIT, SIGTERM]

    /// Sets what the program relies on, to be called before anything else.
    static func prepare() {
        signal(SIGCHLD, SIG_DFL)
        // Otherwise a limit on the size of files would end the process where an error can be told.
        signal(SIGXFSZ, SIG_IGN)
        var none = sigset_t()
        sigemptyset(&none)
        sigprocmask(SIG_SETMASK, &none, nil)
    }

    /// Whether a signal is ignored.
    static func isIgnored(_ number: Int32) -> Bool {
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

/// Standard input, output and error as the program was given them.
enum StandardStreams {
    /// Makes sure that each of them is open, to be called before anything else.
    ///
    /// Where a parent has closed one of them, the next file that the program opens would get its number, and whatever is
    /// written to standard error would land in that file. `/dev/null` takes the place instead: input and output the wrong
    /// way round, so that reading and writing fail with `EBADF` as they would have; messages, which nobody is left to
    /// read, vanish.
    static func occupy() {
        for (descriptor, mode) in [
            (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
        ] where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is given, and all below are taken. Without /dev/null nothing can be done.
            guard open("/dev/null", mode) == descriptor else { _exit(1) }
        }
    }
}
