package import MynahBase
import Synchronization

/// The clips of one split, all of which could be decoded.
///
/// Samples are kept in memory as far as they fit, as 16-bit integers (see `QuantizedSamples`), one array for each clip: 29
/// thousand clips of one second at 16 kHz take 0.93 GB. The others are decoded again whenever they are needed. Several processes
/// share the work of finding out which clips can be decoded; each keeps those that it has met.
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

        /// The most memory for the samples of one store, in bytes; clips beyond it are not kept.
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

    /// `[clips]`, the length of each, in samples.
    private let sampleCounts: [Int]

    private let shelf: ClipShelf

    /// Place on the shelf of each clip.
    private let places: [Int]

    /// Decodes all clips of a split, clip by clip on `threads` threads; the result does not depend on their number.
    ///
    /// - Parameters:
    ///   - folder: The folder whose clips are decoded.
    ///   - split: The split that they are of.
    ///   - decoder: Reads one file.
    ///   - threads: Number of threads, at least 1.
    ///   - limits: The bounds within which clips are accepted.
    ///   - communicator: The processes that decode together.
    ///   - onDecoded: Called after each clip with the number of clips done so far in this process, on any thread and out of
    ///     order.
    /// - Throws: `DataError.noReadableClips` when a label that has clips in the split is left with none; `.damagedRecording`
    ///   when a recording of a pack is damaged and such are not to be passed over.
    package init(
        decoding folder: LabelledFolder, split: DataSplit, with decoder: ClipDecoder, threads: Int,
        limits: Limits = Limits(), communicator: any Communicator = SingleProcess(),
        onDecoded: @Sendable (_ count: Int) -> Void = { _ in }
    ) throws(DataError) {
        let clips = folder.clips(in: split)
        var decoding = ClipDecoding(
            clips, with: decoder, threads: threads, limits: limits, communicator: communicator)
        decoding.decode(Array(clips.indices), onDecoded: onDecoded)
        try self.init(decoding, of: folder, split: split)
    }

    /// Decodes those clips of a split that an `EvaluationSelection` chooses, and no others.
    ///
    /// Where one of them cannot be read, the next one in its order is taken, as if all had been decoded. For the
    /// parameters and errors see `init(decoding:split:with:threads:limits:communicator:onDecoded:)`.
    package init(
        decodingSelectionOf folder: LabelledFolder, split: DataSplit,
        shares: SamplingShares = SamplingShares(),
        with decoder: ClipDecoder, threads: Int, limits: Limits = Limits(),
        communicator: any Communicator = SingleProcess(),
        onDecoded: @Sendable (_ count: Int) -> Void = { _ in }
    ) throws(DataError) {
        try shares.validate()
        let clips = folder.clips(in: split)
        let pools = ExamplePools(clips, silenceLabel: folder.silenceLabel, unknownLabel: folder.unknownLabel)
        var decoding = ClipDecoding(
            clips, with: decoder, threads: threads, limits: limits, communicator: communicator)
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
        var clips: [LabelledClip] = []
        var places: [Int] = []
        var sampleCounts: [Int] = []
        var unreadable: [Unreadable] = []
        for (place, (clip, outcome)) in zip(decoding.clips, decoding.outcomes).enumerated() {
            switch outcome?.result {
            case .success(let sampleCount):
                clips.append(clip)
                places.append(place)
                sampleCounts.append(sampleCount)
            case .failure(let failure):
                if failure.isDamage, !folder.skipsDamaged {
                    throw .damagedRecording(path: clip.path, reason: failure.reason)
                }
                unreadable.append(Unreadable(name: clip.name, reason: failure.reason))
            case nil: break
            }
        }
        let readable = Set(clips.map(\.label))
        for (clip, outcome) in zip(decoding.clips, decoding.outcomes) where !readable.contains(clip.label) {
            guard case .failure(let failure) = outcome?.result else { continue }
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
        self.places = places
        self.sampleCounts = sampleCounts
        self.unreadable = unreadable
        shelf = decoding.shelf
    }

    /// Length of a clip, in samples.
    package func sampleCount(ofClip index: Int) -> Int {
        sampleCounts[index]
    }

    /// Length of a clip, in seconds.
    package func seconds(ofClip index: Int) -> Double {
        Double(sampleCounts[index]) / Double(sampleRate)
    }

    /// Memory that the samples take at present, in bytes.
    package var byteCount: Int { shelf.byteCount }

    /// Why a clip could not be decoded again, the first one; silence was heard in its place.
    package var loss: DataError? { shelf.loss }

    /// All samples of a clip, within ±1.
    package func waveform(ofClip index: Int) -> [Float] {
        var output = [Float](repeating: 0, count: sampleCounts[index])
        quantizedSamples(ofClip: index).copy(from: 0, into: &output)
        return output
    }

    func quantizedSamples(ofClip index: Int) -> QuantizedSamples {
        shelf.samples(at: places[index], expectedCount: sampleCounts[index])
    }
}

/// Whether a clip can be decoded: how many samples it has, or why not.
struct ClipOutcome: Codable, Sendable {
    private let sampleCount: Int
    private let reason: String?
    private let isDamage: Bool

    init(_ result: Result<Int, ClipDecoder.Failure>) {
        switch result {
        case .success(let count): (sampleCount, reason, isDamage) = (count, nil, false)
        case .failure(let failure): (sampleCount, reason, isDamage) = (0, failure.reason, failure.isDamage)
        }
    }

    var result: Result<Int, ClipDecoder.Failure> {
        reason.map { .failure(ClipDecoder.Failure(reason: $0, isDamage: isDamage)) } ?? .success(sampleCount)
    }
}

/// The clips of a split while they are decoded for the first time, some at a time.
private struct ClipDecoding {
    let clips: [LabelledClip]
    let decoder: ClipDecoder
    let shelf: ClipShelf

    /// What became of each clip; nil where nobody asked for it.
    private(set) var outcomes: [ClipOutcome?]

    private let threads: Int
    private let communicator: any Communicator
    private var doneCount = 0

    init(
        _ clips: [LabelledClip], with decoder: ClipDecoder, threads: Int, limits: ClipStore.Limits,
        communicator: any Communicator
    ) {
        self.clips = clips
        self.decoder = decoder
        self.threads = threads
        self.communicator = communicator
        shelf = ClipShelf(clips.map(\.path), decoder: decoder, limits: limits)
        outcomes = Array(repeating: nil, count: clips.count)
    }

    /// How many of some clips could be read.
    func readableCount(of indices: [Int]) -> Int {
        indices.count { index in
            guard case .success = outcomes[index]?.result else { return false }
            return true
        }
    }

    /// Decodes some clips.
    mutating func decode(_ indices: [Int], onDecoded: @Sendable (_ count: Int) -> Void) {
        let done = Atomic(doneCount)
        let (clips, shelf) = (clips, shelf)
        let decoded = communicator.map(
            indices.count, costs: indices.map { clips[$0].byteCount }, threads: threads, makeContext: {}
        ) { _, index in
            let outcome = ClipOutcome(shelf.decode(indices[index]).map(\.count))
            onDecoded(done.wrappingAdd(1, ordering: .relaxed).newValue)
            return outcome
        }
        for (index, outcome) in zip(indices, decoded) { outcomes[index] = outcome }
        doneCount = done.load(ordering: .relaxed)
    }
}
