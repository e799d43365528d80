package import MynahNetwork

/// The decoded recordings of `_background_noise_`, from which random windows are drawn.
///
/// In Speech Commands all splits draw from the same recordings, so that a network is tested on the very noise that it
/// has learned. Here each split has its own part of every recording: the first 80 % for training, the next 10 % for
/// validation, the last 10 % for testing. A part shorter than the window is repeated.
public struct BackgroundNoise: Sendable {
    /// The noise recordings that could not be decoded.
    public let unreadable: [ClipStore.Unreadable]

    /// Total length of the recordings, in seconds.
    public let seconds: Double

    private let recordings: [QuantizedSamples]

    /// No recordings: noise is digital silence.
    public static let none = BackgroundNoise()

    private init() {
        unreadable = []
        seconds = 0
        recordings = []
    }

    /// Decodes the noise recordings of a folder on `threads` threads.
    ///
    /// Recordings longer than `limits.clipSeconds` count as unreadable.
    ///
    /// - Throws: `TrainingError.tooMuchAudio` when they do not fit into `limits.bytes`.
    public init(
        decoding folder: LabelledFolder, with decoder: ClipDecoder, threads: Int,
        limits: ClipStore.Limits = ClipStore.Limits(clipSeconds: 900, bytes: 1 << 30)
    ) throws(TrainingError) {
        let files = folder.noiseFiles
        var recordings: [QuantizedSamples] = []
        var unreadable: [ClipStore.Unreadable] = []
        var bytes = 0
        // One group of files at a time, so that no more than a few are in memory when the limit is reached.
        for start in stride(from: 0, to: files.count, by: max(1, threads)) {
            let group = files[start..<min(files.count, start + max(1, threads))]
            let decoded = concurrentMap(group.count, threads: threads) { index in
                decoder.samples(of: files[start + index].path, maximumSeconds: limits.clipSeconds)
            }
            for (file, result) in zip(group, decoded) {
                switch result {
                case .success(let samples):
                    bytes += samples.count * MemoryLayout<Int16>.stride
                    recordings.append(samples)
                case .failure(let failure):
                    unreadable.append(ClipStore.Unreadable(name: file.name, reason: failure.reason))
                }
            }
            if bytes > limits.bytes { throw .tooMuchNoise(fileCount: files.count, limitBytes: limits.bytes) }
        }
        self.recordings = recordings
        self.unreadable = unreadable
        seconds = Double(bytes / MemoryLayout<Int16>.stride) / Double(decoder.sampleRate)
    }

    /// Number of recordings.
    public var count: Int { recordings.count }

    /// Adds a random window of noise to all of `output`, without holding the sum within ±1.
    ///
    /// Recording and place are drawn uniformly from the part that belongs to `split`. Two numbers are drawn whatever
    /// the recordings are.
    package func add(
        to output: inout [Float], from split: DataSplit, volume: Float, using generator: inout SeededGenerator
    ) {
        let which = generator.index(below: max(1, recordings.count))
        guard which < recordings.count else {
            _ = generator.next()
            return
        }
        let values = recordings[which].values
        let part = Self.part(of: values.count, for: split)
        var position = part.lowerBound + generator.index(below: max(1, part.count - output.count + 1))
        let scale = volume * QuantizedSamples.step
        for index in output.indices {
            if position >= part.upperBound { position = part.lowerBound }
            output[index] += scale * Float(values[position])
            position += 1
        }
    }

    /// The samples of a recording that belong to a split; never empty for `count` ≥ 1.
    static func part(of count: Int, for split: DataSplit) -> Range<Int> {
        let bounds: (Int, Int) =
            switch split {
            case .training: (0, count * 8 / 10)
            case .validation: (count * 8 / 10, count * 9 / 10)
            case .testing: (count * 9 / 10, count)
            }
        // Of fewer than ten samples every split takes all.
        return bounds.0 < bounds.1 && count >= 10 ? bounds.0..<bounds.1 : 0..<count
    }
}
