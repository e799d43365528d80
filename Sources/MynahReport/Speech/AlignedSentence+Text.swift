import MynahBase
package import MynahData

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

    /// The words as a tier of a TextGrid of a recording of a length in seconds, as Praat reads it, with empty intervals between
    /// them; words that overlap meet in the middle.
    ///
    /// Source: Praat manual, "TextGrid file formats", the long format.
    package func textGrid(seconds: Double) -> String {
        var intervals: [(end: Double, text: String)] = []
        var position = 0.0
        for (index, word) in words.enumerated() {
            let start = max(position, word.start)
            let next = index + 1 < words.count ? words[index + 1].start : seconds
            let end = next < word.end ? (next + word.end) / 2 : word.end
            guard end > start else { continue }
            if start > position { intervals.append((start, "")) }
            intervals.append((end, word.word))
            position = end
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
