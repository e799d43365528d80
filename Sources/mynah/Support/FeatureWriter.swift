import ArgumentParser
import MynahBase
import MynahFeatures
import MynahModel

/// How features are written.
enum FeatureFormat: String, CaseIterable, ExpressibleByArgument {
    case csv, npy, json
}

/// Writes rows of features as they come, in the memory that one block needs.
struct FeatureWriter: ~Copyable {
    private let format: FeatureFormat
    private let configuration: MFCCConfiguration
    private var destination: Destination
    private var spool: Spool?
    private var frameCount = 0

    /// Opens the destination.
    ///
    /// - Parameters:
    ///   - format: how rows are written.
    ///   - configuration: the front end.
    ///   - file: the name of the sound.
    ///   - path: the file to write; nil for standard output.
    init(
        _ format: FeatureFormat, of configuration: MFCCConfiguration, file: String, to path: String?
    ) throws {
        self.format = format
        self.configuration = configuration
        var destination = try Destination(path)
        // The header of NPY comes first and states the number of frames.
        spool = format == .npy ? try Spool() : nil
        switch format {
        case .csv:
            try destination.append(
                (["time_s"] + configuration.featureNames).joined(separator: ",") + "\n")
        case .json:
            try destination.append(
                """
                {"file":\(jsonText(file)),"frontEnd":\(jsonText(configuration)),\
                "frontEndHash":"\(configuration.settingsHash)",\
                "columns":\(jsonText(configuration.featureNames)),"values":[
                """)
        case .npy: break
        }
        self.destination = destination
    }

    /// Writes rows, `[_, featureCount]`.
    mutating func append(_ rows: FeatureMatrix) throws {
        switch format {
        case .csv:
            for row in 0..<rows.frameCount {
                // Floating-point numbers are described in the shortest form that gives back their exact value.
                let line = rows.row(row).reduce(into: "\(configuration.frameTime(frameCount + row))") {
                    $0 += ",\($1)"
                }
                try destination.append(line + "\n")
            }
        case .json:
            for row in 0..<rows.frameCount {
                let values = rows.row(row).map { "\($0)" }.joined(separator: ",")
                try destination.append((frameCount + row == 0 ? "\n[" : ",\n[") + values + "]")
            }
        case .npy:
            try spool?.append(
                rows.values.flatMap { value in
                    let bits = value.bitPattern
                    return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
                })
        }
        frameCount += rows.frameCount
    }

    /// Completes what is written.
    consuming func finish() throws {
        switch format {
        case .json:
            try destination.append("],\n\"frameTimes\":[")
            for frame in 0..<frameCount {
                try destination.append((frame == 0 ? "" : ",") + "\(configuration.frameTime(frame))")
            }
            try destination.append("]}\n")
        case .npy:
            try destination.append(
                Self.npyHeader(frameCount: frameCount, featureCount: configuration.featureCount))
            try copySpool()
        case .csv: break
        }
        try destination.finish()
    }

    private mutating func copySpool() throws {
        guard let spool = spool.take() else { return }
        try spool.read { try destination.append($0) }
    }

    /// The header of a file of little-endian 32-bit numbers in rows, as NumPy itself writes it.
    ///
    /// Version 1.0 of the format (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): a magic text,
    /// two bytes of version, two of length, and a Python dictionary that is padded to a multiple of 64 bytes.
    private static func npyHeader(frameCount: Int, featureCount: Int) -> [UInt8] {
        var dictionary =
            "{'descr': '<f4', 'fortran_order': False, 'shape': (\(frameCount), \(featureCount)), }"
        let start: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
        let unpadded = start.count + 2 + dictionary.utf8.count + 1
        dictionary += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
        let length = dictionary.utf8.count
        return start + [UInt8(length & 0xff), UInt8(length >> 8)] + Array(dictionary.utf8)
    }
}
