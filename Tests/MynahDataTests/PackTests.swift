import Foundation
import MynahAudio
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahData

/// Packs: what goes in comes out, and what is damaged is named.
@Suite final class PackTests {
    private let folder = NSTemporaryDirectory() + "mynah-pack-\(UUID().uuidString)"
    private var words: String { "\(folder)/words" }
    private var pack: String { "\(folder)/words.mynahpack" }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Two words of 25 speakers, and noise.
    init() throws {
        for (number, word) in ["yes", "no"].enumerated() {
            for speaker in 0..<25 {
                try write(
                    seed: UInt64(100 * number + speaker), sampleCount: 1_000 + 40 * speaker,
                    to: "\(word)/speaker\(speaker)_nohash_0.wav")
            }
        }
        try write(seed: 999, sampleCount: 48_000, to: "_background_noise_/hum.wav")
    }

    private func write(seed: UInt64, sampleCount: Int, to name: String) throws {
        let path = "\(words)/\(name)"
        try FileManager.default.createDirectory(
            atPath: path.pathFolder, withIntermediateDirectories: true)
        let samples = SyntheticSignal.noise(sampleCount: sampleCount, seed: seed, amplitude: 0.4)
        try Data(WAVFile(samples, sampleRate: 16_000).bytes).write(to: URL(fileURLWithPath: path))
    }

    @discardableResult private func makePack() throws -> PackWriting.Summary {
        let writing = try PackWriting(folder: words, output: pack, sampleRate: 16_000, channel: .average)
        return try #require(try writing.run(threads: 2))
    }

    private func store(_ folder: LabelledFolder, _ split: DataSplit = .training) throws -> ClipStore {
        try ClipStore(
            decoding: folder, split: split, with: folder.decoder(sampleRate: 16_000), threads: 2)
    }

    /// Labels, speakers, splits, the hash of the data and every sample.
    private func expectSame(_ packed: LabelledFolder, _ plain: LabelledFolder) throws {
        #expect(packed.labels == plain.labels)
        #expect(packed.splitRule == plain.splitRule)
        #expect(packed.clips.map(\.name) == plain.clips.map(\.name))
        #expect(packed.clips.map(\.speaker) == plain.clips.map(\.speaker))
        #expect(packed.clips.map(\.split) == plain.clips.map(\.split))
        #expect(packed.listing == plain.listing)
        #expect(
            DataSummary(folder: packed, stores: []).dataHash
                == DataSummary(folder: plain, stores: []).dataHash)
        for split in DataSplit.allCases {
            let (first, second) = (try store(packed, split), try store(plain, split))
            #expect(first.clips.count == second.clips.count)
            for clip in second.clips.indices {
                #expect(first.waveform(ofClip: clip) == second.waveform(ofClip: clip))
            }
        }
        let noises = try [packed, plain].map {
            try BackgroundNoise(decoding: $0, with: $0.decoder(sampleRate: 16_000), threads: 1)
        }
        #expect(noises[0].parts(for: .training) == noises[1].parts(for: .training))
    }

    @Test func aPackIsReadAsTheFolder() throws {
        let summary = try makePack()
        #expect(summary.recordingCount == 51 && summary.shardCount == 1 && summary.unreadable.isEmpty)
        try expectSame(LabelledFolder(scanning: pack), LabelledFolder(scanning: words))
    }

    @Test func listsOfSplitsAreKept() throws {
        try Data("yes/speaker3_nohash_0.wav\nno/speaker4_nohash_0.wav\n".utf8).write(
            to: URL(fileURLWithPath: "\(words)/validation_list.txt"))
        try Data("no/speaker5_nohash_0.wav\nyes/speaker6_nohash_0.wav\n".utf8).write(
            to: URL(fileURLWithPath: "\(words)/testing_list.txt"))
        try makePack()
        try expectSame(LabelledFolder(scanning: pack), LabelledFolder(scanning: words))
    }

    @Test func aTableWithSpeakersAndSplitsIsKept() throws {
        var table = "path,label,speaker,split\n"
        for (number, word) in ["yes", "no"].enumerated() {
            for speaker in 0..<25 {
                let split = ["train", "train", "train", "validation", "test"][speaker % 5]
                table += "\(word)/speaker\(speaker)_nohash_0.wav,\(word),person\(speaker + number),\(split)\n"
            }
        }
        try Data(table.utf8).write(to: URL(fileURLWithPath: "\(words)/labels.csv"))
        try makePack()
        try expectSame(LabelledFolder(scanning: pack), LabelledFolder(scanning: words))
    }

    /// The archives are those of `tar`, and what comes out of them is a labelled folder with the table of the pack.
    @Test func otherProgramsOpenIt() throws {
        let long = String(repeating: "long", count: 40)
        try write(seed: 5, sampleCount: 500, to: "yes/\(long)ä_nohash_0.wav")
        try makePack()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "tar", "--extract", "--file", "\(pack)/shard-00000.tar", "--directory", folder + "/out",
        ]
        try FileManager.default.createDirectory(atPath: folder + "/out", withIntermediateDirectories: true)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder + "/out").filter {
            $0.hasSuffix(".flac")
        }
        #expect(names.count == 52)
        #expect(names.contains("yes/\(long)ä_nohash_0.flac"))
        try FileManager.default.copyItem(atPath: "\(pack)/labels.tsv", toPath: folder + "/out/labels.tsv")
        let unpacked = try LabelledFolder(scanning: folder + "/out")
        let plain = try LabelledFolder(scanning: words)
        #expect(unpacked.clips.map(\.split) == plain.clips.map(\.split))
        let (first, second) = (try store(unpacked), try store(plain))
        #expect(first.waveform(ofClip: 7) == second.waveform(ofClip: 7))
    }

    @Test func aFileThatCannotBeReadIsNamed() throws {
        try Data("no sound".utf8).write(to: URL(fileURLWithPath: "\(words)/yes/bad_nohash_0.wav"))
        let summary = try makePack()
        #expect(summary.recordingCount == 51)
        #expect(summary.unreadable.map(\.name) == ["yes/bad_nohash_0.wav"])
    }

    /// An interrupted packing goes on, and ends at the same bytes.
    @Test func aPackingGoesOn() throws {
        try makePack()
        let shard = try Data(contentsOf: URL(fileURLWithPath: "\(pack)/shard-00000.tar"))
        try FileManager.default.removeItem(atPath: pack)
        let writing = try PackWriting(folder: words, output: pack, sampleRate: 16_000, channel: .average)
        #expect(try writing.run(threads: 1, shouldStop: { true }) == nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: pack) == ["packing.json"])
        #expect(try writing.run(threads: 1)?.recordingCount == 51)
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(pack)/shard-00000.tar")) == shard)
        // What is complete, or something else, is left alone.
        let line = message { () throws(DataError) in
            do { _ = try writing.run(threads: 1) } catch let error as DataError { throw error } catch {}
        }
        #expect(line?.hasSuffix("it is complete already") == true)
        let elsewhere = try PackWriting(folder: words, output: words, sampleRate: 16_000, channel: .average)
        #expect(throws: DataError.self) { try elsewhere.run(threads: 1) }
    }

    private func change(_ name: String, _ body: (inout Data) -> Void) throws {
        let url = URL(fileURLWithPath: "\(pack)/\(name)")
        var data = try Data(contentsOf: url)
        body(&data)
        try data.write(to: url)
    }

    /// Every single bit of an archive's sounds that is flipped is found by the hash, and by whoever decodes it nearly always.
    @Test func flippedBitsAreNamed() throws {
        try makePack()
        let original = try Data(contentsOf: URL(fileURLWithPath: "\(pack)/shard-00000.tar"))
        var generator = SeededGenerator(seed: 6)
        var found = 0
        for _ in 0..<40 {
            var data = original
            let place = Int(generator.next() % UInt64(data.count))
            data[place] ^= 1 << UInt8(generator.next() % 8)
            try data.write(to: URL(fileURLWithPath: "\(pack)/shard-00000.tar"))
            let verification = try PackVerification(of: pack, threads: 1)
            guard let damaged = verification.damaged.first else { continue }
            found += 1
            #expect(verification.damaged.count == 1)
            #expect(damaged.reason.hasPrefix("shard-00000.tar is damaged at byte "))
        }
        // The rest lay in headers and padding.
        #expect(found >= 25)
    }

    @Test func aPackThatIsCutShortNamesShardAndClip() throws {
        try makePack()
        try change("shard-00000.tar") { $0.removeLast($0.count / 2) }
        let scanned = try LabelledFolder(scanning: pack)
        let line = message { () throws(DataError) in
            _ = try ClipStore(
                decoding: scanned, split: .training, with: scanned.decoder(sampleRate: 16_000), threads: 2)
        }
        #expect(
            line?.wholeMatch(
                of:
                    /.+words.mynahpack\/(yes|no)\/speaker\d+_nohash_0.wav: shard-00000.tar ends after \d+ bytes, expected \d+; --skip-damaged .+/
            ) != nil, "\(line ?? "")")
        var options = LabelledFolder.Options()
        options.skipsDamaged = true
        let rest = try store(LabelledFolder(scanning: pack, options: options))
        let whole = try store(LabelledFolder(scanning: words))
        #expect(rest.clips.count < whole.clips.count && !rest.clips.isEmpty)
        #expect(rest.clips.count + rest.unreadable.count == whole.clips.count)
    }

    @Test func liesOfTableAndDescriptionAreRefused() throws {
        try makePack()
        func line() -> String? { message { () throws(DataError) in _ = try LabelledFolder(scanning: pack) } }
        let table = try Data(contentsOf: URL(fileURLWithPath: "\(pack)/labels.tsv"))
        try change("labels.tsv") { $0[200] ^= 1 }
        #expect(line()?.hasSuffix("labels.tsv is not as it was written") == true)
        try table.write(to: URL(fileURLWithPath: "\(pack)/labels.tsv"))
        #expect(line() == nil)
        try change("pack.json") { $0.removeLast(20) }
        #expect(line()?.hasSuffix("pack.json cannot be read") == true)
        try Data("{}".utf8).write(to: URL(fileURLWithPath: "\(pack)/pack.json"))
        #expect(line()?.hasSuffix("pack.json cannot be read") == true)
    }

    /// Lines with numbers that nothing in the archives answers to: each recording is refused, and nothing is read beyond.
    @Test func placesBeyondTheArchiveAreRefused() throws {
        try makePack()
        let recording = PackedRecording(
            path: "a.flac", word: "a", speaker: nil, split: nil, source: "a.wav", key: "a.wav", byteCount: 1,
            sampleCount: 1 << 40, shard: 0, offset: 1 << 40, length: 1 << 40,
            digest: String(repeating: "0", count: 64))
        #expect(PackedRecording(line: recording.line[...]) == recording)
        let opened = try RecordingPack(opening: pack) { _ in }
        for (offset, length) in [(1 << 40, 1), (0, 1 << 40), (Int.max, 1)] {
            #expect(throws: ClipDecoder.Failure.self) {
                try opened.bytes(shard: 0, offset: offset, length: length).get()
            }
        }
        #expect(PackedRecording(line: Array("a\tb".utf8)[...]) == nil)
        var wrong = recording.line
        wrong.replaceSubrange(0..<1, with: [])
        #expect(PackedRecording(line: wrong[...]) != nil)
    }
}
