import MynahPlot
import Testing

@testable import MynahReport

@Suite struct HTMLTests {
    /// Markup in every place that a caller can fill.
    @Test func textCannotBecomeMarkup() {
        let hostile = "</p><script>'\"&amp;\u{1b}[2J\u{202E}\n"
        let escaped = "&lt;/p&gt;&lt;script&gt;'&quot;&amp;amp;\\u{1B}[2J\\u{202E}\\n"
        let page = HTML(.p, .class(hostile), .init("aria-label", hostile)) {
            hostile
            HTML(.b) { hostile }
        }.document
        #expect(
            page == """
                <!DOCTYPE html>
                <p class="\(escaped)" aria-label="\(escaped)">\(escaped)<b>\(escaped)</b></p>

                """)
    }

    @Test func contentIsPutTogetherByStatements() {
        func list(_ words: [String], hasEnd: Bool) -> String {
            HTML(.ul) {
                for word in words { HTML(.li, .class("")) { word } }
                if hasEnd { HTML(.li, .class("end")) }
                if words.isEmpty { "none" } else { HTML.drawing(Dot()) }
            }.document
        }
        #expect(
            list(["a", "b"], hasEnd: true)
                == "<!DOCTYPE html>\n<ul><li>a</li>\n<li>b</li>\n<li class=\"end\"></li>\n<svg/></ul>\n")
        #expect(list([], hasEnd: false) == "<!DOCTYPE html>\n<ul>none</ul>\n")
    }

    @Test func voidElementsHaveNoEnd() {
        #expect(
            HTML(.meta, .init("charset", "utf-8")).document == "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n")
        #expect(HTML(.audio, .init("controls")).document == "<!DOCTYPE html>\n<audio controls></audio>")
    }

    @Test func everyPageHasTheSameShell() {
        let page = Page(
            title: "a & b", lead: "lead",
            sections: [PageSection(id: "one", title: "One", text: ["text"], facts: [("name", "<value>")])],
            mynahVersion: "1"
        ).html
        for part in [
            "<title>a &amp; b</title>", "<h1>a &amp; b</h1>", "prefers-color-scheme: dark", "@media print",
            "<a href=\"#one\">One</a>", "<section id=\"one\"", "<dt>name</dt>\n<dd>&lt;value&gt;</dd>",
        ] {
            #expect(page.contains(part), "\(part)")
        }
    }

    private struct Dot: Drawing {
        var svg: String { "<svg/>" }
    }
}
