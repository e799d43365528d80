@testable import MynahTeaching

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
