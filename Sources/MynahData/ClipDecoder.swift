package import MynahAudio
import MynahBase

/// Turns an audio file into samples at one sample rate.
///
/// The data half of training knows nothing of audio formats but this closure, so that a test can do without files.
package struct ClipDecoder: Sendable {
    /// Why a file is not used, in words for the user.
    package struct Failure: Error, Hashable, Sendable {
        /// The reason, without the file's name.
        package let reason: String

        /// Whether something was there once and is spoilt, as a part of a pack.
        let isDamage: Bool

        /// A failure with a reason.
        package init(reason: String, isDamage: Bool = false) {
            self.reason = reason
            self.isDamage = isDamage
        }

        /// A file that can be read and is empty.
        package static let noSamples = Failure(reason: "no samples")

        static let notFinite = Failure(reason: "samples that are not finite")

        static func otherRate(_ rate: Int, expected: Int) -> Failure {
            Failure(reason: "\(rate) Hz, expected \(expected) Hz")
        }

        /// The reason of an error, without the path: a list of unreadable files has the name already.
        init(_ error: AudioError, path: String) {
            let prefix = "\(path.printable): "
            let line = error.description
            self.init(reason: line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line)
        }
    }

    /// The sample rate of the result, in Hz.
    package let sampleRate: Int

    /// Hands over the samples of a file block by block.
    private typealias Reader =
        @Sendable (_ path: String, _ onBlock: (_ block: [Float]) -> Void) -> Failure?

    private let decode: @Sendable (_ path: String, _ maximumSeconds: Double) -> Result<Waveform, Failure>
    private let read: Reader

    /// The samples of what is kept as whole numbers at ``sampleRate``, as they are; nil for all else.
    private let kept: @Sendable (_ path: String) -> Result<[Int16], Failure>?

    /// A decoder that calls `decode` with a path and the longest duration that is accepted, in seconds.
    package init(
        sampleRate: Int,
        decode: @escaping @Sendable (_ path: String, _ maximumSeconds: Double) -> Result<Waveform, Failure>
    ) {
        self.init(sampleRate: sampleRate, decode: decode) { path, onBlock in
            switch decode(path, .infinity) {
            case .success(let waveform) where waveform.sampleRate != sampleRate:
                return .otherRate(waveform.sampleRate, expected: sampleRate)
            case .success(let waveform):
                onBlock(waveform.samples)
                return nil
            case .failure(let failure): return failure
            }
        }
    }

    private init(
        sampleRate: Int,
        decode: @escaping @Sendable (_ path: String, _ maximumSeconds: Double) -> Result<Waveform, Failure>,
        read: @escaping Reader,
        kept: @escaping @Sendable (_ path: String) -> Result<[Int16], Failure>? = { _ in nil }
    ) {
        self.sampleRate = sampleRate
        self.decode = decode
        self.read = read
        self.kept = kept
    }

    /// A decoder of audio files of any format, which converts their rate and makes one channel of several.
    ///
    /// - Precondition: `sampleRate` is within `AudioReader.supportedSampleRates`.
    package static func audioFiles(
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
                return .failure(Failure(error, path: path))
            }
        } read: { path, onBlock in
            do throws(AudioError) {
                var stream = try AudioStream(
                    .file(path: path), sampleRate: sampleRate, channel: channel)
                var block: [Float] = []
                while try stream.read(into: &block) { onBlock(block) }
                return nil
            } catch {
                return Failure(error, path: path)
            }
        }
    }

    /// A decoder of the recordings of packs, and of files elsewhere.
    ///
    /// - Precondition: `sampleRate` is within `AudioReader.supportedSampleRates`.
    static func recordings(
        in packs: [RecordingPack], sampleRate: Int, channel: ChannelSelection
    ) -> ClipDecoder {
        let files = audioFiles(sampleRate: sampleRate, channel: channel)
        guard !packs.isEmpty else { return files }
        /// The samples of a packed recording, and their rate; nil where a path leads to none.
        @Sendable func packedSamples(_ path: String) -> (sampleRate: Int, samples: Result<[Int16], Failure>)?
        {
            for pack in packs {
                guard let source = pack.source(ofPath: path) else { continue }
                if case .channel(let number) = channel, number > 1 {
                    let reason = "has 1 channel, not the chosen channel \(number)"
                    return (pack.sampleRate, .failure(Failure(reason: reason)))
                }
                return (pack.sampleRate, pack.samples(of: source))
            }
            return nil
        }
        @Sendable func packed(_ path: String) -> Result<Waveform, Failure>? {
            guard let (rate, samples) = packedSamples(path) else { return nil }
            return samples.map { samples in
                let sound = Waveform(
                    samples: samples.map { Float($0) * QuantizedSamples.step }, sampleRate: rate)
                return rate == sampleRate ? sound : sound.resampled(to: sampleRate)
            }
        }
        return ClipDecoder(sampleRate: sampleRate) { path, maximumSeconds in
            packed(path) ?? files.decode(path, maximumSeconds)
        } read: { path, onBlock in
            switch packed(path) {
            case nil: return files.read(path, onBlock)
            case .success(let sound):
                onBlock(sound.samples)
                return nil
            case .failure(let failure): return failure
            }
        } kept: { path in
            packedSamples(path).flatMap { $0.sampleRate == sampleRate ? $0.samples : nil }
        }
    }

    /// The samples of a file, or why they cannot be had: also when it is empty, too long or not finite.
    package func samples(of path: String, maximumSeconds: Double) -> Result<QuantizedSamples, Failure> {
        func fault(sampleCount: Int) -> Failure? {
            guard sampleCount > 0 else { return .noSamples }
            let isTooLong = Double(sampleCount) / Double(sampleRate) > maximumSeconds
            return isTooLong ? Failure(reason: "longer than \(Int(maximumSeconds)) s") : nil
        }
        if let kept = kept(path) {
            return kept.flatMap { samples in
                fault(sampleCount: samples.count).map(Result.failure)
                    ?? .success(QuantizedSamples(values: samples))
            }
        }
        return decode(path, maximumSeconds).flatMap { waveform in
            guard waveform.sampleRate == sampleRate else {
                return .failure(.otherRate(waveform.sampleRate, expected: sampleRate))
            }
            if let fault = fault(sampleCount: waveform.samples.count) { return .failure(fault) }
            guard waveform.samples.allSatisfy(\.isFinite) else {
                return .failure(.notFinite)
            }
            return .success(QuantizedSamples(waveform.samples))
        }
    }

    /// Hands over all samples of a file of any length, block by block, and returns why that could not be done, or could
    /// not be done to the end.
    package func readBlocks(of path: String, _ onBlock: (_ block: [Float]) -> Void) -> Failure? {
        var isFinite = true
        let failure = read(path) { block in
            isFinite = isFinite && block.allSatisfy(\.isFinite)
            if isFinite { onBlock(block) }
        }
        return failure ?? (isFinite ? nil : .notFinite)
    }
}
