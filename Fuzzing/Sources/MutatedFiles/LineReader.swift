import Glibc

/// Reads line by line what a process writes, and does not wait for ever.
struct LineReader {
    enum Result {
        case line(String)
        case timeout
        case end
    }

    private let descriptor: Int32
    private let process: pid_t
    private var pending: [UInt8] = []
    private var position = 0

    init(descriptor: Int32, of process: pid_t) {
        self.descriptor = descriptor
        self.process = process
    }

    /// The next whole line, unless the process works for `seconds` of processor time on it, or waits for 12 times that.
    ///
    /// Processor time tells a process that loops from one that others keep from running.
    mutating func next(within seconds: Int) -> Result {
        let processorStart = processorSeconds
        var waits = 0
        while true {
            if let end = pending[position...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[position..<end], as: UTF8.self)
                position = end + 1
                return .line(line)
            }
            pending.removeSubrange(..<position)
            position = 0
            var entry = pollfd(descriptor: descriptor)
            guard poll(&entry, 1, CInt(seconds * 1_000)) > 0 else {
                waits += 1
                if waits < 12, processorSeconds - processorStart < Double(seconds) { continue }
                return .timeout
            }
            var block = [UInt8](repeating: 0, count: 1 << 16)
            let count = Glibc.read(descriptor, &block, block.count)
            guard count > 0 else { return .end }
            pending += block[..<count]
        }
    }

    /// What the process has used so far.
    private var processorSeconds: Double {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

extension pollfd {
    fileprivate init(descriptor: Int32) { self.init(fd: descriptor, events: Int16(POLLIN), revents: 0) }
}
