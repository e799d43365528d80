import Glibc

/// How long a piece of work takes, over many repetitions, in processor time of all threads of this process.
///
/// Processor time does not count what others do on the same cores, and a second thread would not make it less.
struct Timing {
    let repetitions: Int

    /// Microseconds of one repetition.
    let medianMicroseconds: Double
    let bestMicroseconds: Double

    /// Repeats `work` for about `seconds`, at least 5 times, after a warm-up of a tenth of that.
    static func measure(seconds: Double, _ work: () -> Void) -> Timing {
        let warmUpEnd = processorTime() + seconds / 10
        repeat { work() } while processorTime() < warmUpEnd

        var durations: [Double] = []
        let start = processorTime()
        var last = start
        while durations.count < 5 || last - start < seconds {
            let begin = processorTime()
            work()
            last = processorTime()
            durations.append(last - begin)
        }
        durations.sort()
        return Timing(
            repetitions: durations.count,
            medianMicroseconds: durations[durations.count / 2] * 1e6,
            bestMicroseconds: durations[0] * 1e6)
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
