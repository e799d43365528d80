import MynahBase
import MynahEvaluation

/// What the page says of words that training has never met, and of what is to be expected among strangers.
struct StrangerSection {
    private let unmet: UnmetWords
    private let strangers: StrangerAccuracy?

    init(_ unmet: UnmetWords, _ strangers: StrangerAccuracy?) {
        self.unmet = unmet
        self.strangers = strangers
    }

    var section: PageSection {
        var section = PageSection(id: "strangers", title: "Among strangers")
        section.text = [
            """
            Words of \(unmet.source), of which no clip was learnt from, should be heard as unknown. They were heard as: \
            \(unmet.commands).
            """
        ]
        if let strangers { section.facts = strangers.parts }
        section.tables = [table]
        return section
    }

    private var table: PageTable {
        var table = PageTable(
            "Words never met", columns: [.text("word"), "taken for a command", "clips", "95 %"])
        func append(_ name: String, _ share: Proportion) {
            table.append([
                name, NumberText.percent(share.value), NumberText.counts(share),
                NumberText.percentRange(share.interval),
            ])
        }
        append("all", unmet.taken)
        append("all, with \(NumberText.percent(Double(unmet.threshold))) or more", unmet.takenSurely)
        for word in unmet.worstWords { append(word.word, word.taken) }
        return table
    }
}
