import MynahModel
import Testing

@testable import MynahData

@Suite struct TranscriptTextTests {
    @Test(arguments: [
        ("HE TELLS US", "he tells us"),
        ("  Don’t  stop,now!\t", "don't stop now"),
        ("'tis the dogs' \u{2018}own\u{2019} house", "tis the dogs own house"),
        ("well-known — or not…", "well known or not"),
        ("cafe\u{301} CAFÉ", "café café"),
        ("co\u{AD}operate\u{200B} zero\u{FEFF}", "cooperate zero"),
        ("ΏΡΑ, Straße; Йод?", "ώρα straße йод"),
        ("(U.S.) \"quoted\"", "u s quoted"),
    ])
    func rulesAreApplied(_ written: String, _ expected: String) throws {
        let text = try TranscriptText(normalising: written).text
        // The comparison of strings would take two spellings of a letter for one.
        #expect(Array(text.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(arguments: [
        ("at 3 o'clock", "'3'"), ("½ a mile", "'½'"), ("५ days", "'५'"), ("50 %", "'5'"), ("half %", "'%'"),
        ("cost €", "'€'"), ("a + b", "'+'"), ("20°", "'2'"), ("me@home", "'@'"), ("a \u{E000}", "''"),
    ])
    func whatIsReadAloudIsRefused(_ written: String, _ sign: String) {
        let fault = #expect(throws: TranscriptText.Fault.self) { try TranscriptText(normalising: written) }
        if sign != "''" { #expect(fault?.reason.contains(sign) == true) }
    }

    @Test(arguments: ["", "   ", "… – !", "'", "\u{200B}"])
    func aTextWithoutWordsIsRefused(_ written: String) {
        let fault = #expect(throws: TranscriptText.Fault.self) { try TranscriptText(normalising: written) }
        #expect(fault?.reason == "the text has no words")
    }

    @Test func symbolsAreTheLettersThatOccur() throws {
        let table = SymbolTable(of: ["don't go", "café"])
        #expect(table.symbols == [" ", "'", "a", "c", "d", "f", "g", "n", "o", "t", "é"])
        #expect(table.classCount == 12)
        let classes = try table.classes(of: ["go on"])[0].get()
        #expect(table.text(of: classes) == "go on")
        #expect(table.classes(of: ["x"]) == [.failure(SymbolTable.UnknownSymbol(symbol: "x"))])
    }
}
