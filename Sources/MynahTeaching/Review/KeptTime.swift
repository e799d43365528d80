import Glibc

/// A moment of the calendar, to the millisecond.
package struct KeptTime: Hashable, Sendable {
    /// Milliseconds since the start of 1970 in UTC.
    private let milliseconds: Int

    /// A moment by its distance from the start of 1970 in UTC.
    package init(milliseconds: Int) {
        self.milliseconds = milliseconds
    }

    /// This moment.
    package static var now: KeptTime {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return KeptTime(milliseconds: time.tv_sec * 1000 + time.tv_nsec / 1_000_000)
    }

    /// The same time some days later.
    func adding(days: Int) -> KeptTime { KeptTime(milliseconds: milliseconds + days * 86_400_000) }

    /// In UTC, as ISO 8601 has it: `2026-05-04T12:00:00Z`.
    var text: String { text("%Y-%m-%dT%H:%M:%SZ", gmtime_r) }

    /// The day in local time: `2026-05-04`.
    var day: String { text("%Y-%m-%d", localtime_r) }

    /// A beginning of names of files, which are in order of time: `20260504-120000-125`.
    var fileName: String {
        let rest = String(milliseconds % 1000)
        return text("%Y%m%d-%H%M%S-", gmtime_r) + String(repeating: "0", count: 3 - rest.count) + rest
    }

    private func text(
        _ format: String,
        _ parts: (UnsafePointer<time_t>, UnsafeMutablePointer<tm>) -> UnsafeMutablePointer<tm>?
    ) -> String {
        var seconds = milliseconds / 1000
        var broken = tm()
        _ = parts(&seconds, &broken)
        var text = [CChar](repeating: 0, count: 64)
        let length = strftime(&text, text.count, format, &broken)
        return String(decoding: text[..<length].map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
    }
}
