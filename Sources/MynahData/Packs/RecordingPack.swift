import FoundationEssentials
import Glibc
import MynahAudio
import MynahBase
import MynahModel
import Synchronization

/// A labelled folder in few large files, from which recordings can be read in any order.
///
/// A pack is a folder: tar archives of FLAC files, which `tar` and everything that reads WebDataset opens; `labels.tsv`, a table of
/// the recordings, which says where each begins; and `pack.json`, which is written last. Lists of splits lie beside them. What is
/// kept is what training hears: one channel of 16 bits at one sample rate, so that a model that is trained on a pack is that of
/// the folder, to the bit.
package final class RecordingPack: Sendable {
    /// What `pack.json` says.
    struct Description: Codable, Hashable, Sendable {
        var format = "mynah-pack"
        var version = 1

        /// Samples per second of all recordings, in Hz.
        var sampleRate: Int

        /// Recordings, those of noise included.
        var recordingCount: Int

        /// Bytes of each archive.
        var shardByteCounts: [Int]

        /// SHA-256 of `labels.tsv`.
        var tableDigest: String

        /// Whether folders or a table of what was packed say what recordings are for.
        var statesSplits: Bool

        /// What was packed: names and sizes of all files, in a hash.
        var source: String

        /// The program that packed it.
        var mynahVersion: String
    }

    /// Where a recording lies.
    private struct Place: Sendable {
        let sampleCount: Int
        let shard: Int
        let offset: Int
        let length: Int
    }

    static let descriptionName = "pack.json"
    static let tableName = "labels.tsv"

    /// The most bytes that a table may have: some ten million recordings.
    private static let tableLimit = 2 << 30

    /// Where the pack lies, as the user wrote it.
    package let path: String

    let description: Description

    /// The recordings, by the bytes of their paths in the folder that was packed.
    private let sources: [String]
    private let places: [Place]

    /// The archives that are open.
    private let descriptors = Mutex<[Int: CInt]>([:])

    /// The name of an archive.
    static func shardName(_ number: Int) -> String {
        let text = String(number)
        return "shard-\(String(repeating: "0", count: max(0, 5 - text.count)))\(text).tar"
    }

    /// Whether there is a pack at a path.
    package static func isPack(_ path: String) -> Bool { fileExists(path.pathOf(descriptionName)) }

    /// Opens a pack, of which the table is read and no archive.
    ///
    /// - Parameter onRecording: hears of each recording.
    /// - Throws: `DataError.badPack`.
    init(opening path: String, onRecording: (PackedRecording) -> Void) throws(DataError) {
        self.path = path
        let table: [UInt8]
        do {
            let bytes = try RegularFile.contents(of: path.pathOf(Self.descriptionName), limitBytes: 16 << 20)
            description = try JSONDecoder().decode(Description.self, from: Data(bytes))
            table = try RegularFile.contents(of: path.pathOf(Self.tableName), limitBytes: Self.tableLimit)
        } catch {
            throw .badPack(
                path: path, reason: (error as? FileError).map { "\($0)" } ?? "pack.json cannot be read")
        }
        guard description.format == "mynah-pack", description.version == 1 else {
            throw .badPack(
                path: path,
                reason: "is of format \(description.format) \(description.version), expected mynah-pack 1")
        }
        guard AudioReader.supportedSampleRates.contains(description.sampleRate) else {
            throw .badPack(path: path, reason: "has a sample rate of \(description.sampleRate) Hz")
        }
        guard SHA256.hexDigest(of: table) == description.tableDigest else {
            throw .badPack(path: path, reason: "\(Self.tableName) is not as it was written")
        }
        var sources: [String] = []
        var places: [Place] = []
        var isHead = true
        for line in table.split(separator: UInt8(ascii: "\n")) {
            defer { isHead = false }
            if isHead { continue }
            guard let recording = PackedRecording(line: line),
                recording.shard < description.shardByteCounts.count
            else {
                throw .badPack(
                    path: path, reason: "line \(sources.count + 2) of \(Self.tableName) is no recording")
            }
            sources.append(recording.source)
            places.append(
                Place(
                    sampleCount: recording.sampleCount, shard: recording.shard, offset: recording.offset,
                    length: recording.length))
            onRecording(recording)
        }
        self.sources = sources
        self.places = places
        for pair in zip(sources, sources.dropFirst())
        where !pair.0.utf8.lexicographicallyPrecedes(pair.1.utf8) {
            throw .badPack(path: path, reason: "\(Self.tableName) is not sorted: \(pair.1.quoted)")
        }
    }

    deinit {
        for descriptor in descriptors.withLock({ Array($0.values) }) { close(descriptor) }
    }

    /// Samples per second, in Hz.
    var sampleRate: Int { description.sampleRate }

    /// Recordings, those of noise included.
    package var recordingCount: Int { sources.count }

    /// The name of a recording in the folder that was packed, from its path as if it lay in this one; nil for others.
    func source(ofPath recording: String) -> Substring? {
        guard recording.hasPrefix(path), recording.dropFirst(path.count).first == "/" else { return nil }
        return recording.dropFirst(path.count + 1)
    }

    /// Decodes a recording.
    ///
    /// - Parameter source: Its path in the folder that was packed.
    func samples(of source: some StringProtocol) -> Result<[Int16], ClipDecoder.Failure> {
        var low = 0
        var high = sources.count
        while low < high {
            let middle = (low + high) / 2
            if sources[middle].utf8.lexicographicallyPrecedes(source.utf8) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < sources.count, sources[low] == source else {
            return .failure(ClipDecoder.Failure(reason: "is not in the pack"))
        }
        let place = places[low]
        return bytes(shard: place.shard, offset: place.offset, length: place.length).flatMap { bytes in
            guard let decoded = FLACCoding.decode(bytes, sampleCount: place.sampleCount),
                decoded.sampleRate == sampleRate
            else { return .failure(damage(place.shard, "is damaged at byte \(place.offset)")) }
            return .success(decoded.samples)
        }
    }

    /// Bytes of an archive.
    func bytes(shard: Int, offset: Int, length: Int) -> Result<[UInt8], ClipDecoder.Failure> {
        guard let descriptor = descriptor(ofShard: shard) else {
            return .failure(damage(shard, systemMessage()))
        }
        let limit = description.shardByteCounts[shard]
        guard offset <= limit, length <= limit - offset else {
            return .failure(damage(shard, "has \(limit) bytes, and the recording would end beyond"))
        }
        var failure: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            filled = readFully(
                descriptor, into: .init(start: buffer.baseAddress, count: length), at: offset,
                failure: &failure)
        }
        guard failure == 0 else { return .failure(damage(shard, systemMessage(failure))) }
        guard bytes.count == length else {
            return .failure(damage(shard, "ends after \(offset + bytes.count) bytes, expected \(limit)"))
        }
        return .success(bytes)
    }

    private func damage(_ shard: Int, _ reason: String) -> ClipDecoder.Failure {
        ClipDecoder.Failure(reason: "\(Self.shardName(shard)) \(reason)", isDamage: true)
    }

    private func descriptor(ofShard shard: Int) -> CInt? {
        descriptors.withLock { open in
            if let known = open[shard] { return known }
            let file = path.pathOf(Self.shardName(shard))
            let descriptor = file.withPath { Glibc.open($0, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) }
            guard descriptor >= 0 else { return nil }
            open[shard] = descriptor
            return descriptor
        }
    }
}

/// What a check of a pack has found.
package struct PackVerification: Sendable {
    /// Recordings that are as they were packed.
    package let soundCount: Int

    /// Those that are not: their paths in the folder that was packed, and what is wrong.
    package let damaged: [(name: String, reason: String)]

    /// Compares the hash of every recording, on `threads` threads.
    ///
    /// - Throws: `DataError.badPack`.
    package init(
        of path: String, threads: Int, onDone: @Sendable (_ count: Int) -> Void = { _ in }
    ) throws(DataError) {
        var recordings: [PackedRecording] = []
        let pack = try RecordingPack(opening: path) { recordings.append($0) }
        // In the order in which they lie.
        let inOrder = recordings.sorted { ($0.shard, $0.offset) < ($1.shard, $1.offset) }
        let done = Atomic(0)
        let faults = concurrentMap(inOrder.count, threads: threads) { index -> String? in
            defer { onDone(done.wrappingAdd(1, ordering: .relaxed).newValue) }
            let recording = inOrder[index]
            switch pack.bytes(shard: recording.shard, offset: recording.offset, length: recording.length) {
            case .failure(let failure): return failure.reason
            case .success(let bytes):
                let isSound = SHA256.hexDigest(of: bytes) == recording.digest
                return isSound
                    ? nil
                    : "\(RecordingPack.shardName(recording.shard)) is damaged at byte \(recording.offset)"
            }
        }
        damaged = zip(inOrder, faults).compactMap { recording, fault in
            fault.map { (name: recording.source, reason: $0) }
        }
        soundCount = inOrder.count - damaged.count
    }
}
