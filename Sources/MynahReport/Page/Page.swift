import MynahBase

/// A page that needs nothing but itself: no network, no script, no other file.
///
/// All pages of Mynah are made by this type, and so have the same shell: a title with a sentence below it, the most
/// important figures as cards, links to the sections, the sections, and where it all comes from.
struct Page {
    /// One of the figures that a reader looks for first.
    struct Card {
        let name: String
        let value: String
        let note: String
    }

    var title: String

    /// One or two sentences below the title.
    var lead: String
    var cards: [Card] = []

    /// The sections from top to bottom.
    var sections: [PageSection]

    /// The version of Mynah that made the page.
    var mynahVersion: String

    /// The page as HTML 5; the same for the same contents.
    var html: String {
        HTML(.html, .init("lang", "en")) {
            HTML(.head) {
                HTML(.meta, .init("charset", "utf-8"))
                HTML(
                    .meta, .init("name", "viewport"),
                    .init("content", "width=device-width, initial-scale=1"))
                HTML(.meta, .init("name", "generator"), .init("content", "Mynah \(mynahVersion)"))
                HTML(.title) { title }
                HTML.style
            }
            HTML(.body) {
                HTML(.header) {
                    HTML(.h1) { title }
                    HTML(.p, .class("lead")) { lead }
                    if !cards.isEmpty { HTML(.div, .class("cards")) { cards.map(Self.html) } }
                    navigation
                }
                HTML(.main) { sections.map(\.html) }
            }
        }.document
    }

    private var navigation: HTML {
        HTML(.nav, .init("aria-label", "Contents")) {
            for section in sections { HTML(.a, .init("href", "#\(section.id)")) { section.title } }
        }
    }

    private static func html(_ card: Card) -> HTML {
        HTML(.div, .class("card")) {
            HTML(.div, .class("name")) { card.name }
            HTML(.div, .class("value")) { card.value }
            HTML(.div, .class("note")) { card.note }
        }
    }
}

/// A part of a page with a heading.
struct PageSection {
    /// How the parts of a section lie on a wide screen; on a narrow one they stand below one another.
    enum Layout: String {
        /// Figures and tables side by side where they fit, below the text.
        case flow

        /// The figures on the left, the words beside them; such a section has no tables.
        case beside
    }

    /// What links to the section name it by.
    let id: String
    let title: String
    var layout = Layout.flow

    /// Paragraphs.
    var text: [String] = []
    var figures: [PageFigure] = []

    /// What the colours in the figures stand for.
    var legend: [PageLegend] = []
    var tables: [PageTable] = []

    /// Names, each with its value.
    var facts: [(name: String, value: String)] = []

    /// Lines, each list below a heading of its own.
    var lists: [(title: String, lines: [String])] = []

    var html: HTML {
        HTML(.section, .init("id", id), .class(layout.rawValue)) {
            switch layout {
            case .flow:
                HTML(.h2) { title }
                words
                if !figures.isEmpty || !tables.isEmpty {
                    HTML(.div, .class("parts")) {
                        figures.map(\.html)
                        tables.map(\.html)
                    }
                }
            case .beside:
                HTML(.div) {
                    HTML(.h2) { title }
                    words
                }
                HTML(.div, .class("drawn")) { figures.map(\.html) }
            }
        }
    }

    @HTML.Content private var words: [HTML] {
        for paragraph in text { HTML(.p) { paragraph } }
        if !legend.isEmpty { HTML(.ul, .class("legend")) { legend.map(\.html) } }
        if !facts.isEmpty {
            HTML(.dl) {
                for fact in facts {
                    HTML(.dt) { fact.name }
                    HTML(.dd) { fact.value }
                }
            }
        }
        for list in lists {
            HTML(.h3) { list.title }
            HTML(.ul) { for line in list.lines { HTML(.li) { line } } }
        }
    }
}
