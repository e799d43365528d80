import MynahBase
package import MynahEvaluation

extension AlignedSentence {
    /// The first line of a table of words.
    package static let tableHeader = "path\tspeaker\tstart\tend\tword\tconfidence\n"

    /// A line for each word, with tabs between: path, speaker, start and end in seconds, word, confidence.
    package var tableLines: String {
        words.map { word in
            [
                name.printable, speaker.printable, NumberText.fixed(word.start, decimals: 3),
                NumberText.fixed(word.end, decimals: 3), word.word,
                NumberText.fixed(word.confidence, decimals: 4),
            ].joined(separator: "\t") + "\n"
        }.joined()
    }

    /// The words as a tier of a TextGrid, as Praat reads it, with empty intervals between them.
    ///
    /// Source: Praat manual, "TextGrid file formats", the long format.
    package var textGrid: String {
        var intervals: [(end: Double, text: String)] = []
        var position = 0.0
        for word in words where word.end > word.start {
            if word.start > position { intervals.append((word.start, "")) }
            intervals.append((word.end, word.word))
            position = word.end
        }
        if position < seconds || intervals.isEmpty { intervals.append((seconds, "")) }
        func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 6) }
        var text = """
            File type = "ooTextFile"
            Object class = "TextGrid"

            xmin = 0
            xmax = \(number(seconds))
            tiers? <exists>
            size = 1
            item []:
                item [1]:
                    class = "IntervalTier"
                    name = "words"
                    xmin = 0
                    xmax = \(number(seconds))
                    intervals: size = \(intervals.count)

            """
        position = 0
        for (index, interval) in intervals.enumerated() {
            text += """
                        intervals [\(index + 1)]:
                            xmin = \(number(position))
                            xmax = \(number(interval.end))
                            text = "\(interval.text)"

                """
            position = interval.end
        }
        return text
    }
}
