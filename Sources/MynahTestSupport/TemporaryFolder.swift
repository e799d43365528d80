import Foundation

/// A folder for the files of one test, removed with the last reference to it.
package final class TemporaryFolder: Sendable {
    /// Where it lies.
    package let path: String

    /// Makes a folder under a name that no other has.
    package init() throws {
        path =
            FileManager.default.temporaryDirectory.appending(component: "mynah-test-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { remove() }

    /// Removes it, and what is in it.
    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The names of all files and folders in it, sorted.
    package var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// Writes a file, in a folder that is made if there is none, and returns its path.
    @discardableResult
    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return file(name)
    }
}
