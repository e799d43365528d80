import Glibc
import MynahBase
import MynahEvaluation
import MynahModel
import MynahReport

/// A page in a file.
enum PageFile {
    /// Formats that browsers play.
    private static let played: Set<String> = ["wav", "mp3", "ogg", "oga", "opus", "flac"]

    /// Writes the page of a report.
    ///
    /// Sounds that lie in the folder of the page or below it are played in it: then page and sounds can be moved together.
    ///
    /// - Parameters:
    ///   - path: where the page is written; it appears when it is complete.
    ///   - folder: the folder that the clips of the report are named in, if it has some.
    /// - Throws: `FileError`.
    static func write(_ report: EvaluationReport, to path: String, folder: String?) throws {
        let page = EvaluationPage(report) { address(of: $0, clips: folder, page: path) }
        try write(page.html, to: path)
    }

    /// Writes the page of a speech model's report, with the folder that its recordings are named in.
    static func write(_ report: SpeechReport, to path: String, folder: String?) throws {
        let page = SpeechPage(report) { address(of: $0, clips: folder, page: path) }
        try write(page.html, to: path)
    }

    /// Writes a page; it appears when it is complete.
    static func write(_ html: String, to path: String) throws {
        try Destination.write(html.escapingUndecodedBytes, to: path)
    }

    /// The address of a sound for a page, nil where it does not lie beside it or cannot be played.
    private static func address(of sound: String, clips folder: String?, page: String) -> String? {
        guard let dot = sound.utf8.lastIndex(of: UInt8(ascii: ".")),
            played.contains(sound[sound.utf8.index(after: dot)...].lowercased()),
            let home = resolvedPath(page.pathFolder)
        else { return nil }
        // Clips are named within their folder, other sounds as the command line has them.
        let candidates = [folder?.pathOf(sound), sound].compactMap(\.self)
        guard let place = candidates.lazy.compactMap(resolvedPath).first else { return nil }
        let prefix = home.pathOf("").pathBytes
        let bytes = place.pathBytes
        guard bytes.starts(with: prefix) else { return nil }
        return percentEncoded(bytes.dropFirst(prefix.count))
    }

    /// A path as part of an address (RFC 3986, section 2).
    private static func percentEncoded(_ path: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        for byte in path {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                encoded.append(byte)
            default: encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
