/// Where sound comes from: a file or standard input, with a header or as raw samples.
public struct AudioSource: Sendable, Hashable {
    /// The place from which the bytes are taken.
    package enum Location: Sendable, Hashable {
        /// The file at `path`.
        case file(path: String)
        /// The standard input of the process, read to its end.
        case standardInput
        /// A regular file that is open for reading, and stays open for the caller; the name is for messages.
        case descriptor(Int32, name: String)
    }

    /// The place from which the bytes are taken.
    package let location: Location

    /// For raw samples (16-bit signed little-endian mono, without a header) their rate in Hz, 4,000 to 384,000; `nil` for
    /// audio files.
    ///
    /// At another rate the source cannot be opened: ``AudioError/sampleRateOutOfRange(file:sampleRate:supported:)``.
    public let rawSampleRate: Int?

    /// The file at `path`, in any format that has a header, or raw samples at `rawSampleRate` Hz.
    public static func file(path: String, rawSampleRate: Int? = nil) -> AudioSource {
        AudioSource(location: .file(path: path), rawSampleRate: rawSampleRate)
    }

    /// Standard input, in any format that has a header, or raw samples at `rawSampleRate` Hz.
    public static func standardInput(rawSampleRate: Int? = nil) -> AudioSource {
        AudioSource(location: .standardInput, rawSampleRate: rawSampleRate)
    }

    /// A regular file that is open for reading, in any format that has a header, or raw samples at `rawSampleRate` Hz.
    ///
    /// - Parameter name: stands for it in messages and results.
    package static func descriptor(
        _ descriptor: Int32, name: String, rawSampleRate: Int? = nil
    ) -> AudioSource {
        AudioSource(location: .descriptor(descriptor, name: name), rawSampleRate: rawSampleRate)
    }

    /// The name for messages and results: the path, or `-` for standard input.
    public var name: String {
        switch location {
        case .file(let path): path
        case .standardInput: "-"
        case .descriptor(_, let name): name
        }
    }
}

/// How several channels become one.
public enum ChannelSelection: Sendable, Hashable {
    /// The mean of all channels.
    case average
    /// One channel alone, counted from 1.
    case channel(Int)
}

/// Which files are taken for audio.
package enum AudioFileName {
    /// Extensions of the containers that libsndfile recognizes by their headers, in lower case.
    package static let extensions: Set<String> = [
        "aif", "aifc", "aiff", "au", "avr", "caf", "flac", "htk", "mp3", "oga", "ogg", "opus", "paf", "rf64",
        "sf", "snd", "sph", "svx", "voc", "w64", "wav", "wave", "wve", "xi",
    ]

    /// Extensions of what phones, browsers and players write and libsndfile does not read, in lower case.
    package static let foreignExtensions: Set<String> = [
        "3gp", "aac", "ac3", "amr", "ape", "m4a", "m4b", "mka", "mkv", "mov", "mp4", "webm", "wma", "wv",
    ]

    /// Whether a file name has one of the extensions, in upper or lower case.
    package static func isAudio(_ name: String) -> Bool {
        pathExtension(of: name).map(extensions.contains) ?? false
    }

    /// Whether a file is meant to be heard, even if it cannot be read: passing it over in silence would surprise.
    package static func mayHoldAudio(_ name: String) -> Bool {
        pathExtension(of: name).map { extensions.contains($0) || foreignExtensions.contains($0) } ?? false
    }

    /// What stands behind the last dot, in lower case; nil where there is no dot but at the start.
    private static func pathExtension(of name: String) -> String? {
        let bytes = name.utf8
        guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), dot > bytes.startIndex else { return nil }
        return String(name[bytes.index(after: dot)...]).lowercased()
    }
}
