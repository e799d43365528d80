import Glibc
import MynahBase

/// The terminal of `mpirun`, which passes on what the first process writes: that process has a pipe for standard error, and is
/// read by a person all the same.
enum LauncherTerminal {
    /// Between `mpirun` and a process there may be a helper.
    private static let generations = 3

    /// Open for questions about its size; nil where nobody is found to have one.
    static let descriptor: CInt? = {
        guard Ranks.all.size > 1, Ranks.isFirst else { return nil }
        var process = getppid()
        for _ in 0..<generations {
            let descriptor = open(
                "/proc/\(process)/fd/\(STDERR_FILENO)", O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
            if descriptor >= 0 {
                if isatty(descriptor) == 1 { return descriptor }
                close(descriptor)
            }
            guard let parent = parent(of: process), parent > 1 else { return nil }
            process = parent
        }
        return nil
    }()

    private static func parent(of process: pid_t) -> pid_t? {
        guard let file = fopen("/proc/\(process)/stat", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        guard fgets(&line, CInt(line.count), file) != nil else { return nil }
        // The name of the program stands in brackets, and may hold anything.
        let text = String(
            decoding: line.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        return fields.count > 2 ? pid_t(fields[2]) : nil
    }
}
