import MynahBase
import MynahEvaluation
package import MynahLanguage
package import MynahModel
import MynahNetwork
import MynahPlot

/// A page that shows how a network came to know what a sentence asks for, word by word.
package struct SentencePage {
    /// One or two sentences: what was understood, and after which word.
    package let summary: String

    /// The page as HTML that needs nothing else: no network, no script, no other file.
    package let html: String

    /// Reads a sentence, and draws what happened; nil where it has no words.
    ///
    /// - Parameters:
    ///   - text: the sentence.
    ///   - model: what reads it.
    ///   - modelName: what the model is called.
    ///   - confidence: the probability at which the network may decide before the end.
    ///   - origin: what makes the page.
    /// - Throws: `LanguageError` for a text that is too long.
    package init?(
        of text: String, model: IntentModel, modelName: String, confidence: Float,
        origin: ExplanationPage.Origin
    ) throws(LanguageError) {
        guard
            let trace = try SentenceTrace(
                TokenizedText(text), parser: IntentParser(model), confidence: confidence)
        else { return nil }
        let sections = SentenceSections(trace: trace, model: model, confidence: confidence)
        summary = sections.summary
        html =
            Page(
                title: "What Mynah read in “\(text.printable.shortened(to: 80))”", lead: summary,
                sections: sections.all + [
                    PageSection(
                        id: "origin", title: "Where this page comes from",
                        facts: [
                            ("command", origin.commandLine), ("version", "Mynah \(origin.mynahVersion)"),
                            ("model", "\(modelName)  (\(model.hash))"),
                            (
                                "temperature, threshold",
                                NumberText.fixed(Double(model.calibration.temperature), decimals: 3) + ", "
                                    + NumberText.fixed(Double(model.calibration.threshold), decimals: 3)
                            ),
                        ])
                ], mynahVersion: origin.mynahVersion
            ).html
    }
}

/// The sections of the page: a drawing each, and what it means.
private struct SentenceSections {
    let trace: SentenceTrace
    let model: IntentModel
    let confidence: Float

    var all: [PageSection] {
        [words, posteriors, memory, state] + (gate.map { [$0] } ?? []) + [path]
    }

    private var wordCount: Int { trace.text.words.count }
    private var final: [Float] { trace.posteriors.last ?? [] }
    private var best: Int { final.indexOfLargest ?? 0 }

    private func word(_ index: Int) -> String { trace.text.text(ofWords: index..<index + 1) }

    var summary: String {
        let understood = trace.understanding
        let slots = understood.slots.map { "\($0.slot): \($0.value)" }.joined(separator: ", ")
        let answer =
            "\(understood.intent)\(slots.isEmpty ? "" : " (\(slots))"), \(percent(final[best])) sure at the end."
        guard let decision = trace.decision else {
            return "\(answer) Only the end of the sentence made it safe to act."
        }
        let place =
            decision + 1 == wordCount ? "with the last word" : "after word \(decision + 1) of \(wordCount)"
        return "\(answer) It was safe to act \(place), “\(word(decision))”."
    }

    /// The intents that get a colour: those of which most was believed at some moment, the most probable first.
    private var shownIntents: [Int] {
        let peaks = model.intents.indices.map { intent in trace.posteriors.map { $0[intent] }.max() ?? 0 }
        return Array(model.intents.indices.sorted { peaks[$0] > peaks[$1] }.prefix(5))
    }

    private func ink(of intent: Int) -> Ink { shownIntents.firstIndex(of: intent).map(Ink.distinct) ?? .grey }

    private var legend: [PageLegend] {
        let shown = shownIntents
        return shown.map { PageLegend(ink: ink(of: $0), text: model.intents[$0]) }
            + (shown.count < model.intents.count ? [PageLegend(ink: .grey, text: "all others")] : [])
    }

    private func section(
        _ id: String, _ title: String, _ drawing: any Drawing, legend: [PageLegend] = [], _ text: String...
    ) -> PageSection {
        PageSection(
            id: id, title: title, layout: .beside, text: text.filter { !$0.isEmpty },
            figures: [PageFigure(drawing)],
            legend: legend)
    }

    private var words: PageSection {
        var table = PageTable(
            "Words", columns: [.text("word"), .text("known"), .text("label"), .text("most probable so far")])
        for index in 0..<wordCount {
            let slot = SlotLabels.slot(of: trace.labels[index])
            let label = slot.map {
                (SlotLabels.isBeginning(trace.labels[index]) ? "begins " : "inside ") + model.slots[$0].name
            }
            let posteriors = trace.posteriors[index]
            let leader = posteriors.indexOfLargest ?? 0
            table.append([
                word(index).printable,
                model.words.knows(trace.text.words[index].text) ? "yes" : "by its parts",
                label ?? "–", "\(model.intents[leader]) \(percent(posteriors[leader]))",
            ])
        }
        return PageSection(
            id: "words", title: "The words",
            text: [
                """
                The network reads the sentence one word at a time. Each word is a vector of \
                \(model.network.layers.first?.embedding?.size ?? 0) learnt numbers; that of a word it has never met is \
                put together from the words that share parts with it. Beside the intent, it labels each word: whether it \
                begins a detail, such as a room, goes on with one, or names none.
                """
            ], tables: [table])
    }

    private var posteriors: PageSection {
        // Those with colours lie on top.
        let intents = model.intents.indices.sorted { ink(of: $0) == .grey && ink(of: $1) != .grey }
        let lines = intents.map { intent in
            Chart.Mark.line(
                Line(
                    points: trace.posteriors.enumerated().map {
                        .init(x: Double($0) + 0.5, y: Double($1[intent]))
                    },
                    ink: ink(of: intent), width: ink(of: intent) == .grey ? 0.7 : 2))
        }
        let safe = Chart.Mark.guide(
            Guide(from: (0, Double(confidence)), to: (Double(wordCount), Double(confidence))))
        return section(
            "probabilities", "What it believes",
            figure(
                "Probability of each intent", height: 190,
                yAxis: Axis(label: "probability", range: 0...1, tickCount: 5), marks: lines + [safe]),
            legend: legend,
            """
            After each word the network says how probable each intent is, had the sentence ended there. The horizontal \
            dashed line is at \(percent(confidence)). Once an intent is above it, and every detail that it can have has \
            been named, there is nothing to wait for.
            """,
            trace.decision == nil
                ? "That moment did not come before the end of this sentence."
                : "The vertical dashed line, here and below, marks that moment.")
    }

    private var memory: PageSection {
        let strengths = trace.states.map { state in
            (state.reduce(0.0) { $0 + Double($1 * $1) } / Double(max(1, state.count))).squareRoot()
        }
        var points = [Line.Point(x: 0, y: 0)]
        for (index, strength) in strengths.enumerated() {
            points.append(.init(x: Double(index) + 0.5, y: strength))
        }
        points += [
            .init(x: Double(wordCount), y: strengths.last ?? 0), .init(x: Double(wordCount), y: 0),
            .init(x: Double(wordCount) + Self.afterEnd, y: 0),
        ]
        return section(
            "memory", "Memory builds up, and is cleared",
            figure(
                "Memory", height: 130,
                yAxis: Axis(
                    label: "strength", range: 0...1.1 * max(strengths.max() ?? 0, 1e-3), tickCount: 4),
                marks: [.line(Line(points: points, ink: .blue, width: 2))]),
            """
            What the network knows of the words before is its state: \(trace.states.first?.count ?? 0) numbers in the last \
            recurrent layer, all of them 0 before the sentence. Each word changes them. The line is their root mean square.
            """,
            "When the sentence is understood, the state is cleared, so that the next sentence starts afresh.",
            model.network.isCausal
                ? ""
                : """
                This network also reads the sentence from its end; what is drawn here is the direction that reads it as \
                it is spoken.
                """)
    }

    private var state: PageSection {
        let empty = [Float](repeating: 0, count: trace.states.first?.count ?? 0)
        return section(
            "state", "The state, number by number",
            unitMap(trace.states + [empty], title: "State", range: -1...1, label: "value"),
            """
            Each row is one unit, each column the state after a word: dark where it is negative, light where it is \
            positive. The rows are sorted by when they are strongest, the earliest at the top. Rows that stay light or dark \
            remember a word long after it was read. The last column is the cleared state.
            """)
    }

    private var gate: PageSection? {
        trace.kept.map { kept in
            section(
                "gate", "The gate that keeps or takes",
                unitMap(kept, title: "Gate", range: 0...1, label: "share kept"),
                """
                At each word, each unit's gate chooses between old and new. Light: the unit keeps what it had. Dark: it makes \
                room for this word. Nobody told it which words matter: training found out.
                """)
        }
    }

    private var path: PageSection {
        let paths = PrincipalPlane(trace.states.map { $0.map { Double($0) } }).paths(of: [], clipCounts: [])
        let empty = [Float](repeating: 0, count: paths.center.count)
        var places = ([paths.point(of: empty)] + trace.states.map(paths.point(of:))).map {
            Line.Point(x: Double($0.x), y: Double($0.y))
        }
        for index in 0..<wordCount { places[index + 1].note = word(index).printable }
        let lines = [
            Line(points: places, ink: ink(of: best), width: 2.5),
            Line(points: [places[0]], isJoined: false, ink: .grey, label: "start"),
        ]
        let labels = (0..<wordCount).map { index in
            Line(
                points: [places[index + 1]], isJoined: false, ink: ink(of: best), label: word(index).printable
            )
        }
        let (x, y) = PathFigure.ranges(of: places)
        return section(
            "path", "The path of the state",
            Figure(
                title: "Path of the state",
                charts: [
                    Chart(
                        title: "", height: PathFigure.height,
                        xAxis: Axis(label: "first direction", range: x, tickCount: 5),
                        yAxis: Axis(label: "second direction", range: y, tickCount: 5),
                        marks: (lines + labels).map { .line($0) })
                ], style: .page),
            """
            The same numbers as a point in a plane, word by word. A long step is a word that changed much of \
            what the network remembers. The plane is the one in which this path is longest: what a word changed in other \
            directions does not show.
            """)
    }

    /// Columns behind the last word, for the cleared state.
    private static let afterEnd = 1.0

    private func figure(_ title: String, height: Double, yAxis: Axis, marks: [Chart.Mark]) -> Figure {
        // The empty map keeps room for a bar of colours, so that a word has the same place in all drawings.
        let room = HeatMap(values: [], rowCount: 1, xRange: 0...1, yRange: 0...1, valueLabel: "")
        var marks = marks + [.heatMap(room)]
        if let decision = trace.decision {
            let x = Double(decision) + 0.5
            marks.append(.guide(Guide(from: (x, yAxis.range.lowerBound), to: (x, yAxis.range.upperBound))))
        }
        let ticks = (0..<wordCount).map {
            Axis.Tick(position: Double($0) + 0.5, label: word($0).printable.shortened(to: 12))
        }
        let words = Axis(label: "words", range: 0...Double(wordCount) + Self.afterEnd, ticks: ticks)
        return Figure(
            title: title,
            charts: [Chart(title: "", height: height, xAxis: words, yAxis: yAxis, marks: marks)], style: .page
        )
    }

    private func unitMap(
        _ rows: [[Float]], title: String, range: ClosedRange<Double>, label: String
    ) -> Figure {
        let order = unitOrder
        let units = Double(order.count)
        return figure(
            title, height: 200, yAxis: Axis(label: "unit", range: 0...units, ticks: []),
            marks: [
                .heatMap(
                    HeatMap(
                        values: rows.flatMap { row in order.map { row[$0] } }, rowCount: max(1, order.count),
                        xRange: 0...Double(rows.count), yRange: 0...units, valueRange: range,
                        valueLabel: label))
            ])
    }

    /// The units by when they are strongest, the latest first: row 0 of a map is the lowest.
    private var unitOrder: [Int] {
        let units = trace.states.first?.indices ?? 0..<0
        let peaks = units.map { unit in
            trace.states.indices.indexOfLargest { abs(trace.states[$0][unit]) } ?? 0
        }
        return units.sorted { (peaks[$0], $0) > (peaks[$1], $1) }
    }

    private func percent(_ probability: Float) -> String { NumberText.percent(Double(probability)) }
}
