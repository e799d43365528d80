/// Where sound comes from: a file or standard input, with a header or as raw samples.
public struct AudioSource: Sendable, Hashable {
    /// The place from which the bytes are taken.
    package enum Location: Sendable, Hashable {
        /// The file at `path`.
        case file(path: String)
        /// The standard input of the process, read to its end.
        case standardInput
    }

    /// The place from which the bytes are taken.
    package let location: Location

    /// For raw samples (16-bit signed little-endian mono, without a header) their rate in Hz; `nil` for audio files.
    public let rawSampleRate: Int?

    /// The file at `path`, in any format that has a header, or raw samples at `rawSampleRate` Hz.
    public static func file(path: String, rawSampleRate: Int? = nil) -> AudioSource {
        AudioSource(location: .file(path: path), rawSampleRate: rawSampleRate)
    }

    /// Standard input, in any format that has a header, or raw samples at `rawSampleRate` Hz.
    public static func standardInput(rawSampleRate: Int? = nil) -> AudioSource {
        AudioSource(location: .standardInput, rawSampleRate: rawSampleRate)
    }

    /// The name for messages and results: the path, or `-` for standard input.
    public var name: String {
        switch location {
        case .file(let path): path
        case .standardInput: "-"
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
