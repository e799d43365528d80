import MynahBase
import MynahTestSupport
import Testing

@testable import MynahTeaching

@Suite("The recordings beside a model")
struct RecordingsFolderTests {
    private let temporary: TemporaryFolder
    private let folder: RecordingsFolder

    init() throws {
        temporary = try TemporaryFolder()
        folder = RecordingsFolder(besideModel: "\(temporary.path)/mine.safetensors")
    }

    private func add(_ count: Int, of word: String, speaker: String = "me") throws {
        let sounds = (0..<count).map { (bytes: [UInt8($0)], fileExtension: "wav") }
        _ = try folder.add(sounds, of: word, speakers: sounds.map { _ in speaker })
    }

    private var places: [String] { (try? folder.takes().map(\.place)) ?? [] }

    @Test("takes are numbered for each speaker, as mynah train reads them")
    func layout() throws {
        #expect(folder.path == "\(temporary.path)/mine.recordings")
        try add(2, of: "lights")
        try add(1, of: "lights", speaker: "anna")
        try add(1, of: "lights")
        #expect(
            places == [
                "lights/anna_nohash_0.wav", "lights/me_nohash_0.wav", "lights/me_nohash_1.wav",
                "lights/me_nohash_2.wav",
            ])
        #expect(try folder.takes().map(\.speaker) == ["anna", "me", "me", "me"])
    }

    @Test("each change is undone, the last one first, and no recording is ever lost")
    func undo() throws {
        try add(2, of: "lights")
        try add(1, of: "music")
        let before = places
        try folder.remove(try folder.takes().filter { $0.word == "lights" }, of: "lights")
        try folder.rename("music", to: "songs")
        #expect(places == ["songs/me_nohash_0.wav"])
        #expect(try folder.undo() == .renamed(word: "music", to: "songs"))
        _ = try folder.undo()
        #expect(places == before)
        #expect(try folder.undo() == .taught(word: "music", takes: ["me_nohash_0.wav"]))
        _ = try folder.undo()
        #expect(places.isEmpty)
        #expect(throws: EnrolmentError.nothingToUndo(folder: folder.path)) { try folder.undo() }
        let kept = temporary.files(below: "mine.recordings").filter { $0.hasSuffix(".wav") }
        #expect(kept.count == 3)
    }

    @Test("a change that was interrupted before it was carried out can be undone as well")
    func interrupted() throws {
        try add(2, of: "lights")
        // What is written first says that three recordings were taught, of which one has not been stored.
        try AtomicFile.write(
            Array(
                #"[{"taught":{"word":"lights","takes":["me_nohash_0.wav","me_nohash_1.wav","me_nohash_2.wav"]}}]"#
                    .utf8), to: "\(folder.path)/.history.json")
        _ = try folder.undo()
        #expect(places.isEmpty)
    }

    @Test("a list of changes that leads out of the folder, or is none, is refused")
    func hostile() throws {
        try add(1, of: "lights")
        for text in [
            #"[{"renamed":{"word":"../../etc","to":"x"}}]"#, #"[{"taught":{"word":"a","takes":["../b"]}}]"#,
            #"[{"forgot":{"word":"a","takes":["b"],"place":"../up"}}]"#, "[", "{}",
        ] {
            try AtomicFile.write(Array(text.utf8), to: "\(folder.path)/.history.json")
            #expect(throws: EnrolmentError.badHistory(path: "\(folder.path)/.history.json")) {
                try folder.undo()
            }
        }
        #expect(places == ["lights/me_nohash_0.wav"])
    }

    @Test("while somebody changes it, nobody else does")
    func lock() throws {
        let lock = try folder.lock()
        #expect(throws: EnrolmentError.inUse(folder: folder.path)) { try folder.lock() }
        withExtendedLifetime(lock) {}
    }
}
