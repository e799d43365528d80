import Foundation
import MynahBase
import MynahTestSupport

@testable import MynahTeaching

/// A folder for the files of one test, removed at its end.
final class TestFolder: Sendable {
    let path = NSTemporaryDirectory() + "mynah-teaching-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    }
}

extension KeptMoment {
    /// A moment at which `yes` was heard, or nearly so.
    static func example(
        word: String = "yes", fired: Bool = true, end: Double = 10, source: String = "night.wav",
        day: String = "2026-05-04"
    ) -> KeptMoment {
        KeptMoment(
            time: "2026-05-04T12:00:00Z", day: day, source: source, word: word, fired: fired, score: 0.9,
            threshold: 0.7, start: end - 0.2, end: end, endInClip: 2.5, words: ["yes", "no"], model: "abc")
    }
}
