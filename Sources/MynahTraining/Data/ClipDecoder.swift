public import MynahAudio
import MynahText

/// Turns an audio file into samples at one sample rate.
///
/// The data half of training knows nothing of audio formats but this closure, so that a test can do without files.
public struct ClipDecoder: Sendable {
    /// Why a file is not used, in words for the user.
    public struct Failure: Error, Hashable, Sendable {
        /// The reason, without the file's name.
        public let reason: String

        /// A failure with a reason.
        public init(reason: String) {
            self.reason = reason
        }

        /// A file that can be read and is empty.
        static let noSamples = Failure(reason: "no samples")
    }

    /// The sample rate of the result, in Hz.
    public let sampleRate: Int

    private let decode: @Sendable (_ path: String, _ maximumSeconds: Double) -> Result<Waveform, Failure>

    /// A decoder that calls `decode` with a path and the longest duration that is accepted, in seconds.
    public init(
        sampleRate: Int,
        decode: @escaping @Sendable (_ path: String, _ maximumSeconds: Double) -> Result<Waveform, Failure>
    ) {
        self.sampleRate = sampleRate
        self.decode = decode
    }

    /// A decoder of audio files of any format, the channels averaged and the rate converted.
    ///
    /// - Precondition: `sampleRate` is within `AudioReader.supportedSampleRates`.
    public static func audioFiles(sampleRate: Int) -> ClipDecoder {
        precondition(
            AudioReader.supportedSampleRates.contains(sampleRate),
            "sample rate must be in \(AudioReader.supportedSampleRates) Hz, got \(sampleRate) Hz")
        return ClipDecoder(sampleRate: sampleRate) { path, maximumSeconds in
            do throws(AudioError) {
                let source = AudioSource.file(path: path)
                return .success(
                    try Waveform(contentsOf: source, sampleRate: sampleRate, maximumDuration: maximumSeconds))
            } catch {
                // A list of unreadable files has the name already.
                let prefix = "\(path.printable): "
                let line = error.description
                return .failure(
                    Failure(reason: line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line))
            }
        }
    }

    /// The samples of a file, or why they cannot be had: also when it is empty, too long or not finite.
    func samples(of path: String, maximumSeconds: Double) -> Result<QuantizedSamples, Failure> {
        decode(path, maximumSeconds).flatMap { waveform in
            guard waveform.sampleRate == sampleRate else {
                return .failure(Failure(reason: "\(waveform.sampleRate) Hz, expected \(sampleRate) Hz"))
            }
            guard !waveform.samples.isEmpty else { return .failure(.noSamples) }
            guard waveform.duration <= maximumSeconds else {
                return .failure(Failure(reason: "longer than \(Int(maximumSeconds)) s"))
            }
            guard waveform.samples.allSatisfy(\.isFinite) else {
                return .failure(Failure(reason: "samples that are not finite"))
            }
            return .success(QuantizedSamples(waveform.samples))
        }
    }
}
