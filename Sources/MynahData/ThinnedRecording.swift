import MynahBase

/// The samples of a recording that may be longer than the memory for them.
///
/// It is cut into pieces of equal length. Where they become too many, every second one is kept, then every fourth, and so
/// on: what is kept is spread evenly over the recording, and follows from it alone.
struct ThinnedRecording: Sendable {
    /// What is kept, piece behind piece.
    private(set) var samples = QuantizedSamples([])

    /// Samples of the whole recording.
    private(set) var fullCount = 0

    /// The distance of the pieces that are kept: 1 keeps all.
    private(set) var pieceDistance = 1

    private let pieceLength: Int

    /// An empty recording, to be cut into pieces of `pieceLength` samples.
    init(pieceLength: Int) {
        precondition(pieceLength > 0, "pieces of \(pieceLength) samples")
        self.pieceLength = pieceLength
    }

    /// Memory that the samples take, in bytes.
    var byteCount: Int { samples.count * MemoryLayout<Int16>.stride }

    /// Whether there are pieces that can be left out.
    var canBeThinned: Bool { samples.count > pieceLength }

    /// Takes the next samples, and keeps those of pieces that are kept.
    mutating func append(_ block: [Float]) {
        var start = 0
        while start < block.count {
            let piece = fullCount / pieceLength
            let end = min(block.count, start + (piece + 1) * pieceLength - fullCount)
            if piece.isMultiple(of: pieceDistance) {
                samples.append(QuantizedSamples(Array(block[start..<end])))
            }
            fullCount += end - start
            start = end
        }
    }

    /// Leaves out every second piece of those that are kept.
    mutating func thin() {
        var kept = QuantizedSamples([])
        for start in stride(from: 0, to: samples.count, by: 2 * pieceLength) {
            kept.append(samples.part(start..<min(samples.count, start + pieceLength)))
        }
        samples = kept
        pieceDistance *= 2
    }
}

extension ClipDecoder {
    /// A recording that was decoded.
    struct Recording: Sendable {
        let name: String
        var content: ThinnedRecording
    }

    /// Length of the pieces that long recordings are cut into, in seconds.
    static let pieceSeconds = 30.0

    /// Files that are decoded at the same time at most, so that a few long ones do not fill the memory.
    private static let groupSize = 4

    /// Recordings of any length, in the order of the files, and what cannot be decoded.
    ///
    /// They are read block by block. A recording keeps at most a quarter of `limitBytes`; where all of them together take
    /// more than that, the largest are thinned until they fit. What is kept does not depend on the number of threads.
    ///
    /// - Returns: nil when there are so many files that a piece of each is too much; `damaged` is the first one that is a
    ///   damaged part of a pack.
    func recordings(
        of files: [(path: String, name: String)], threads: Int, limitBytes: Int,
        pieceSeconds: Double = ClipDecoder.pieceSeconds
    ) -> (decoded: [Recording], unreadable: [ClipStore.Unreadable], damaged: ClipStore.Unreadable?)? {
        let pieceLength = max(1, Int(pieceSeconds * Double(sampleRate)))
        var decoded: [Recording] = []
        var unreadable: [ClipStore.Unreadable] = []
        var damaged: ClipStore.Unreadable?
        let groupSize = max(1, min(threads, Self.groupSize))
        for start in stride(from: 0, to: files.count, by: groupSize) {
            let group = files[start..<min(files.count, start + groupSize)]
            let results = concurrentMap(group.count, threads: threads) { index in
                recording(
                    of: files[start + index].path, pieceLength: pieceLength, limitBytes: limitBytes / 4)
            }
            for (file, result) in zip(group, results) {
                switch result {
                case .success(let content):
                    decoded.append(Recording(name: file.name, content: content))
                    guard Self.thin(&decoded, toBytes: limitBytes) else { return nil }
                case .failure(let failure):
                    unreadable.append(ClipStore.Unreadable(name: file.name, reason: failure.reason))
                    if failure.isDamage { damaged = damaged ?? unreadable.last }
                }
            }
        }
        return (decoded, unreadable, damaged)
    }

    /// Thins the largest recordings, the first of equally large ones, until all of them fit; false where they never do.
    private static func thin(_ recordings: inout [Recording], toBytes limit: Int) -> Bool {
        while recordings.reduce(0, { $0 + $1.content.byteCount }) > limit {
            let thinnable = recordings.indices.filter { recordings[$0].content.canBeThinned }
            guard
                let largest = thinnable.max(by: { first, second in
                    (recordings[first].content.byteCount, second) < (
                        recordings[second].content.byteCount, first
                    )
                })
            else { return false }
            recordings[largest].content.thin()
        }
        return true
    }

    private func recording(
        of path: String, pieceLength: Int, limitBytes: Int
    ) -> Result<ThinnedRecording, Failure> {
        var recording = ThinnedRecording(pieceLength: pieceLength)
        let failure = readBlocks(of: path) { block in
            recording.append(block)
            while recording.byteCount > limitBytes, recording.canBeThinned { recording.thin() }
        }
        if let failure { return .failure(failure) }
        return recording.fullCount > 0 ? .success(recording) : .failure(.noSamples)
    }

    /// What the user should know about recordings of which not all is used, one line each.
    func thinningNotes(_ recordings: [Recording]) -> [String] {
        recordings.filter { $0.content.pieceDistance > 1 }.map { recording in
            let hours = Double(recording.content.fullCount) / Double(sampleRate) / 3600
            let tenths = Int((hours * 10).rounded())
            return """
                \(recording.name.printable): lasts \(tenths / 10).\(tenths % 10) h; of its stretches of \
                \(Int(Self.pieceSeconds)) s one in \(recording.content.pieceDistance) is used
                """
        }
    }
}
