import MynahBase
package import MynahFeatures
import MynahModel

/// A format in which features are written.
package enum FeatureFormat: String, CaseIterable, Sendable {
    case csv, npy, json
}

/// Features in one of the formats, piece by piece: ``beginning()``, then rows, then ``end(_:)``.
package struct FeatureText {
    private let format: FeatureFormat
    private let configuration: FrontEndConfiguration
    private let file: String
    private var frameCount = 0

    /// Starts without rows.
    ///
    /// - Parameters:
    ///   - format: how rows are written.
    ///   - configuration: the front end.
    ///   - file: the name of the sound.
    package init(_ format: FeatureFormat, of configuration: FrontEndConfiguration, file: String) {
        self.format = format
        self.configuration = configuration
        self.file = file
    }

    /// Whether the beginning states the number of rows, so that it is known only after all of them.
    package var beginsWithFrameCount: Bool { format == .npy }

    /// What comes before all rows.
    package func beginning() throws -> [UInt8] {
        switch format {
        case .csv: Array((["time_s"] + configuration.featureNames).joined(separator: ",").utf8) + [10]
        case .json:
            Array(
                """
                {"file":\(try jsonText(file)),"frontEnd":\(try jsonText(configuration)),\
                "frontEndHash":"\(configuration.settingsHash)",\
                "columns":\(try jsonText(configuration.featureNames)),"values":[
                """.utf8)
        case .npy: npyHeader
        }
    }

    /// The next rows, `[_, featureCount]`.
    package mutating func append(_ rows: FeatureMatrix) -> [UInt8] {
        defer { frameCount += rows.frameCount }
        switch format {
        case .csv:
            return Array(
                (0..<rows.frameCount).map { row in
                    // Floating-point numbers are described in the shortest form that gives back their exact value.
                    rows.row(row).reduce(into: "\(configuration.frameTime(frameCount + row))") {
                        $0 += ",\($1)"
                    }
                        + "\n"
                }.joined().utf8)
        case .json:
            return Array(
                (0..<rows.frameCount).map { row in
                    let values = rows.row(row).map { "\($0)" }.joined(separator: ",")
                    return (frameCount + row == 0 ? "\n[" : ",\n[") + values + "]"
                }.joined().utf8)
        case .npy:
            return rows.values.flatMap { value in
                let bits = value.bitPattern
                return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
            }
        }
    }

    /// Hands over what comes after all rows, in pieces.
    package func end(_ write: (String) throws -> Void) rethrows {
        guard format == .json else { return }
        try write("],\n\"frameTimes\":[")
        for frame in 0..<frameCount {
            try write((frame == 0 ? "" : ",") + "\(configuration.frameTime(frame))")
        }
        try write("]}\n")
    }

    /// The header of a file of little-endian 32-bit numbers in rows, as NumPy itself writes it.
    ///
    /// Version 1.0 of the format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a magic text,
    /// two bytes of version, two of length, and a Python dictionary that is padded to a multiple of 64 bytes.
    private var npyHeader: [UInt8] {
        var dictionary =
            """
            {'descr': '<f4', 'fortran_order': False, 'shape': (\(frameCount), \(configuration.featureCount)), }
            """
        let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        let unpadded = start.count + 2 + dictionary.utf8.count + 1
        dictionary += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = dictionary.utf8.count
        return start + [UInt8(length & 0xff), UInt8(length >> 8)] + Array(dictionary.utf8)
    }
}
