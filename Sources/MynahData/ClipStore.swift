import MynahBase
import Synchronization

/// The decoded clips of one split, in memory once for all epochs.
///
/// Samples are kept as 16-bit integers (see `QuantizedSamples`), one array for each clip: 29 thousand clips of one
/// second at 16 kHz take 0.93 GB.
package struct ClipStore: Sendable {
    /// An audio file that is not used, and why.
    package struct Unreadable: Codable, Hashable, Sendable {
        /// `word/file` inside its folder.
        package let name: String

        /// The reason in words, without the file's name.
        package let reason: String
    }

    /// The bounds within which clips are accepted.
    package struct Limits: Hashable, Sendable {
        /// The longest clip, in seconds; longer ones count as unreadable.
        package var clipSeconds: Double

        /// The most memory for the samples of one store, in bytes.
        package var bytes: Int

        /// Limits with the given values.
        package init(clipSeconds: Double = 60, bytes: Int = 6 << 30) {
            self.clipSeconds = clipSeconds
            self.bytes = bytes
        }
    }

    /// Which split the clips are of.
    package let split: DataSplit

    /// Samples per second, in Hz.
    package let sampleRate: Int

    /// The names of all labels, `[C]`.
    package let labels: [String]

    /// Index of `_silence_` in `labels`, if there is one.
    package let silenceLabel: Int?

    /// Index of `_unknown_` in `labels`, if there is one.
    package let unknownLabel: Int?

    /// The clips that could be decoded, in the order of `LabelledFolder.clips`.
    package let clips: [LabelledClip]

    /// The clips that could not be decoded, in the same order.
    package let unreadable: [Unreadable]

    private let samples: [QuantizedSamples]

    /// Decodes all clips of a split, clip by clip on `threads` threads; the result does not depend on their number.
    ///
    /// - Parameters:
    ///   - folder: The folder whose clips are decoded.
    ///   - split: The split that they are of.
    ///   - decoder: Reads one file.
    ///   - threads: Number of threads, at least 1.
    ///   - limits: The bounds within which clips are accepted.
    ///   - onDecoded: Called after each clip with the number of clips done so far, on any thread and out of order.
    /// - Throws: `DataError.noReadableClips` when a label that has clips in the split is left with none,
    ///   `.tooMuchAudio` when they do not fit into `limits.bytes`.
    package init(
        decoding folder: LabelledFolder, split: DataSplit, with decoder: ClipDecoder, threads: Int,
        limits: Limits = Limits(), onDecoded: @Sendable (_ count: Int) -> Void = { _ in }
    ) throws(DataError) {
        let clips = folder.clips(in: split)
        var decoding = ClipDecoding(clips, with: decoder, threads: threads, limits: limits)
        decoding.decode(Array(clips.indices), onDecoded: onDecoded)
        try self.init(decoding, of: folder, split: split)
    }

    /// Decodes those clips of a split that an `EvaluationSelection` chooses, and no others.
    ///
    /// Where one of them cannot be read, the next one in its order is taken, as if all had been decoded. For the
    /// parameters and errors see `init(decoding:split:with:threads:limits:onDecoded:)`.
    package init(
        decodingSelectionOf folder: LabelledFolder, split: DataSplit,
        shares: SamplingShares = SamplingShares(),
        with decoder: ClipDecoder, threads: Int, limits: Limits = Limits(),
        onDecoded: @Sendable (_ count: Int) -> Void = { _ in }
    ) throws(DataError) {
        try shares.validate()
        let clips = folder.clips(in: split)
        let pools = ExamplePools(clips, silenceLabel: folder.silenceLabel, unknownLabel: folder.unknownLabel)
        var decoding = ClipDecoding(clips, with: decoder, threads: threads, limits: limits)
        decoding.decode(pools.words, onDecoded: onDecoded)
        let words = decoding.readableCount(of: pools.words)
        for (pool, share) in [(pools.unknown, shares.unknown), (pools.silence, shares.silence)] {
            let wanted = SamplingShares.examples(share, of: words)
            var rest = EvaluationSelection.order(of: pool, in: clips)[...]
            var found = 0
            while found < wanted, !rest.isEmpty {
                let next = Array(rest.prefix(wanted - found))
                rest = rest.dropFirst(next.count)
                decoding.decode(next, onDecoded: onDecoded)
                found += decoding.readableCount(of: next)
            }
        }
        try self.init(decoding, of: folder, split: split)
    }

    /// Keeps what has been decoded.
    private init(_ decoding: ClipDecoding, of folder: LabelledFolder, split: DataSplit) throws(DataError) {
        guard decoding.byteCount <= decoding.limits.bytes else {
            throw .tooMuchAudio(
                split: split, clipCount: decoding.clips.count, limitBytes: decoding.limits.bytes)
        }
        var clips: [LabelledClip] = []
        var samples: [QuantizedSamples] = []
        var unreadable: [Unreadable] = []
        for (clip, result) in zip(decoding.clips, decoding.results) {
            switch result {
            case .success(let decodedSamples):
                clips.append(clip)
                samples.append(decodedSamples)
            case .failure(let failure):
                unreadable.append(Unreadable(name: clip.name, reason: failure.reason))
            case nil: break
            }
        }
        let readable = Set(clips.map(\.label))
        for (clip, result) in zip(decoding.clips, decoding.results) where !readable.contains(clip.label) {
            guard case .failure(let failure) = result else { continue }
            throw .noReadableClips(
                label: folder.labels[clip.label], split: split,
                count: decoding.clips.count { $0.label == clip.label },
                firstPath: clip.path, firstReason: failure.reason)
        }
        self.split = split
        sampleRate = decoding.decoder.sampleRate
        labels = folder.labels
        silenceLabel = folder.silenceLabel
        unknownLabel = folder.unknownLabel
        self.clips = clips
        self.samples = samples
        self.unreadable = unreadable
    }

    /// Length of a clip, in samples.
    package func sampleCount(ofClip index: Int) -> Int {
        samples[index].count
    }

    /// Length of a clip, in seconds.
    package func seconds(ofClip index: Int) -> Double {
        Double(samples[index].count) / Double(sampleRate)
    }

    /// Memory that the samples take, in bytes.
    package var byteCount: Int {
        samples.reduce(0) { $0 + $1.count * MemoryLayout<Int16>.stride }
    }

    /// All samples of a clip, within ±1.
    package func waveform(ofClip index: Int) -> [Float] {
        var output = [Float](repeating: 0, count: samples[index].count)
        samples[index].copy(from: 0, into: &output)
        return output
    }

    func quantizedSamples(ofClip index: Int) -> QuantizedSamples {
        samples[index]
    }
}

/// The clips of a split while they are decoded, some at a time.
private struct ClipDecoding {
    let clips: [LabelledClip]
    let decoder: ClipDecoder
    let limits: ClipStore.Limits

    /// What became of each clip; nil where nobody asked for it.
    private(set) var results: [Result<QuantizedSamples, ClipDecoder.Failure>?]

    /// Memory that the samples take, in bytes.
    private(set) var byteCount = 0

    private let threads: Int
    private var doneCount = 0

    init(_ clips: [LabelledClip], with decoder: ClipDecoder, threads: Int, limits: ClipStore.Limits) {
        self.clips = clips
        self.decoder = decoder
        self.threads = threads
        self.limits = limits
        results = Array(repeating: nil, count: clips.count)
    }

    /// How many of some clips could be read.
    func readableCount(of indices: [Int]) -> Int {
        indices.count { index in
            guard case .success = results[index] else { return false }
            return true
        }
    }

    /// Decodes some clips, as long as the memory suffices.
    mutating func decode(_ indices: [Int], onDecoded: @Sendable (_ count: Int) -> Void) {
        let bytesInUse = Atomic(byteCount)
        let done = Atomic(doneCount)
        let (clips, decoder, limits) = (clips, decoder, limits)
        let decoded = concurrentMap(indices.count, threads: threads) { index in
            // Once the memory is used up the rest needs no decoding: the store will be refused.
            guard bytesInUse.load(ordering: .relaxed) <= limits.bytes else {
                return Result<QuantizedSamples, ClipDecoder.Failure>.failure(.init(reason: "not decoded"))
            }
            let result = decoder.samples(
                of: clips[indices[index]].path, maximumSeconds: limits.clipSeconds)
            if case .success(let samples) = result {
                bytesInUse.wrappingAdd(samples.count * MemoryLayout<Int16>.stride, ordering: .relaxed)
            }
            onDecoded(done.wrappingAdd(1, ordering: .relaxed).newValue)
            return result
        }
        for (index, result) in zip(indices, decoded) { results[index] = result }
        byteCount = bytesInUse.load(ordering: .relaxed)
        doneCount = done.load(ordering: .relaxed)
    }
}
