import Glibc

/// Version of Mynah, which goes into models and reports.
package let mynahVersion = "0.1.0"

/// Cores that this process may use: those that `taskset`, a container or `mpirun` has left it.
package func processorCount() -> Int {
    guard let file = fopen("/proc/self/status", "r") else { return onlineProcessorCount() }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 4_096)
    while fgets(&line, Int32(line.count), file) != nil {
        let text = String(
            decoding: line.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
        // A mask in hexadecimal digits, in groups (proc(5)).
        guard text.hasPrefix("Cpus_allowed:") else { continue }
        let count = text.utf8.dropFirst("Cpus_allowed:".utf8.count).reduce(0) { count, digit in
            count + (Character(UnicodeScalar(digit)).hexDigitValue?.nonzeroBitCount ?? 0)
        }
        return count > 0 ? count : onlineProcessorCount()
    }
    return onlineProcessorCount()
}

/// Cores of the machine, whoever may use them.
package func onlineProcessorCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

/// Day and time in UTC, in ISO 8601: `2026-05-04T12:00:00Z`.
package func currentDateText() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text[..<length].map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
}

/// The machine that figures of speed belong to.
package enum Machine {
    /// Processor, cores and operating system in one line.
    package static let description: String = {
        var system = utsname()
        uname(&system)
        let name = text(of: system.sysname)
        let release = text(of: system.release)
        let architecture = text(of: system.machine)
        return "\(processorName ?? architecture), \(onlineProcessorCount()) cores, \(name) \(release)"
    }()

    /// The name of the machine in its network.
    package static let name: String = {
        var system = utsname()
        uname(&system)
        return text(of: system.nodename)
    }()

    private static var processorName: String? {
        guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, Int32(line.count), file) != nil {
            let text = String(
                decoding: line.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
            if text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") {
                return String(text[text.index(after: colon)...].drop { $0 == " " }.prefix { $0 != "\n" })
            }
        }
        return nil
    }

    private static func text<Field>(of field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
