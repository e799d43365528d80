import Foundation
import MynahBase
import Testing

@testable import MynahData

/// Recordings that are longer than the memory for them.
@Suite struct LongRecordingTests {
    /// Samples that tell their place.
    private func ramp(_ range: Range<Int>) -> [Float] {
        range.map { Float($0) * QuantizedSamples.step }
    }

    /// The places of pieces of ten samples.
    private func kept(_ starts: [Int16]) -> [Int16] { starts.flatMap { Array($0..<$0 + 10) } }

    @Test func piecesAreLeftOutEvenly() {
        var recording = ThinnedRecording(pieceLength: 10)
        for start in stride(from: 0, to: 95, by: 7) { recording.append(ramp(start..<min(95, start + 7))) }
        #expect(recording.samples.values == (0..<95).map { Int16($0) })
        recording.thin()
        #expect(recording.pieceDistance == 2)
        #expect(recording.samples.values == kept([0, 20, 40, 60, 80]))
        // What comes later is thinned in the same way: piece 9 is passed over, piece 10 is kept.
        recording.append(ramp(95..<115))
        #expect(recording.samples.values == kept([0, 20, 40, 60, 80, 100]))
        #expect(recording.fullCount == 115)
        recording.thin()
        #expect(recording.samples.values == kept([0, 40, 80]))
    }

    private func decode(
        _ sizes: [Int], limitBytes: Int, threads: Int
    ) throws -> [ClipDecoder.Recording]? {
        let folder = try DataTestFolder()
        for (number, size) in sizes.enumerated() { try folder.write("\(number).wav", "\(size)") }
        return DataTestFolder.decoder.recordings(
            of: sizes.indices.map { ("\(folder.path)/\($0).wav", "\($0).wav") }, threads: threads,
            limitBytes: limitBytes, pieceSeconds: 0.1)?.decoded
    }

    @Test func theLongestAreThinnedUntilAllFit() throws {
        let sizes = [3_200, 160_000, 1_600, 64_000, 3_200]
        let all = try #require(try decode(sizes, limitBytes: 1 << 30, threads: 1))
        #expect(all.map(\.content.samples.count) == sizes)
        let kept = try #require(try decode(sizes, limitBytes: 100_000, threads: 1))
        #expect(kept.map(\.content.fullCount) == sizes)
        #expect(kept.reduce(0) { $0 + $1.content.byteCount } <= 100_000)
        // Short ones are kept whole, and the longest keeps a quarter of the memory at most.
        #expect([0, 2, 4].allSatisfy { kept[$0].content.pieceDistance == 1 })
        #expect(kept[1].content.pieceDistance == 16 && kept[1].content.byteCount <= 25_000)
        for threads in [2, 3, 8] {
            let other = try #require(try decode(sizes, limitBytes: 100_000, threads: threads))
            #expect(other.map(\.content.samples) == kept.map(\.content.samples))
        }
        #expect(try decode(sizes, limitBytes: 10_000, threads: 1) == nil)
        let notes = DataTestFolder.decoder.thinningNotes(kept)
        #expect(notes.count == 2)
        #expect(notes[0].hasPrefix("1.wav: lasts 0.0 h; of its stretches of 30 s one in 16 is used"))
    }
}

/// Noise as people keep it: in folders, in formats that cannot be read, or not at all.
@Suite struct NoiseFolderTests {
    private func corpus(_ files: [String]) throws -> DataTestFolder {
        try DataTestFolder(["yes/a.wav", "no/b.wav"] + files.map { "_background_noise_/\($0)" })
    }

    private func noise(of folder: DataTestFolder) throws -> BackgroundNoise {
        try BackgroundNoise(decoding: folder.scan(), with: DataTestFolder.decoder, threads: 2)
    }

    @Test func foldersWithinAreLookedInto() throws {
        let folder = try corpus(["hum.wav", "kitchen/tap.wav", "kitchen/deep/fan.wav", "notes.txt"])
        try folder.link("_background_noise_/again", to: "kitchen")
        try folder.link("_background_noise_/kitchen/up", to: "..")
        let scanned = try folder.scan()
        #expect(
            scanned.noiseFiles.map(\.name) == [
                "_background_noise_/hum.wav", "_background_noise_/kitchen/tap.wav",
                "_background_noise_/kitchen/deep/fan.wav",
            ])
        #expect(try noise(of: folder).count == 3)
        #expect(scanned.ignored.other == 1)
    }

    @Test func whatCannotBeReadIsNamed() throws {
        let folder = try corpus(["hum.wav", "kitchen.m4a"])
        try folder.write("_background_noise_/kitchen.m4a", "ftyp")
        let noise = try noise(of: folder)
        #expect(noise.count == 1)
        #expect(noise.unreadable.map(\.name) == ["_background_noise_/kitchen.m4a"])
    }

    @Test(.enabled(if: getuid() != 0, "root may read everywhere")) func aFolderThatCannotBeReadIsNamed()
        throws
    {
        let folder = try corpus(["hum.wav", "private/tap.wav"])
        let path = "\(folder.path)/_background_noise_/private"
        #expect(chmod(path, 0) == 0)
        defer { chmod(path, 0o700) }
        let scanned = try folder.scan()
        #expect(scanned.noiseFiles.count == 1)
        #expect(scanned.notes.contains { $0.contains("private: cannot be read") })
    }

    @Test func noNoiseIsSaid() throws {
        let folder = try corpus(["kitchen.m4a"])
        try folder.write("_background_noise_/kitchen.m4a", "ftyp")
        let scanned = try folder.scan(hasSilence: true)
        let noise = try BackgroundNoise(decoding: scanned, with: DataTestFolder.decoder, threads: 2)
        let summary = DataSummary(folder: scanned, stores: [], noise: noise)
        #expect(
            summary.notes.contains {
                $0.hasSuffix("/_background_noise_: _silence_ is digital silence only")
            })
    }

    @Test func theNoiseOfAnUnknownFolderHelpsOut() throws {
        let bare = try DataTestFolder(["yes/a.wav", "no/b.wav"])
        let other = try corpus(["hum.wav"])
        let scanned = try bare.scan(unknown: [other])
        #expect(scanned.noiseFiles.map(\.path) == ["\(other.path)/_background_noise_/hum.wav"])
        #expect(scanned.notes.contains { $0.contains("its noise is used, since") })
        let own = try corpus(["own.wav"]).scan(unknown: [other])
        #expect(own.noiseFiles.map(\.name) == ["_background_noise_/own.wav"])
        #expect(own.notes.contains { $0.contains("its noise is not used, since") })
    }

    @Test func aFileOrAFolderForAugmentation() throws {
        let folder = try corpus(["hum.wav", "kitchen/tap.wav"])
        let path = "\(folder.path)/_background_noise_"
        for (argument, count) in [(path, 2), ("\(path)/hum.wav", 1)] {
            let noise = try BackgroundNoise(
                decodingFilesIn: argument, with: DataTestFolder.decoder, threads: 2)
            #expect(noise.count == count)
        }
    }
}

/// Lists of clips, and names of words, that are not quite what they should be.
@Suite struct ListAndNameTests {
    @Test func aByteOrderMarkHidesNoClip() throws {
        let folder = try DataTestFolder()
        try folder.add(word: "yes", count: 30)
        try folder.add(word: "no", count: 30)
        try folder.write(
            "validation_list.txt", "\u{FEFF}yes/speaker0_nohash_0.wav\r\nno/speaker1_nohash_0.wav \r\n")
        try folder.write("testing_list.txt", "\u{FEFF}yes/speaker2_nohash_0.wav\r")
        try folder.write("excluded.tsv", "\u{FEFF}yes/speaker3_nohash_0.wav\tsilent\r\n")
        let list = try ExclusionList(contentsOf: "\(folder.path)/excluded.tsv")
        let scanned = try LabelledFolder(scanning: folder.path, options: .init(exclusions: list))
        #expect(
            Set(scanned.clips(in: .validation).map(\.name)) == [
                "yes/speaker0_nohash_0.wav", "no/speaker1_nohash_0.wav",
            ])
        #expect(scanned.clips(in: .testing).map(\.name) == ["yes/speaker2_nohash_0.wav"])
        #expect(!scanned.clips.contains { $0.name == "yes/speaker3_nohash_0.wav" })
    }

    @Test func aListInUTF16NamesTheLine() throws {
        let folder = try DataTestFolder(["yes/a.wav", "no/b.wav"])
        let text = try #require("yes/a.wav\n".data(using: .utf16))
        for name in ["validation_list.txt", "excluded.tsv"] {
            try text.write(to: folder.url.appending(path: name))
        }
        #expect(
            message { () throws(DataError) in _ = try folder.scan() }?
                .hasSuffix("cannot be read (line 1 holds text in UTF-16, expected UTF-8)") == true)
        #expect(
            message { () throws(DataError) in
                _ = try ExclusionList(contentsOf: "\(folder.path)/excluded.tsv")
            }?.hasSuffix("excluded.tsv: cannot be read (line 1 holds text in UTF-16, expected UTF-8)") == true
        )
    }

    @Test(arguments: ["Yes", "yes ", "ye\u{200B}s", "_Unknown_"])
    func wordsThatLookLikeOthersAreRefused(name: String) throws {
        let folder = try DataTestFolder(["yes/a.wav", "no/b.wav", "\(name)/c.wav"])
        let other = name == "_Unknown_" ? "_unknown_" : "yes"
        for words in [nil, ["yes", "no"]] {
            let line = message { () throws(DataError) in _ = try folder.scan(words: words) }
            #expect(
                line?.contains("differs from") == true && line?.contains("'\(other)'") == true,
                "\(line ?? "")")
        }
        let unknown = try DataTestFolder(["yes/a.wav", "no/b.wav"])
        let more = try DataTestFolder(["\(name)/c.wav"])
        #expect(message { () throws(DataError) in _ = try unknown.scan(unknown: [more]) } != nil)
    }

    @Test func wordsThatLookAlikeMayBeUnknown() throws {
        let folder = try DataTestFolder(["yes/a.wav", "Cat/b.wav", "cat/c.wav"])
        #expect(try folder.scan(words: ["yes"]).clips.count == 3)
        // Composed and decomposed, it is one word.
        let german = try DataTestFolder(["yes/a.wav", "\u{FC}ber/a.wav", "u\u{308}ber/b.wav"])
        #expect(try german.scan().labels.count == 2)
    }

    @Test func aWordThatIsNotThereButForItsCase() throws {
        let folder = try DataTestFolder(["yes/a.wav", "no/b.wav"])
        let line = message { () throws(DataError) in _ = try folder.scan(words: ["Yes"]) }
        #expect(
            line?.hasSuffix(
                "no folder for the word 'Yes'; it has 'yes', which differs in case or blanks only")
                == true)
    }
}
