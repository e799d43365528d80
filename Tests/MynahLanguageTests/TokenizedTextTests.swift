import MynahModel
import Testing

@testable import MynahLanguage

@Suite struct SentenceTests {
    private func words(_ text: String) -> [String] { TokenizedText(text).words.map(\.text) }

    @Test func wordsAreLettersAndDigits() {
        #expect(words("Turn  on the\tlight") == ["turn", "on", "the", "light"])
        #expect(words("don’t wake me at 7:30") == ["don't", "wake", "me", "at", "7", ":", "30"])
        #expect(words("50% in Österreich") == ["50", "%", "in", "österreich"])
        #expect(words("") == [] && words(" \n ") == [])
    }

    @Test func punctuationAtTheEndIsPassedOver() {
        #expect(words("Is it on?") == words("is it on") && words("Stop!…") == ["stop"])
        #expect(words("Dr. Dre, please") == ["dr", ".", "dre", ",", "please"])
        #expect(words("?!") == [])
    }

    /// Composed and decomposed letters, capitals: the same word, each where it stands.
    @Test func wordsAreComparedInNormalForm() {
        let composed = TokenizedText("Café an"), decomposed = TokenizedText("CAFE\u{301} an")
        #expect(composed.words.map(\.text) == decomposed.words.map(\.text))
        #expect(composed.ranges == [0..<4, 5..<7] && decomposed.ranges == [0..<5, 6..<8])
        #expect(decomposed.text(of: decomposed.ranges[0]) == "CAFE\u{301}")
        #expect(TokenizedText.normalForm(of: " The  KITCHEN. ") == "the kitchen")
    }

    @Test func oddTextsAreCutSomehow() {
        #expect(words("licht 🏳️‍🌈 an") == ["licht", "🏳", "\u{FE0F}", "🌈", "an"])
        #expect(words("שלום עולם") == ["שלום", "עולם"])
        #expect(words("开灯") == ["开", "灯"])
        #expect(words("a\u{200B}b\u{0}c") == ["a", "b", "c"])
        #expect(words("\u{301}x") == ["\u{301}x"])
        #expect(TokenizedText(String(repeating: "a ", count: 10_000)).words.count == 10_000)
    }

    @Test(arguments: [
        ("kitchen", WordShape.lower), ("Kitchen", .capitalized), ("NBA", .capitals), ("iPhone", .mixed),
        ("I", .capitalized), ("4th", .number), ("?", .sign), ("É", .capitalized), ("½", .number),
        ("ǅ", .capitalized),
    ])
    func theShapeIsHowAWordIsWritten(_ written: String, _ shape: WordShape) {
        #expect(WordShape(of: Array(written.unicodeScalars)[...]) == shape)
    }
}
