import Glibc

/// Version of Mynah, which goes into models and reports.
package let mynahVersion = "0.1.0"

/// Cores that this process may use.
package func processorCount() -> Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

/// Day and time in UTC, in ISO 8601: `2026-05-04T12:00:00Z`.
package func currentDateText() -> String {
    var seconds = time(nil)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let length = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text[..<length].map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
}
