import MynahEvaluation
import Testing

@testable import MynahTeaching

/// Answers from a table of what is said.
struct TruthReviewTests {
    private let truth = TruthTable(events: [
        TruthEvent(start: 1, end: 1.5, word: "yes"), TruthEvent(start: 5, end: 5.5, word: "no"),
        TruthEvent(start: 9, end: 9.5, word: "marvin"),
    ])

    private func answer(_ moment: KeptMoment) throws -> ReviewAnswer? {
        let clip = KeptClip(name: "clip", moment: moment, soundPath: "clip.wav")
        return try TruthReview.answers(to: [clip], from: truth, name: "truth.tsv").first?.answer
    }

    @Test func answersFollowTheTable() throws {
        #expect(try answer(.example(end: 1.6)) == .right)
        #expect(try answer(.example(fired: false, end: 1.6)) == .right)
        #expect(try answer(.example(end: 5.6)) == .wrongWord("no"))
        #expect(try answer(.example(end: 9.6)) == .wrongWord(nil))
        #expect(try answer(.example(end: 20)) == .nobody)
    }

    @Test func aTableIsOfOneRecording() throws {
        let clips = ["a.wav", "b.wav"].map {
            KeptClip(name: $0, moment: .example(source: $0), soundPath: $0)
        }
        #expect(throws: ReviewError.severalRecordings(table: "truth.tsv", sources: ["a.wav", "b.wav"])) {
            try TruthReview.answers(to: clips, from: truth, name: "truth.tsv")
        }
    }

    @Test func mistakesAreWhatWasHeardWronglyOrNotHeard() throws {
        let moments = [
            KeptMoment.example(), .example(fired: false), .example(), .example(fired: false), .example(),
        ]
        let clips = moments.enumerated().map { KeptClip(name: "\($0)", moment: $1, soundPath: "") }
        let answers: [String: ReviewAnswer] = [
            "0": .right, "1": .right, "2": .nobody, "3": .wrongWord(nil), "4": .wrongWord("no"),
        ]
        let reviewed = try ReviewedClip.all(clips, answers: answers, labels: ["_unknown_", "yes", "no"])
        #expect(reviewed.map(\.isMistake) == [false, true, true, false, true])
        #expect(reviewed.map(\.said) == ["yes", "yes", nil, nil, "no"])
        #expect(throws: ReviewError.self) {
            try ReviewedClip.all(clips, answers: answers, labels: ["_unknown_", "no"])
        }
    }

    @Test func aModelMustNotBecomeWorse() throws {
        func trial(_ alarms: Int, _ misses: Int) -> KeptTrial {
            KeptTrial(
                falseAlarms: Proportion(count: alarms, total: 40),
                misses: Proportion(count: misses, total: 20))
        }
        func objection(
            after: KeptTrial, heldOut: KeptTrial? = nil, recordings: Int = 990
        ) -> String? {
            let before = trial(10, 2)
            return MistakeLearning.objection(
                to: LearningReport(
                    heldOutName: "today", heldOutHours: nil,
                    heldOut: heldOut.map { LearningReport.Change(before: before, after: $0) },
                    all: LearningReport.Change(before: before, after: after),
                    recordings: Proportion(count: 990, total: 1_000).flatMap { before in
                        Proportion(count: recordings, total: 1_000).map {
                            LearningReport.Change(before: before, after: $0)
                        }
                    }))
        }
        #expect(objection(after: trial(2, 1)) == nil)
        #expect(objection(after: trial(2, 1), heldOut: trial(3, 2), recordings: 980) == nil)
        #expect(objection(after: trial(2, 1), recordings: 979) != nil)
        #expect(objection(after: trial(2, 3)) == nil)
        #expect(objection(after: trial(2, 4)) != nil)
        #expect(objection(after: trial(10, 2)) != nil)
        #expect(objection(after: trial(2, 1), heldOut: trial(12, 2)) != nil)
    }
}
