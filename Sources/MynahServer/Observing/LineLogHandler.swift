import Glibc
package import Logging
import MynahBase

/// Writes what happens to standard error, a line each: for people, or as JSON.
package struct LineLogHandler: LogHandler {
    /// How a line looks.
    package enum Form: String, Sendable, CaseIterable {
        case text, json
    }

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let form: Form
    private let write: @Sendable (String) -> Void

    /// Writes lines of a level or above.
    ///
    /// - Parameter write: takes each line, which ends in a line break, from any thread; standard error unless given.
    package init(
        _ form: Form, level: Logger.Level,
        write: @escaping @Sendable (String) -> Void = Self.writeToStandardError
    ) {
        self.form = form
        logLevel = level
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        fields.merge(event.metadata ?? [:]) { $1 }
        switch form {
        case .text:
            // A journal has the time already.
            let facts = fields.sorted { $0.key < $1.key }.map { "  \($0.key)=\("\($0.value)".printable)" }
            write("mynah-server: \(event.level): \("\(event.message)".printable)\(facts.joined())\n")
        case .json:
            var line = fields.mapValues { "\($0)" }
            line["level"] = event.level.rawValue
            line["message"] = "\(event.message)"
            line["time"] = Self.time()
            guard let text = try? jsonText(line) else { return }
            write(text + "\n")
        }
    }

    /// UTC as RFC 3339 has it, to the millisecond.
    static func time() -> String {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var parts = tm()
        gmtime_r(&now.tv_sec, &parts)
        func digits(_ value: Int32, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return """
            \(digits(parts.tm_year + 1_900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))T\
            \(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2)).\
            \(digits(Int32(now.tv_nsec / 1_000_000), 3))Z
            """
    }

    /// Writes a line to standard error; nobody is left to be told when that fails.
    package static func writeToStandardError(_ line: String) {
        _ = Array(line.utf8).withUnsafeBytes { writeFully(STDERR_FILENO, $0) }
    }
}
