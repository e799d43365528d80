internal import Glibc

/// Time that a processor has worked for a thread, as against time that has gone by.
package enum ThreadTime {
    /// What the calling thread has used so far, in seconds.
    ///
    /// Only differences on one thread mean something.
    package static var seconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
