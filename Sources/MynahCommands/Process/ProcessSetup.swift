import Glibc

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
