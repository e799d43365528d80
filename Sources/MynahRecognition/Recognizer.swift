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
    private lazy var batch: ClipNetwork = makeBatch()

    /// Windows of a long clip that go through the network together: fewer where they would take too much memory.
    fileprivate let batchSize: Int

    /// Prepares to recognize with a model.
    ///
    /// - Throws: ``RecognitionError`` when front end or network of the model cannot be built.
    public init(model: CommandModel) throws(RecognitionError) {
        self.model = model
        single = try ClipNetwork(model)
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

        /// The samples that a window may still need, from ``start`` of the clip on.
        private var samples: [Float] = []
        private var start = 0
        private var best: SurestAnswer
        private var bestStart = 0

        init(_ recognizer: Recognizer) {
            self.recognizer = recognizer
            windowLength = recognizer.model.clipSampleCount
            hop = max(1, windowLength / Recognizer.windowsPerClip)
            best = SurestAnswer(labels: recognizer.model.labels)
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
                labels: recognizer.model.labels, posteriors: best.posteriors ?? [],
                windowStart: Double(bestStart) / rate, duration: Double(clipLength) / rate)
        }

        /// Runs the first `count` windows over ``samples`` through the network.
        private mutating func hear(count: Int) {
            let slices = (0..<count).map { samples[$0 * hop..<$0 * hop + windowLength] }
            for (index, posteriors) in recognizer.posteriors(of: slices).enumerated() {
                if best.consider(posteriors) { bestStart = start + index * hop }
            }
        }
    }
}
