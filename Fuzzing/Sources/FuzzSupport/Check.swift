import Glibc

/// Ends the process with a message unless the condition holds, in release builds too.
func check(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard !condition else { return }
    let line = "check failed: \(message())\n"
    _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
    abort()
}
