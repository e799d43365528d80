import Foundation
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahTeaching

/// What is kept, within bounds of size and age.
struct KeptFolderTests {
    private let folder: TemporaryFolder

    /// 4 May 2026, 12:00 UTC.
    private let noon = KeptTime(milliseconds: 1_777_896_000_125)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func kept(limit: Int = 1 << 20) throws -> KeptFolder {
        try KeptFolder(making: folder.path, byteLimit: limit)
    }

    private func sound(_ byteCount: Int = 1_000) -> [UInt8] { [UInt8](repeating: 0, count: byteCount) }

    @Test func times() {
        #expect(noon.text == "2026-05-04T12:00:00Z")
        #expect(noon.fileName == "20260504-120000-125")
        #expect(noon.adding(days: 1).fileName == "20260505-120000-125")
    }

    @Test func namesOfItsOwn() {
        #expect(KeptFolder.isOwn("20260504-120000-125-3f9k.wav"))
        for name in [
            "review.tsv", "20260504-120000-125-3f9k.mp3", "20260504-120000.wav", "holiday.wav",
            "2026x504-120000-125-3f9k.wav",
        ] {
            #expect(!KeptFolder.isOwn(name), "\(name)")
        }
    }

    @Test func momentsAreKnownAgain() throws {
        // Two listeners, at the same millisecond.
        try kept().add(.example(), sound: sound(), now: noon)
        try kept().add(.example(word: "no"), sound: sound(), now: noon)
        let clips = try KeptFolder(opening: folder.path).clips().clips
        #expect(Set(clips.map(\.moment)) == [.example(), .example(word: "no")])
        #expect(try folder.names.count == 4)
    }

    @Test func damagedFilesArePassedOver() throws {
        try kept().add(.example(), sound: sound(), now: noon)
        try folder.write("{", to: "20260504-120000-125-0.json")
        try folder.write("", to: "20260504-120000-125-0.wav")
        try folder.write("{}", to: "other.json")
        try kept().add(.example(end: 1e300), sound: sound(), now: noon)
        let (clips, unreadableCount) = try KeptFolder(opening: folder.path).clips()
        #expect(clips.count == 1 && unreadableCount == 2)
    }

    @Test func anEmptyFolderHoldsNothing() throws {
        #expect(throws: ReviewError.nothingKept(folder: folder.path)) {
            try KeptFolder(opening: folder.path).clips()
        }
    }

    @Test func theOldestMakeRoomUnlessTheyWereReviewed() throws {
        try folder.write("mine", to: "holiday.wav")
        for minute in 0..<4 {
            try kept().add(
                .example(), sound: sound(), now: KeptTime(milliseconds: 1_777_896_000_000 + 60_000 * minute))
        }
        let names = try KeptFolder(opening: folder.path).clips().clips.map(\.name)
        var table = try ReviewTable(in: folder.path)
        try table.answer(names[0], .right)
        try kept(limit: 4_000).add(.example(), sound: sound(), now: noon.adding(days: 1))
        let left = try KeptFolder(opening: folder.path).clips().clips.map(\.name)
        #expect(left.contains(names[0]) && !left.contains(names[1]))
        #expect(try folder.names.contains("holiday.wav"))
        // What was reviewed stays even where nothing else fits.
        #expect(throws: ReviewError.full(folder: folder.path, limitBytes: 1_500)) {
            try kept(limit: 1_500).add(.example(), sound: sound(), now: noon.adding(days: 1))
        }
        #expect(try KeptFolder(opening: folder.path).clips().clips.map(\.name).contains(names[0]))
    }

    @Test func whatIsOldIsRemoved() throws {
        try kept().add(.example(), sound: sound(), now: noon)
        try kept().add(.example(), sound: sound(), now: noon.adding(days: 29))
        #expect(try KeptFolder(opening: folder.path).clips().clips.count == 2)
        try kept().add(.example(), sound: sound(), now: noon.adding(days: 31))
        #expect(try KeptFolder(opening: folder.path).clips().clips.count == 2)
    }
}
