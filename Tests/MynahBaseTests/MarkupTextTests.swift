import MynahBase
import Testing

@Suite struct MarkupTextTests {
    @Test func nothingOfItIsMarkup() {
        #expect("a<b>&\"c\"".escapedAsMarkup == "a&lt;b&gt;&amp;&quot;c&quot;")
        #expect("\u{1b}[31m\n\u{202E}\u{FFFF}🎤".escapedAsMarkup == "\\u{1B}[31m\\n\\u{202E}\u{FFFD}🎤")
    }
}
