public import MynahAudio
import MynahBase

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
        package static let noSamples = Failure(reason: "no samples")
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

    /// A decoder of audio files of any format, which converts their rate and makes one channel of several.
    ///
    /// - Precondition: `sampleRate` is within `AudioReader.supportedSampleRates`.
    public static func audioFiles(
        sampleRate: Int, channel: ChannelSelection = .average
    ) -> ClipDecoder {
        precondition(
            AudioReader.supportedSampleRates.contains(sampleRate),
            "sample rate must be in \(AudioReader.supportedSampleRates) Hz, got \(sampleRate) Hz")
        return ClipDecoder(sampleRate: sampleRate) { path, maximumSeconds in
            do throws(AudioError) {
                let source = AudioSource.file(path: path)
                return .success(
                    try Waveform(
                        contentsOf: source, sampleRate: sampleRate, channel: channel,
                        maximumDuration: maximumSeconds))
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
    package func samples(of path: String, maximumSeconds: Double) -> Result<QuantizedSamples, Failure> {
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

    /// The samples of long recordings, in the order of the files, and what cannot be decoded.
    ///
    /// One group of files at a time is decoded, so that no more than a few are in memory when the limit is reached.
    ///
    /// - Returns: nil when they do not fit into `limits.bytes`.
    func recordings(
        of files: [(path: String, name: String)], threads: Int, limits: ClipStore.Limits
    ) -> (decoded: [(name: String, samples: QuantizedSamples)], unreadable: [ClipStore.Unreadable])? {
        var decoded: [(name: String, samples: QuantizedSamples)] = []
        var unreadable: [ClipStore.Unreadable] = []
        var bytes = 0
        for start in stride(from: 0, to: files.count, by: max(1, threads)) {
            let group = files[start..<min(files.count, start + max(1, threads))]
            let results = concurrentMap(group.count, threads: threads) { index in
                samples(of: files[start + index].path, maximumSeconds: limits.clipSeconds)
            }
            for (file, result) in zip(group, results) {
                switch result {
                case .success(let samples):
                    bytes += samples.count * MemoryLayout<Int16>.stride
                    decoded.append((file.name, samples))
                case .failure(let failure):
                    unreadable.append(ClipStore.Unreadable(name: file.name, reason: failure.reason))
                }
            }
            if bytes > limits.bytes { return nil }
        }
        return (decoded, unreadable)
    }
}
