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

    private let single: ClipNetwork
    private let spelling: ClipSpelling?
    private lazy var batch: ClipNetwork = makeBatch()

    /// Windows of a long clip that go through the network together: fewer where they would take too much memory.
    fileprivate let batchSize: Int

    /// Prepares to recognize with a model.
    ///
    /// - Parameters:
    ///   - model: what names the command.
    ///   - verifier: a second opinion on each clip, by the letters in it; the words of the model have to have been taught with the same one.
    /// - Throws: ``RecognitionError`` when front end or network of the model cannot be built, or its words were not taught with the
    ///   verifier.
    public init(model: CommandModel, verifier: SpellingVerifier? = nil) throws(RecognitionError) {
        self.model = model
        single = try ClipNetwork(model)
        var spelling: ClipSpelling?
        if let verifier { spelling = try ClipSpelling(verifier, model: model) }
        self.spelling = spelling
        batchSize = model.network.batchSize(
            Self.largestBatchSize, frameCount: model.frontEnd.frameCount(sampleCount: model.clipSampleCount))
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

    /// Recognizes a waveform; its sample rate is converted to the model's.
    ///
    /// - Parameter waveform: finite samples, at the rate of the model or at 4,000 to 384,000 Hz; traps at other rates.
    public func recognize(_ waveform: Waveform) -> Recognition {
        let samples = waveform.resampled(to: model.frontEnd.sampleRate).samples
        var windows = Windows(self)
        for start in stride(from: 0, to: samples.count, by: Self.blockLength) {
            windows.add(samples[start..<min(samples.count, start + Self.blockLength)])
        }
        return windows.finish()
    }

    /// Posteriors of up to ``batchSize`` windows, `[C]` each.
    fileprivate func posteriors(of windows: [ArraySlice<Float>]) -> [[Float]] {
        (windows.count > 1 ? batch : single).posteriors(of: windows)
    }

    private func makeBatch() -> ClipNetwork {
        do {
            return try ClipNetwork(model, batchSize: batchSize)
        } catch {
            preconditionFailure("the network was built before: \(error)")
        }
    }

    /// The window on its way through a clip.
    private struct Windows {
        private let recognizer: Recognizer
        private let windowLength: Int
        private let hop: Int

        /// The samples that a window may still need, from ``start`` of the clip on, and ``margin`` samples before that, or as many as
        /// there are.
        private var samples: [Float] = []
        private var start = 0
        private var best: SurestAnswer
        private var bestStart = 0

        /// Samples that are heard on both sides of the window that counts, by whoever has a second opinion on it.
        private let margin: Int
        private var bestSurroundings: [Float] = []

        /// Samples before ``start``.
        private var keptCount: Int { min(start, margin) }

        init(_ recognizer: Recognizer) {
            self.recognizer = recognizer
            windowLength = recognizer.model.clipSampleCount
            hop = max(1, windowLength / Recognizer.windowsPerClip)
            best = SurestAnswer(labels: recognizer.model.labels)
            margin =
                recognizer.spelling == nil
                ? 0 : Int(SpellingVerifier.marginSeconds * Double(recognizer.model.sampleRate))
        }

        /// Takes the next samples; windows wait until a batch of them is full and one more is left for the end.
        mutating func add(_ block: ArraySlice<Float>) {
            samples += block
            hearBatches(leaving: margin)
        }

        /// Hears full batches of windows as long as so many samples are left behind them.
        private mutating func hearBatches(leaving rest: Int) {
            let length = recognizer.batchSize * hop
            while samples.count - keptCount >= windowLength + length + rest {
                hear(count: recognizer.batchSize)
                advance(by: length)
            }
        }

        /// Moves ``start``, and forgets what is no longer needed.
        private mutating func advance(by count: Int) {
            let kept = keptCount
            start += count
            samples.removeFirst(kept + count - keptCount)
        }

        /// Hears what is left and decides.
        mutating func finish() -> Recognition {
            let clipLength = start + samples.count - keptCount
            let missing = windowLength - (samples.count - keptCount)
            if missing > 0 { samples += [Float](repeating: 0, count: missing) }
            hearBatches(leaving: 0)
            let left = samples.count - keptCount - windowLength
            hear(count: left / hop + 1)
            // The last window ends where the clip ends, so that no sample goes unheard.
            if left % hop != 0 {
                advance(by: left)
                hear(count: 1)
            }
            let rate = Double(recognizer.model.frontEnd.sampleRate)
            var posteriors = best.posteriors ?? []
            if let spelling = recognizer.spelling {
                posteriors = spelling.pool(posteriors, samples: bestSurroundings)
            }
            return Recognition(
                labels: recognizer.model.labels, posteriors: posteriors,
                windowStart: Double(bestStart) / rate, duration: Double(clipLength) / rate)
        }

        /// Runs the first `count` windows over ``samples`` through the network.
        private mutating func hear(count: Int) {
            let kept = keptCount
            let slices = (0..<count).map { samples[kept + $0 * hop..<kept + $0 * hop + windowLength] }
            for (index, posteriors) in recognizer.posteriors(of: slices).enumerated()
            where best.consider(posteriors) {
                bestStart = start + index * hop
                guard margin > 0 else { continue }
                let window = kept + index * hop
                bestSurroundings = Array(
                    samples[max(0, window - margin)..<min(samples.count, window + windowLength + margin)])
            }
        }
    }
}
