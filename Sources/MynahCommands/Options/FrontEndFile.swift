import FoundationEssentials
import MynahBase
import MynahFeatures
import MynahModel

/// A front end whose settings stand in a JSON file of their own, to compare with the presets.
enum FrontEndFile {
    /// Largest file that is read, in bytes; settings take less than a tenth of it.
    private static let byteLimit = 65_536

    /// The front end that an option names: a file in `.json`, or a preset.
    static func configuration(named name: String) throws -> FrontEndConfiguration {
        name.hasSuffix(".json") ? try read(name) : try FrontEndPreset(name: name).configuration()
    }

    /// Reads the settings, in the form of `frontEnd` in `mynah inspect --json`; training checks them.
    ///
    /// Throws ``CommandError/badFrontEnd(path:reason:)`` when they are not settings, `FileError` when the file cannot be
    /// read.
    private static func read(_ path: String) throws -> FrontEndConfiguration {
        let file: TextLines
        do {
            file = try TextLines(contentsOf: path, limitBytes: byteLimit)
        } catch .unreadable(let reason) {
            throw FileError.unreadable(path: path, reason: reason)
        } catch {
            throw CommandError.badFrontEnd(path: path, reason: "\(error)")
        }
        do {
            return try JSONDecoder().decode(FrontEndConfiguration.self, from: Data(file.text.utf8))
        } catch let error as DecodingError {
            throw CommandError.badFrontEnd(path: path, reason: reason(of: error))
        }
    }

    private static func reason(of error: DecodingError) -> String {
        switch error {
        case .typeMismatch(_, let place), .valueNotFound(_, let place), .keyNotFound(_, let place),
            .dataCorrupted(let place):
            (place.codingPath.map(\.stringValue) + [place.debugDescription]).joined(separator: ": ")
        @unknown default: "\(error)"
        }
    }
}
