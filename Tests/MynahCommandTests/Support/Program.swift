import Foundation
import Glibc

/// The built program, found beside the test bundle.
enum Program {
    /// Where `mynah` lies.
    static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        precondition(length > 0, "the path of the running tests is not known")
        let tests = String(decoding: buffer[..<length].map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
        let path = URL(fileURLWithPath: tests).deletingLastPathComponent().path + "/mynah"
        precondition(access(path, X_OK) == 0, "no program at \(path)")
        return path
    }()

    /// The root of the sources, which has samples and the shipped model.
    static let sources = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Whether the code is optimized: without that, training takes a hundred times as long.
    static let isOptimized: Bool = {
        #if DEBUG
            false
        #else
            true
        #endif
    }()
}

/// What a process left behind.
struct Outcome {
    /// How a process ends.
    enum Ending: Equatable {
        case status(Int)
        case signal(Int32)
        /// It was still running when its time was over.
        case timeLimit
    }

    let ending: Ending
    let output: String
    let errors: String

    /// The most memory that it held at a time, in KiB.
    let peakKilobytes: Int

    /// From its start to its end.
    let seconds: Double

    var outputLines: [Substring] { output.split(separator: "\n") }
    var errorLines: [Substring] { errors.split(separator: "\n") }
}

/// Runs `mynah` to its end.
///
/// - Parameters:
///   - input: bytes that are piped into standard input; nil for no input at all.
///   - environment: variables besides `PATH`.
///   - folder: the working folder.
///   - fileSizeLimit: the greatest size of a file that may be written, which stands for a full disk.
///   - output: a file for standard output, for instance a device.
func mynah(
    _ arguments: [String], input: [UInt8]? = nil, environment: [String: String] = [:],
    folder: String? = nil,
    fileSizeLimit: Int? = nil, output: String? = nil, timeLimit: Double = 120
) throws -> Outcome {
    let limit = fileSizeLimit.map { ["/usr/bin/prlimit", "--fsize=\($0)"] } ?? []
    return try Job(
        limit + [Program.path] + arguments, input: input, environment: environment, folder: folder,
        output: output
    ).wait(timeLimit: timeLimit)
}

/// Runs `mynah` to its end.
func mynah(_ arguments: String...) throws -> Outcome { try mynah(arguments) }

/// Runs a line of the shell to its end, in which `$MYNAH` is the program.
func shell(_ line: String, environment: [String: String] = [:], folder: String? = nil) throws -> Outcome {
    try Job(
        ["/bin/sh", "-c", line], environment: environment.merging(["MYNAH": Program.path]) { $1 },
        folder: folder
    ).wait(timeLimit: 120)
}
