import Glibc
import MynahBase

/// The machine that figures of speed belong to.
enum Machine {
    /// Processor, cores and operating system in one line.
    static let description: String = {
        var system = utsname()
        uname(&system)
        let name = text(of: system.sysname)
        let release = text(of: system.release)
        let architecture = text(of: system.machine)
        return "\(processorName ?? architecture), \(processorCount()) cores, \(name) \(release)"
    }()

    /// The name of the machine in its network.
    static let name: String = {
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
