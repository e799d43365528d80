internal import CShippedNegatives
package import MynahFeatures
import MynahModel

extension NegativeWindows {
    /// Reads the windows that are built into the library: `models/negatives.safetensors`.
    ///
    /// - Throws: `DataError.badNegatives` when the library was built with a file that holds none.
    package static func shipped() throws(DataError) -> NegativeWindows {
        let bytes = UnsafeRawBufferPointer(start: shippedNegativesBytes(), count: shippedNegativesByteCount())
        return try NegativeWindows(bytes: Array(bytes), name: "built-in negatives")
    }

    /// The windows that are built in, for a front end that can take them; nil for another.
    package static func shipped(for frontEnd: FrontEndConfiguration) throws(DataError) -> NegativeWindows? {
        let windows = try shipped()
        do {
            _ = try windows.form(for: frontEnd)
            return windows
        } catch {
            return nil
        }
    }

    /// The windows that are built in, where a folder has one word alone and nothing that it could be told from; nil elsewhere.
    package static func standIn(for folder: LabelledFolder) throws(DataError) -> NegativeWindows? {
        let words = folder.labels.count { StandardLabel.isWord($0) }
        guard words == 1, folder.unknownLabel == nil, folder.silenceLabel == nil else { return nil }
        return try shipped()
    }
}
