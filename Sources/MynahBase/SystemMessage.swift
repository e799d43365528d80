import Glibc

/// The operating system's words for an error number.
package func systemMessage(_ code: CInt = errno) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    // strerror_r, as strerror shares its text between threads.
    guard strerror_r(code, &buffer, buffer.count) == 0 else { return "error \(code)" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
}
