import MynahBase
import MynahData
package import MynahEvaluation

extension SpeechReport {
    /// The report for a terminal; lines end with `\n`.
    package func text(color: Bool) -> String {
        func heading(_ text: String) -> String {
            TextTable.Emphasis.heading.paint(text, color: color) + "\n"
        }
        func unused(_ passedOver: PassedOver, _ heading: String) -> String {
            passedOver.count == 0
                ? "" : heading + passedOver.told(limit: 20).map { "  \($0)\n" }.joined()
        }
        var rates = TextTable([.left, .right, .left, .right, .right, .right, .right])
        rates.append(["", "errors", "95 % interval", "substituted", "inserted", "left out", "said"], .quiet)
        for (name, rate) in [("symbols", result.symbols), ("words", result.words)] {
            rates.append([
                name, NumberText.percent(rate.value),
                rate.interval.map { NumberText.percentRange($0) } ?? "–",
                NumberText.grouped(rate.substitutions), NumberText.grouped(rate.insertions),
                NumberText.grouped(rate.deletions), NumberText.grouped(rate.total),
            ])
        }
        var speakers = TextTable([.left, .right, .right, .right, .right])
        speakers.append(["speaker", "sentences", "length", "symbol errors", "word errors"], .quiet)
        for speaker in result.speakers {
            speakers.append([
                speaker.name.printable, NumberText.grouped(speaker.sentences),
                NumberText.duration(speaker.seconds),
                NumberText.percent(speaker.symbolErrorRate),
                NumberText.percent(speaker.wordErrorRate),
            ])
        }
        let worst = result.worst.prefix(5).map { sentence in
            """
              \(sentence.name.printable): \(sentence.symbolErrors) errors in \(sentence.symbols) symbols
                said     \(sentence.said.printable)
                spelled  \(sentence.spelled.printable)

            """
        }
        let sections = [
            heading(
                "Errors in \(NumberText.grouped(result.sentenceCount)) sentences, \(NumberText.duration(result.seconds)), "
                    + "greedy decoding") + rates.render(color: color),
            heading("By speaker, whole speakers being drawn for the intervals")
                + speakers.render(color: color),
            worst.isEmpty ? "" : heading("Worst sentences") + worst.joined(),
            unused(passedOver, heading("Not used, and missing from all figures")),
            unused(unusedElsewhere, heading("Not used of the folder, in whatever split")),
        ]
        return (sections.filter { !$0.isEmpty } + provenance.sections(color: color)).joined(separator: "\n")
    }
}
