import FoundationEssentials
import MynahFeatures
import MynahModel

/// A front end whose settings stand in a JSON file of their own, to compare with the presets.
enum FrontEndFile {
    /// Largest file that is read, in bytes; settings take less than a tenth of it.
    private static let byteLimit = 65_536

    /// Reads the settings, in the form of `frontEnd` in `mynah inspect --json`; training checks them.
    ///
    /// Throws ``CommandError/badFrontEnd(path:reason:)`` when they are not settings, `ModelError` when the file cannot be
    /// read.
    static func read(_ path: String) throws -> MFCCConfiguration {
        let file = try RegularFile(opening: path)
        guard file.byteCount <= byteLimit else {
            throw CommandError.badFrontEnd(
                path: path, reason: "\(file.byteCount) bytes, expected at most \(byteLimit)")
        }
        var bytes: [UInt8] = []
        try file.read(upTo: file.byteCount, appendingTo: &bytes)
        do {
            return try JSONDecoder().decode(MFCCConfiguration.self, from: Data(bytes))
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
