import MynahBase
import MynahPlot

/// A page that needs nothing but itself, put together of sections.
struct HTMLPage {
    /// What a section shows: a drawing, and what it means.
    struct Section {
        var title: String

        /// Paragraphs of plain text.
        var paragraphs: [String]
        var svg: String

        /// What the colours of lines mean.
        var keys: [(ink: Ink, text: String)] = []
    }

    var title: String

    /// One or two sentences below the title.
    var lead: String
    var sections: [Section]

    /// Lines of small print.
    var notes: [String]

    /// The page as HTML 5.
    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="generator" content="Mynah \(mynahVersion)">
        <title>\(Self.escaped(title))</title>
        <style>
        \(PageStyle.css)
        </style>
        </head>
        <body>
        <h1>\(Self.escaped(title))</h1>
        <p class="lead">\(Self.escaped(lead))</p>
        \(sections.map(Self.html).joined(separator: "\n"))
        <footer>
        \(notes.map { "<p>\(Self.escaped($0))</p>" }.joined(separator: "\n"))
        </footer>
        </body>
        </html>

        """
    }

    private static func html(_ section: Section) -> String {
        let keys = section.keys.map {
            "<li><i style=\"background:\($0.ink.color)\"></i>\(escaped($0.text))</li>"
        }
        return """
            <section>
            <figure>
            \(section.svg)</figure>
            <div>
            <h2>\(escaped(section.title))</h2>
            \(section.paragraphs.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n"))
            \(keys.isEmpty ? "" : "<ul class=\"keys\">\(keys.joined())</ul>")
            </div>
            </section>
            """
    }

    /// Text on one line that stands for itself in HTML, also in quotation marks.
    static func escaped(_ text: String) -> String {
        text.printable.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
