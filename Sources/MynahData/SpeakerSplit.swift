import CMessageDigest
import MynahBase

/// The split of a clip by its speaker: the rule of the Speech Commands data set (arXiv 1804.03209, section 7).
///
/// The rule looks at nothing but the name of the file, so a speaker never crosses splits, and clips that are added
/// later move none of those already there.
package enum SpeakerSplit {
    /// What separates speaker and take in a file name such as `0a7c2a8d_nohash_1.wav`.
    package static let separator = "_nohash_"

    /// The speaker that a file name gives: what stands before the first `_nohash_`; `nil` when that is nothing.
    package static func speaker(ofFileName name: String) -> String? {
        let bytes = name.utf8
        let mark = Array(separator.utf8)
        var start = bytes.startIndex
        while let candidate = bytes[start...].firstIndex(of: mark[0]) {
            if bytes[candidate...].starts(with: mark) {
                return candidate == bytes.startIndex ? nil : String(name[..<candidate])
            }
            start = bytes.index(after: candidate)
        }
        return nil
    }

    /// The split that a file belongs to, by the SHA-1 of its speaker, or of its whole name when it gives none.
    package static func split(ofFileName name: String) -> DataSplit {
        split(ofHashed: speaker(ofFileName: name) ?? name)
    }

    /// The split that a text's hash stands for: below a share of 10 validation, below 20 testing, else training.
    static func split(ofHashed text: String) -> DataSplit {
        let share = share(of: text)
        if share < 10 { return .validation }
        return share < 20 ? .testing : .training
    }

    /// Where a text's hash lies in the range of all hashes, in percent.
    ///
    /// The share is `(SHA-1 mod 2²⁷) × 100 / (2²⁷ − 1)` in double precision: the arithmetic of `which_set` in TensorFlow's
    /// `speech_commands/input_data.py`, to the bit.
    static func share(of text: String) -> Double {
        Double(SHA1.lowWord(of: text) & maximumClipsPerClass) * (100.0 / Double(maximumClipsPerClass))
    }

    /// `MAX_NUM_WAVS_PER_CLASS` of the rule, 2²⁷ − 1; as a mask it is the remainder modulo 2²⁷.
    private static let maximumClipsPerClass: UInt32 = (1 << 27) - 1
}

/// The SHA-1 message digest (FIPS 180-4), by libmd; here it spreads names, and protects nothing.
package enum SHA1 {
    /// The 40 hexadecimal digits of the digest of a name's bytes.
    package static func hexadecimal(of text: String) -> String {
        let bytes = text.pathBytes
        let digits = [UInt8](unsafeUninitializedCapacity: 41) { buffer, count in
            buffer.withMemoryRebound(to: CChar.self) { _ = SHA1Data(bytes, bytes.count, $0.baseAddress) }
            count = 40
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The last 32 bits of the digest: its remainder modulo 2³².
    package static func lowWord(of text: String) -> UInt32 {
        UInt32(hexadecimal(of: text).suffix(8), radix: 16) ?? 0
    }
}
