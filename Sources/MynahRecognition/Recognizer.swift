public import MynahAudio
import MynahFeatures
public import MynahModel
import MynahNetwork

/// Names the command in a clip.
///
/// The network hears a clip through the window that it was trained on (1 s, say). A shorter clip is followed by silence;
/// in a longer one the window moves by a quarter of its length, and the window that is surest of a command decides, or
/// where no window hears a command, the one that is surest of `_unknown_`. Memory does not grow with the clip.
///
/// A recognizer serves one thread; any number of them share a model.
public final class Recognizer {
    /// Part of the window by which it moves through a long clip.
    private static let windowsPerClip = 4

    /// Windows of a long clip that go through the network together, at most.
    private static let largestBatchSize = 16

    /// Samples of a waveform that are taken at once: what has been heard of it need not be moved often.
    private static let blockLength = 1 << 16

    /// The model.
    public let model: CommandModel

    private var extractor: FeatureExtractor
    private let single: NetworkPass
    private lazy var batch: NetworkPass = makePass(batchSize: batchSize)

    /// Windows of a long clip that go through the network together: fewer where they would take too much memory.
    fileprivate let batchSize: Int

    /// Prepares to recognize with a model.
    ///
    /// - Throws: ``RecognitionError`` when front end or network of the model cannot be built.
    public init(model: CommandModel) throws(RecognitionError) {
        self.model = model
        do {
            extractor = try FeatureExtractor(model.frontEnd)
        } catch {
            throw .frontEnd(error)
        }
        let frameCount = model.frontEnd.frameCount(sampleCount: model.clipSampleCount)
        batchSize = model.network.batchSize(Self.largestBatchSize, frameCount: frameCount)
        do {
            single = try NetworkPass(model.network, frameCount: frameCount, batchSize: 1)
        } catch {
            throw .network(error)
        }
    }

    /// Recognizes a file or standard input; any sample rate is converted to the model's.
    ///
    /// - Throws: ``RecognitionError/audio(_:)`` when the sound cannot be read to its end.
    public func recognize(
        _ source: AudioSource, channel: ChannelSelection = .average
    ) throws(RecognitionError) -> Recognition {
        do {
            var stream = try AudioStream(source, sampleRate: model.frontEnd.sampleRate, channel: channel)
            var windows = Windows(self)
            var block: [Float] = []
            while try stream.read(into: &block) {
                windows.add(block[...])
            }
            return windows.finish()
        } catch {
            throw .audio(error)
        }
    }

    /// Recognizes a waveform; any sample rate is converted to the model's.
    public func recognize(_ waveform: Waveform) -> Recognition {
        var samples = waveform.samples
        if waveform.sampleRate != model.frontEnd.sampleRate {
            var resampler = Resampler(from: waveform.sampleRate, to: model.frontEnd.sampleRate)
            samples = []
            resampler.process(waveform.samples.span, appendingTo: &samples)
            resampler.finish(appendingTo: &samples)
        }
        var windows = Windows(self)
        for start in stride(from: 0, to: samples.count, by: Self.blockLength) {
            windows.add(samples[start..<min(samples.count, start + Self.blockLength)])
        }
        return windows.finish()
    }

    /// Posteriors of one window of samples, `[C]`.
    fileprivate func posteriors(of window: ArraySlice<Float>) -> [Float] {
        single.setInput(clip: 0, features: features(of: window))
        return model.posteriors(ofLogits: single.forward(model.preparedNetwork))
    }

    /// Posteriors of up to ``batchSize`` windows, `[C]` each.
    fileprivate func posteriors(of windows: [ArraySlice<Float>]) -> [[Float]] {
        guard windows.count > 1 else { return windows.map(posteriors(of:)) }
        for (clip, window) in windows.enumerated() {
            batch.setInput(clip: clip, features: features(of: window))
        }
        let classCount = model.labels.count
        let all = model.posteriors(ofLogits: batch.forward(model.preparedNetwork))
        return windows.indices.map { Array(all[$0 * classCount..<($0 + 1) * classCount]) }
    }

    /// Normalized features of a window of samples, `[T, D]`.
    private func features(of window: ArraySlice<Float>) -> [Float] {
        var features = extractor.features(of: Array(window))
        model.normalizer.normalize(&features)
        return features.values
    }

    private func makePass(batchSize: Int) -> NetworkPass {
        do {
            return try NetworkPass(model.network, frameCount: single.frameCount, batchSize: batchSize)
        } catch {
            preconditionFailure("the network was built before: \(error)")
        }
    }

    /// The window on its way through a clip.
    private struct Windows {
        private let recognizer: Recognizer
        private let windowLength: Int
        private let hop: Int

        /// The samples that a window may still need, from ``start`` of the clip on.
        private var samples: [Float] = []
        private var start = 0
        private var best: (rank: Int, probability: Float, posteriors: [Float], start: Int)?

        init(_ recognizer: Recognizer) {
            self.recognizer = recognizer
            windowLength = recognizer.model.clipSampleCount
            hop = max(1, windowLength / Recognizer.windowsPerClip)
        }

        /// Takes the next samples; windows wait until a batch of them is full and one more is left for the end.
        mutating func add(_ block: ArraySlice<Float>) {
            samples += block
            while samples.count >= windowLength + recognizer.batchSize * hop {
                hear(count: recognizer.batchSize)
                samples.removeFirst(recognizer.batchSize * hop)
                start += recognizer.batchSize * hop
            }
        }

        /// Hears what is left and decides.
        mutating func finish() -> Recognition {
            let clipLength = start + samples.count
            if samples.count < windowLength {
                samples += [Float](repeating: 0, count: windowLength - samples.count)
            }
            hear(count: (samples.count - windowLength) / hop + 1)
            // The last window ends where the clip ends, so that no sample goes unheard.
            if (samples.count - windowLength) % hop != 0 {
                samples.removeFirst(samples.count - windowLength)
                start = clipLength - windowLength
                hear(count: 1)
            }
            let rate = Double(recognizer.model.frontEnd.sampleRate)
            return Recognition(
                labels: recognizer.model.labels, posteriors: best?.posteriors ?? [],
                windowStart: Double(best?.start ?? 0) / rate, duration: Double(clipLength) / rate)
        }

        /// Runs the first `count` windows over ``samples`` through the network.
        private mutating func hear(count: Int) {
            let slices = (0..<count).map { samples[$0 * hop..<$0 * hop + windowLength] }
            for (index, posteriors) in recognizer.posteriors(of: slices).enumerated() {
                consider(posteriors, start: start + index * hop)
            }
        }

        private mutating func consider(_ posteriors: [Float], start: Int) {
            let top = posteriors.indices.max { (posteriors[$0], $1) < (posteriors[$1], $0) } ?? 0
            let rank =
                switch recognizer.model.labels[top] {
                case StandardLabel.silence: 0
                case StandardLabel.unknown: 1
                default: 2
                }
            if let best, (best.rank, best.probability) >= (rank, posteriors[top]) { return }
            best = (rank, posteriors[top], posteriors, start)
        }
    }
}
