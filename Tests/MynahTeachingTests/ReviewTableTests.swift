import Foundation
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahTeaching

/// Answers, which survive whatever ends a review.
struct ReviewTableTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var table: ReviewTable { get throws { try ReviewTable(in: folder.path) } }

    @Test func answersAreKnownAgain() throws {
        var table = try table
        #expect(table.answers.isEmpty)
        try table.answer("one", .right)
        try table.answer("two", .wrongWord("no"))
        try table.answer("three", .wrongWord(nil))
        try table.answer("four", .nobody)
        try table.answer("one", .nobody)
        try table.answer("four", nil)
        let answers: [String: ReviewAnswer] = [
            "one": .nobody, "two": .wrongWord("no"), "three": .wrongWord(nil),
        ]
        #expect(table.answers == answers)
        #expect(try self.table.answers == answers)
        // Lines are only added.
        let text = try String(contentsOfFile: folder.file("review.tsv"), encoding: .utf8)
        #expect(text.split(separator: "\n").count == 7)
    }

    @Test func aLineThatWasCutIsPassedOver() throws {
        try folder.write("clip\tanswer\tword\ttime\none\tright\t\t2026\ntwo\tno", to: "review.tsv")
        var table = try table
        #expect(table.answers == ["one": .right] && table.unreadableCount == 1)
        try table.answer("three", .nobody)
        #expect(try self.table.answers == ["one": .right, "three": .nobody])
    }

    @Test func twoReviewsAtATime() throws {
        var (one, other) = (try table, try table)
        try one.answer("one", .right)
        try other.answer("two", .nobody)
        #expect(try table.answers.count == 2)
    }

    @Test func otherTablesAreRefused() throws {
        try folder.write("start\tend\tword\n", to: "review.tsv")
        #expect(throws: ReviewError.self) { try table }
        #expect(
            try String(contentsOfFile: folder.file("review.tsv"), encoding: .utf8) == "start\tend\tword\n")
    }
}
