import Testing

@testable import MynahData

@Suite struct LabelTableTests {
    private func table(_ text: String, isTabSeparated: Bool = false) throws(LabelTable.Fault) -> LabelTable {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return try LabelTable(
            lines: lines.enumerated().map { ($0 + 1, String($1)) }, isTabSeparated: isTabSeparated)
    }

    private func row(
        _ line: Int, _ path: String, _ label: String, _ speaker: String? = nil, _ split: DataSplit? = nil
    ) -> LabelTable.Row {
        LabelTable.Row(line: line, path: path, label: label, speaker: speaker, split: split)
    }

    @Test func columnsWithoutAHeader() throws {
        #expect(
            try table("a.wav,yes\n\nb/c.wav, no \n").rows == [
                row(1, "a.wav", "yes"), row(3, "b/c.wav", "no"),
            ])
        #expect(
            try table("a.wav,yes,anna,train\nb.wav,no,,dev").rows
                == [row(1, "a.wav", "yes", "anna", .training), row(2, "b.wav", "no", nil, .validation)])
        #expect(try table("a.wav,yes,anna\nb.wav,no,test").rows[1].speaker == "test")
        #expect(try table("a.wav,yes,train\nb.wav,no,test").rows[1].split == .testing)
        #expect(
            try table("a.wav\tyes, please", isTabSeparated: true).rows == [row(1, "a.wav", "yes, please")])
        #expect(try table("a.wav;yes").rows == [row(1, "a.wav", "yes")])
    }

    @Test func columnsWithAHeader() throws {
        let rows = try table("id,split,Label,length,FILE\n7,Testing,yes,1.0,./a.wav\n8,,no,1.0,b.wav").rows
        #expect(rows == [row(2, "a.wav", "yes", nil, .testing), row(3, "b.wav", "no")])
        #expect(try table("file,word").rows.isEmpty)
    }

    @Test func quotationMarks() throws {
        #expect(try table(#""a,b.wav","say ""yes""""#).rows == [row(1, "a,b.wav", #"say "yes""#)])
    }

    @Test(arguments: [
        ("a.wav", 1, "expected a path and a label, separated by a semicolon"),
        ("a.wav,yes\nb.wav,", 2, "expected a path and a label, separated by a comma"),
        ("a.wav,yes\n/etc/b.wav,no", 2, "'/etc/b.wav' lies outside the folder"),
        ("a/../../b.wav,no", 1, "'a/../../b.wav' lies outside the folder"),
        ("a.wav,yes\n./a.wav,no", 2, "'./a.wav' stands in line 1 already"),
        ("path,label,split\na.wav,yes,third", 2, "'third' is no split, expected train, validation or test"),
        ("\"a.wav,yes", 1, "a quotation mark is not closed"),
    ])
    func linesThatCannotBeUnderstood(text: String, line: Int, reason: String) {
        #expect(throws: LabelTable.Fault(line: line, reason: reason)) { try table(text) }
    }
}
