import MynahBase
import Synchronization

/// Why a sound cannot be read: one case for each way in which a file, a pipe or a request can be wrong.
///
/// `file` is the name of the source as the user gave it, `-` for standard input. Samples and frames are counted
/// from 0, channels from 1, sizes in bytes.
public enum AudioError: Error, Equatable, Sendable {
    /// Nothing has this path.
    case fileNotFound(file: String)
    /// The file, or a folder above it, may not be read by this user.
    case permissionDenied(file: String)
    /// The path names a folder.
    case isDirectory(file: String)
    /// The path names a pipe, a socket or a device.
    case notRegularFile(file: String, kind: String)
    /// The operating system failed to open or to read it for another reason.
    case cannotRead(file: String, reason: String)
    /// Standard input is a keyboard, which would be waited for without end.
    case standardInputIsTerminal
    /// The temporary copy of standard input could not be written.
    case cannotSpool(folder: String, reason: String)
    /// Standard input went on for longer than a temporary copy may be.
    case standardInputTooLarge(maximumBytes: Int)
    /// The file has no bytes.
    case emptyFile(file: String)
    /// The bytes belong to no known audio format.
    case notAudio(file: String)
    /// The bytes belong to a format that other programs read, but libsndfile does not.
    case unsupportedFormat(file: String, format: String)
    /// The first bytes name a format, but the rest cannot be read as such.
    case malformed(file: String, format: String)
    /// The bytes do not continue as the format demands from this byte on.
    case damaged(file: String, format: String, byte: Int)
    /// The header is in order, and no samples follow.
    case noSamples(file: String)
    /// The header promises more bytes than the file has.
    case truncated(file: String, expectedBytes: Int, actualBytes: Int)
    /// The header promises more samples (per channel) than can be decoded.
    case incomplete(file: String, expectedSamples: Int, actualSamples: Int)
    /// An Ogg file stops without the mark that ends its stream.
    case missingEndOfStream(file: String, actualBytes: Int)
    /// A file or pipe holds several sounds, one after another, of which only the first would be heard.
    case severalStreams(file: String, byte: Int)
    /// The decoder gave up at this sample.
    case decodingFailed(file: String, sample: Int, reason: String)
    /// The header states a number of channels outside `supported`.
    case channelCountOutOfRange(file: String, channels: Int, supported: ClosedRange<Int>)
    /// The sample rate in Hz, stated by the header or for raw samples, lies outside `supported`.
    case sampleRateOutOfRange(file: String, sampleRate: Int, supported: ClosedRange<Int>)
    /// The chosen channel is not among those of the file.
    case noSuchChannel(file: String, channel: Int, channelCount: Int)
    /// A sample is not a number, or infinite.
    case notFinite(file: String, sample: Int)
    /// A sample is so far beyond ±1 that the file must be scaled otherwise.
    case wrongScale(file: String, sample: Int, value: Float)
    /// The sound lasts longer than the caller takes at once; `seconds` is the least that it lasts.
    case tooLong(file: String, seconds: Double, maximumSeconds: Double)
    /// The bytes were to be read as raw samples, but begin with the header of an audio file.
    case rawWithHeader(file: String, format: String)
    /// A pipe that is to be heard as it arrives carries something else than WAV with plain samples.
    case notWAVStream(file: String)
    /// Raw samples take two bytes each, and the number of bytes is odd.
    case rawWithOddByteCount(file: String, bytes: Int)
    /// A sound cannot be coded, for instance because libsndfile was built without the encoder.
    case codecFailed(codec: String, reason: String)
}

extension AudioError: CustomStringConvertible {
    /// One line: which file, what is wrong with it, what was expected.
    public var description: String {
        switch self {
        case .fileNotFound(let file):
            "\(file.printable): no such file"
        case .permissionDenied(let file):
            "\(file.printable): permission to read it is denied"
        case .isDirectory(let file):
            "\(file.printable): is a directory, not an audio file"
        case .notRegularFile(let file, let kind):
            "\(file.printable): is \(kind), not an audio file; pipe its contents into standard input (-)"
        case .cannotRead(let file, let reason):
            "\(file.printable): cannot be read: \(reason)"
        case .standardInputIsTerminal:
            "-: standard input is a terminal; pipe audio into it"
        case .cannotSpool(let folder, let reason):
            "-: standard input cannot be kept in a temporary file in \(folder.printable): \(reason)"
        case .standardInputTooLarge(let maximumBytes):
            "-: standard input is longer than \(maximumBytes) bytes, the most that is kept of it"
        case .emptyFile(let file):
            "\(file.printable): is empty (0 bytes)"
        case .notAudio(let file):
            "\(file.printable): is not an audio file of any known format"
        case .unsupportedFormat(let file, let format):
            "\(file.printable): is \(format), which cannot be read here; "
                + "convert it: \(ForeignFormat.conversion(of: file))"
        case .malformed(let file, let format):
            "\(file.printable): begins like \(format), but is damaged or coded in an unsupported way"
        case .damaged(let file, let format, let byte):
            "\(file.printable): is damaged: no \(format) data where it should continue, at byte \(byte)"
        case .noSamples(let file):
            "\(file.printable): has an audio header, but no samples"
        case .truncated(let file, let expectedBytes, let actualBytes):
            "\(file.printable): is cut off: its header promises \(expectedBytes) bytes, "
                + "it has \(actualBytes)"
        case .incomplete(let file, let expectedSamples, let actualSamples):
            "\(file.printable): is cut off or damaged: its header promises \(expectedSamples) samples, "
                + "\(actualSamples) can be decoded"
        case .missingEndOfStream(let file, let actualBytes):
            "\(file.printable): is cut off: no end of the Ogg stream within its \(actualBytes) bytes"
        case .severalStreams(let file, let byte):
            "\(file.printable): holds several sounds in a row (the next begins at byte \(byte)); "
                + "split it into one file each"
        case .decodingFailed(let file, let sample, let reason):
            "\(file.printable): cannot be decoded from sample \(sample) on: \(reason)"
        case .channelCountOutOfRange(let file, let channels, let supported):
            "\(file.printable): has \(channels) channels; "
                + "\(supported.lowerBound) to \(supported.upperBound) are supported"
        case .sampleRateOutOfRange(let file, let sampleRate, let supported):
            "\(file.printable): has a sample rate of \(sampleRate) Hz; "
                + "\(supported.lowerBound) to \(supported.upperBound) Hz are supported"
        case .noSuchChannel(let file, let channel, let channelCount):
            "\(file.printable): has no channel \(channel); "
                + (channelCount == 1 ? "its only channel is 1" : "its channels are 1 to \(channelCount)")
        case .notFinite(let file, let sample):
            "\(file.printable): sample \(sample) is not a finite number"
        case .wrongScale(let file, let sample, let value):
            "\(file.printable): sample \(sample) is \(value), but full scale is 1; "
                + "it seems to hold integers written as floating point"
        case .tooLong(let file, let seconds, let maximumSeconds):
            "\(file.printable): lasts \(rounded(seconds)) s or more; "
                + "at most \(rounded(maximumSeconds)) s are read at once"
        case .rawWithHeader(let file, let format):
            "\(file.printable): is not raw samples, but begins like \(format)"
        case .notWAVStream(let file):
            "\(file.printable): is no WAV of plain samples, the only format that can be heard as it arrives; "
                + "pipe it through ffmpeg -f wav, or give raw samples"
        case .rawWithOddByteCount(let file, let bytes):
            "\(file.printable): \(bytes) bytes are no whole number of raw 16-bit samples"
        case .codecFailed(let codec, let reason):
            "sound cannot be coded as \(codec): \(reason)"
        }
    }
}

/// Seconds to one decimal place.
private func rounded(_ seconds: Double) -> Double { (seconds * 10).rounded() / 10 }

/// What the user should know of a sound that was read all the same.
package enum AudioNotice: Sendable, Equatable {
    /// The mean of the channels has far less energy than each of them, so that what was recorded is mostly lost.
    case channelsCancel(source: String, channelCount: Int)

    private static let receiver = Mutex<(@Sendable (AudioNotice) -> Void)?>(nil)

    /// Has every notice, of all sounds that the process reads from now on, handed to `body`, from any thread.
    ///
    /// The library prints nothing by itself; a program calls this once, at its start.
    package static func receive(_ body: @escaping @Sendable (AudioNotice) -> Void) {
        receiver.withLock { $0 = body }
    }

    /// Hands the notice to whoever receives them.
    package func send() {
        Self.receiver.withLock { $0 }?(self)
    }
}

extension AudioNotice: CustomStringConvertible {
    /// One line: which sound, what is the matter, what to do.
    package var description: String {
        switch self {
        case .channelsCancel(let source, let channelCount):
            "\(source.printable): its \(channelCount) channels cancel each other when they are averaged; "
                + "choose one of them, --channel 1 for instance"
        }
    }
}
