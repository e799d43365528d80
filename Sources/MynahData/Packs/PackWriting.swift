import FoundationEssentials
import Glibc
package import MynahAudio
import MynahBase
import MynahModel
import Synchronization

/// The packing of a labelled folder: archive by archive, several at a time, each written as a whole or not at all, so that an
/// interrupted packing goes on with those that are missing.
package struct PackWriting: Sendable {
    /// What was packed.
    package struct Summary: Sendable {
        /// Recordings in the pack, their length, and the bytes of the archives and of what was packed.
        package internal(set) var recordingCount = 0
        package internal(set) var seconds = 0.0
        package internal(set) var byteCount = 0
        package internal(set) var sourceByteCount = 0

        /// Archives, and those of them that an earlier run had written.
        package internal(set) var shardCount = 0
        package internal(set) var keptShardCount = 0

        /// Files that are not in the pack, and why.
        package internal(set) var unreadable: [ClipStore.Unreadable] = []
    }

    /// What is packed, to be the same when a packing goes on.
    private struct Plan: Codable, Equatable {
        let source: String
        let sampleRate: Int
        let channel: Int?
    }

    /// A file to be packed.
    private struct Item: Sendable {
        let path: String
        let word: String
        let speaker: String?
        let split: DataSplit?
        let source: String
        let key: String
        let byteCount: Int
        let isNoise: Bool
    }

    /// The labelled folder.
    private let folder: String

    /// An archive ends behind the file with which it has so many bytes of sources, or so many files.
    private static let shardSourceBytes = 64 << 20
    private static let shardFileCount = 8_192

    /// Bytes of a recording in the pack at most.
    private static let recordingLimit = 1 << 30

    private static let planName = "packing.json"

    private let output: String
    private let plan: Plan
    private let decoder: ClipDecoder
    private let items: [Item]
    private let shards: [Range<Int>]
    private let lists: [String]
    private let statesSplits: Bool

    /// What the user should know about the folder, one line each.
    package let notes: [String]

    /// Files to be packed.
    package var fileCount: Int { items.count }

    /// Looks through a folder, and plans the archives.
    ///
    /// - Parameters:
    ///   - folder: The labelled folder.
    ///   - output: The pack.
    ///   - sampleRate: Samples per second in the pack, within `AudioReader.supportedSampleRates`.
    ///   - channel: How several channels of a recording become one.
    /// - Throws: `DataError` when the folder cannot be used, or a name in it not be packed.
    package init(
        folder: String, output: String, sampleRate: Int, channel: ChannelSelection
    ) throws(DataError) {
        guard !RecordingPack.isPack(folder) else {
            throw .badPack(path: folder, reason: "it is packed already")
        }
        let tree = try WordTree(scanning: folder)
        var items: [Item] = []
        var names: Set<String> = []
        func add(
            _ source: String, word: String, speaker: String? = nil, split: DataSplit? = nil, key: String,
            byteCount: Int, isNoise: Bool = false
        ) throws(DataError) {
            for name in [source, word, speaker ?? "", key] where !PackedRecording.canHold(name) {
                throw .unpackableName(name: name)
            }
            let short = "\(source.withoutFileExtension).flac"
            let path = names.insert(short).inserted ? short : "\(source).flac"
            names.insert(path)
            items.append(
                Item(
                    path: path, word: word, speaker: speaker, split: split, source: source, key: key,
                    byteCount: byteCount, isNoise: isNoise))
        }
        for word in tree.words {
            for file in word.files {
                try add(
                    file.path, word: word.name, speaker: file.speaker,
                    split: tree.statesSplits
                        ? file.split ?? .training : tree.lists?.split(of: file.listName).split,
                    key: file.listName, byteCount: file.byteCount)
            }
        }
        for file in tree.noise {
            let source = String(file.path.dropFirst(tree.path.count + 1))
            try add(
                source, word: StandardLabel.backgroundNoiseFolder, key: file.name, byteCount: file.byteCount,
                isNoise: true)
        }
        var digest = SHA256()
        for item in items { digest.update("\(item.word)\0\(item.source)\0\(item.byteCount)\n") }
        let number: Int? = if case .channel(let number) = channel { number } else { nil }
        plan = Plan(source: digest.hexDigest(), sampleRate: sampleRate, channel: number)
        // Whoever reads the archives one after another gets something of everything in each.
        var generator = SeededGenerator(seed: 1)
        generator.shuffle(&items)
        self.items = items
        shards = Self.shards(of: items)
        self.folder = tree.path
        self.output = output
        decoder = .audioFiles(sampleRate: sampleRate, channel: channel)
        lists =
            tree.lists == nil
            ? [] : SplitLists.fileNames.map { tree.path.pathOf($0) }.filter(fileExists)
        statesSplits = tree.statesSplits
        notes = tree.notes
    }

    private static func shards(of items: [Item]) -> [Range<Int>] {
        var shards: [Range<Int>] = []
        var (start, byteCount) = (0, 0)
        for (index, item) in items.enumerated() {
            byteCount += item.byteCount
            if byteCount >= shardSourceBytes || index + 1 - start == shardFileCount
                || index + 1 == items.count
            {
                shards.append(start..<index + 1)
                (start, byteCount) = (index + 1, 0)
            }
        }
        return shards
    }

    /// Writes what is missing of the pack, on `threads` threads.
    ///
    /// - Parameters:
    ///   - onDone: Hears how many files are done, on any thread.
    ///   - shouldStop: Asked before each file; what is written of whole archives stays.
    /// - Returns: nil when it was asked to stop.
    /// - Throws: `DataError.badPack` when something else lies at the place of the pack, `FileError`, `AudioError.codecFailed`.
    package func run(
        threads: Int, shouldStop: @escaping @Sendable () -> Bool = { false },
        onDone: @Sendable (_ count: Int) -> Void = { _ in }
    ) throws -> Summary? {
        try makeFolder(output)
        try claim()
        let done = Atomic(0)
        let parts = concurrentMap(shards.count, threads: threads) { number in
            Result { try part(number, shouldStop: shouldStop, done: done, onDone: onDone) }
        }
        var summary = Summary()
        var recordings: [PackedRecording] = []
        for result in parts {
            guard let part = try result.get() else { return nil }
            recordings += part.recordings
            summary.unreadable += part.unreadable
            summary.keptShardCount += part.isKept ? 1 : 0
        }
        recordings.sort { $0.source.utf8.lexicographicallyPrecedes($1.source.utf8) }
        summary.recordingCount = recordings.count
        summary.seconds =
            Double(recordings.reduce(0) { $0 + $1.sampleCount }) / Double(plan.sampleRate)
        summary.sourceByteCount = recordings.reduce(0) { $0 + $1.byteCount }
        summary.shardCount = shards.count
        summary.byteCount = try finish(recordings)
        return summary
    }

    /// Makes sure that nothing but this pack, or a part of it, lies at its place.
    private func claim() throws {
        let names = try namesInFolder(output)
        func refuse(_ reason: String) -> DataError { .badPack(path: output, reason: reason) }
        if names.contains(RecordingPack.descriptionName) {
            let known = try RecordingPack(opening: output) { _ in }.description
            throw refuse(
                known.source == plan.source
                    ? "it is complete already" : "it is a pack of other recordings; choose another place")
        }
        guard names.isEmpty || names.contains(Self.planName) else {
            throw refuse("the folder holds something else; choose another place")
        }
        if names.contains(Self.planName) {
            let bytes = try RegularFile.contents(of: output.pathOf(Self.planName), limitBytes: 1 << 20)
            guard let known = try? JSONDecoder().decode(Plan.self, from: Data(bytes)), known == plan else {
                throw refuse(
                    "a packing of other recordings, or at another rate, was begun there; choose another place"
                )
            }
        } else {
            try AtomicFile.write(Array(jsonText(plan).utf8), to: output.pathOf(Self.planName))
        }
    }

    /// What became of the files of an archive.
    private struct Part: Sendable {
        var recordings: [PackedRecording] = []
        var unreadable: [ClipStore.Unreadable] = []
        var isKept = false
    }

    private static func partName(_ shard: Int) -> String { "\(RecordingPack.shardName(shard)).tsv" }

    /// Writes an archive, unless it is there.
    private func part(
        _ shard: Int, shouldStop: () -> Bool, done: borrowing Atomic<Int>, onDone: (Int) -> Void
    ) throws -> Part? {
        let table = output.pathOf(Self.partName(shard))
        if let known = try knownPart(shard) {
            onDone(done.wrappingAdd(shards[shard].count, ordering: .relaxed).newValue)
            return known
        }
        var part = Part()
        var archive = Archive(file: try AtomicFile(replacing: output.pathOf(RecordingPack.shardName(shard))))
        for item in items[shards[shard]] {
            guard !shouldStop() else { return nil }
            switch try encoded(item) {
            case .failure(let failure):
                part.unreadable.append(ClipStore.Unreadable(name: item.source, reason: failure.reason))
            case .success(let sound):
                let offset = try archive.append(sound.bytes, path: item.path)
                part.recordings.append(
                    PackedRecording(
                        path: item.path, word: item.word, speaker: item.speaker, split: item.split,
                        source: item.source, key: item.key, byteCount: item.byteCount,
                        sampleCount: sound.sampleCount, shard: shard, offset: offset,
                        length: sound.bytes.count, digest: SHA256.hexDigest(of: sound.bytes)))
            }
            onDone(done.wrappingAdd(1, ordering: .relaxed).newValue)
        }
        try archive.finish()
        var lines = part.recordings.map(\.line)
        lines += part.unreadable.map { Array("#".utf8) + $0.name.pathBytes + Array("\t\($0.reason)".utf8) }
        try AtomicFile.write(Array(lines.map { $0 + [UInt8(ascii: "\n")] }.joined()), to: table)
        return part
    }

    /// What an earlier run has written of an archive, if it is whole.
    private func knownPart(_ shard: Int) throws -> Part? {
        let table = output.pathOf(Self.partName(shard))
        guard fileExists(table),
            let archive = FileStatus(of: output.pathOf(RecordingPack.shardName(shard)))
        else { return nil }
        var part = Part(isKept: true)
        let bytes = try RegularFile.contents(of: table, limitBytes: 256 << 20)
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if line.first == UInt8(ascii: "#") {
                let fields = line.dropFirst().split(separator: UInt8(ascii: "\t"), maxSplits: 1)
                guard fields.count == 2 else { return nil }
                part.unreadable.append(
                    ClipStore.Unreadable(
                        name: String(path: fields[0]), reason: String(decoding: fields[1], as: UTF8.self)))
            } else {
                guard let recording = PackedRecording(line: line) else { return nil }
                part.recordings.append(recording)
            }
        }
        let end = part.recordings.map { $0.offset + $0.length }.max() ?? 0
        let isWhole =
            part.recordings.count + part.unreadable.count == shards[shard].count && archive.byteCount >= end
        return isWhole ? part : nil
    }

    /// A recording as it stands in the pack, or why it cannot.
    private func encoded(
        _ item: Item
    ) throws(AudioError) -> Result<(bytes: [UInt8], sampleCount: Int), ClipDecoder.Failure> {
        let encoder = try FLACCoding.Encoder(sampleRate: plan.sampleRate)
        guard item.isNoise else {
            switch decoder.samples(
                of: "\(folder)/\(item.source)", maximumSeconds: ClipStore.Limits().clipSeconds)
            {
            case .failure(let failure): return .failure(failure)
            case .success(let samples):
                try encoder.append(samples.values)
                return .success((encoder.finish(), samples.count))
            }
        }
        var sampleCount = 0
        var fault: AudioError?
        var isTooLong = false
        let failure = decoder.readBlocks(of: "\(folder)/\(item.source)") { block in
            isTooLong = encoder.byteCount > Self.recordingLimit
            guard fault == nil, !isTooLong else { return }
            do throws(AudioError) {
                try encoder.append(QuantizedSamples(block).values)
                sampleCount += block.count
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        if let failure { return .failure(failure) }
        guard sampleCount > 0 else { return .failure(.noSamples) }
        guard !isTooLong else {
            return .failure(
                ClipDecoder.Failure(reason: "has more than \(Self.recordingLimit >> 20) MiB as FLAC"))
        }
        return .success((encoder.finish(), sampleCount))
    }

    /// Writes the table and what describes the pack, which is complete then; returns the bytes of its archives.
    private func finish(_ recordings: [PackedRecording]) throws -> Int {
        var table = Array((PackedRecording.columns.joined(separator: "\t") + "\n").utf8)
        for recording in recordings { table += recording.line + [UInt8(ascii: "\n")] }
        try AtomicFile.write(table, to: output.pathOf(RecordingPack.tableName))
        for list in lists {
            try AtomicFile.write(
                RegularFile.contents(of: list, limitBytes: 64 << 20), to: output.pathOf(list.pathName))
        }
        let byteCounts = shards.indices.map {
            FileStatus(of: output.pathOf(RecordingPack.shardName($0)))?.byteCount ?? 0
        }
        let description = RecordingPack.Description(
            sampleRate: plan.sampleRate, recordingCount: recordings.count, shardByteCounts: byteCounts,
            tableDigest: SHA256.hexDigest(of: table), statesSplits: statesSplits, source: plan.source,
            mynahVersion: mynahVersion)
        try AtomicFile.write(
            Array(jsonText(description, pretty: true).utf8), to: output.pathOf(RecordingPack.descriptionName))
        for name in shards.indices.map(Self.partName) + [Self.planName] {
            _ = output.pathOf(name).withPath { unlink($0) }
        }
        return byteCounts.reduce(0, +)
    }
}

/// An archive that is being written.
private struct Archive: ~Copyable {
    private let file: AtomicFile
    private var byteCount = 0
    private var block: [UInt8] = []

    private static let blockSize = 1 << 20

    init(file: consuming AtomicFile) { self.file = file }

    /// Adds a file; returns the place of its first byte.
    mutating func append(_ bytes: [UInt8], path: String) throws(FileError) -> Int {
        let header = TarHeader(path: path, byteCount: bytes.count).bytes
        let offset = byteCount + header.count
        try write(header + bytes + TarHeader.padding(behind: bytes.count))
        return offset
    }

    private mutating func write(_ bytes: [UInt8]) throws(FileError) {
        byteCount += bytes.count
        block += bytes
        guard block.count >= Self.blockSize else { return }
        try file.append(block)
        block.removeAll(keepingCapacity: true)
    }

    /// Completes the archive.
    consuming func finish() throws(FileError) {
        try file.append(block + TarHeader.end)
        try file.commit()
    }
}
