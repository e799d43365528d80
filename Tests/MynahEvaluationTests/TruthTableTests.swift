import MynahEvaluation
import Testing

/// Tables of spoken words, sound and broken.
struct TruthTableTests {
    private func message(_ text: String) -> String? {
        do throws(EvaluationError) {
            _ = try TruthTable(parsing: text, name: "t.tsv")
            return nil
        } catch {
            return error.description
        }
    }

    @Test func tableIsReadAsItWasWritten() throws {
        let table = TruthTable(events: [
            TruthEvent(start: 0, end: 0.5, word: "go"), TruthEvent(start: 1.25, end: 2, word: "größer"),
            TruthEvent(start: 1.25, end: 1.5, word: "zero"),
        ])
        #expect(
            table.text
                == "start\tend\tword\n0.000\t0.500\tgo\n1.250\t2.000\tgrößer\n1.250\t1.500\tzero\n")
        #expect(try TruthTable(parsing: table.text, name: "t.tsv") == table)
        let windows = table.text.replacing("\n", with: "\r\n") + "# a note\r\n\r\n"
        #expect(try TruthTable(parsing: windows, name: "t.tsv") == table)
        #expect(try TruthTable(parsing: "start\tend\tword", name: "t.tsv").events.isEmpty)
    }

    @Test func marksAndBlanksAreNoWords() throws {
        let table = try TruthTable(
            parsing: "\u{FEFF}start\tend\tword\r\n0.5\t1 \tgo \r\n \t\t\r\n1\t2\t two  words\r", name: "t.tsv"
        )
        #expect(table.events.map(\.word) == ["go", "two  words"])
        #expect(
            message("start\tend\tword\n\0g\0o\n")
                == "t.tsv: cannot be read: line 2 holds zero bytes, as UTF-16 has, expected UTF-8")
    }

    @Test(arguments: [
        ("", "t.tsv: line 1: the table is empty"),
        ("1\t2\tgo\n", "t.tsv: line 1: expected the columns start, end and word, separated by tabs"),
        (
            "start\tend\tword\n1\t2\n",
            "t.tsv: line 2: has 2 columns separated by tabs, expected 3"
        ),
        (
            "start\tend\tword\n1 2 go\n",
            "t.tsv: line 2: has 1 columns separated by tabs, expected 3"
        ),
        ("start\tend\tword\n\n\nx\t2\tgo\n", "t.tsv: line 4: start is 'x', expected seconds"),
        ("start\tend\tword\n1\tnan\tgo\n", "t.tsv: line 2: end is 'nan', expected seconds"),
        ("start\tend\tword\n1\tinf\tgo\n", "t.tsv: line 2: end is 'inf', expected seconds"),
        ("start\tend\tword\n-1\t2\tgo\n", "t.tsv: line 2: start is '-1', expected seconds"),
        ("start\tend\tword\n2\t2\tgo\n", "t.tsv: line 2: ends at 2.0 s, not after its start at 2.0 s"),
        (
            "start\tend\tword\n1\t2\t\n",
            "t.tsv: line 2: the word is '', expected 1 to 128 printable bytes"
        ),
        (
            "start\tend\tword\n1\t2\tg\u{1b}o\n",
            #"t.tsv: line 2: the word is 'g\u{1B}o', expected 1 to 128 printable bytes"#
        ),
        (
            "start\tend\tword\n5\t6\tgo\n1\t2\tgo\n",
            "t.tsv: line 3: starts at 1.0 s, before the event above it (5.0 s)"
        ),
    ])
    func faultsNameTheLine(text: String, expected: String) {
        #expect(message(text) == expected)
    }
}
