import MynahBase
import MynahEvaluation
import MynahModel
import MynahPlot

/// What the page says of detection in continuous audio.
struct OpenSetSection {
    private let evaluation: OpenSetEvaluation
    private let address: EvaluationPage.SoundAddress

    init(_ evaluation: OpenSetEvaluation, address: @escaping EvaluationPage.SoundAddress) {
        self.evaluation = evaluation
        self.address = address
    }

    var section: PageSection {
        var section = PageSection(id: "detection", title: "Words in continuous audio")
        let score = evaluation.score
        let settings = evaluation.settings
        section.text = [
            """
            \(NumberText.duration(evaluation.audioSeconds)) of audio were decoded as in live use: a word is detected when its \
            probability, averaged over \(NumberText.wholeMilliseconds(settings.smoothingSeconds)), has been the highest, and \
            at its threshold or above, for \(NumberText.wholeMilliseconds(settings.minimumSeconds)). A detection is a hit if it comes \
            between the start of its word and one second after its end; each word takes one, and a second one is a false alarm.
            """
        ]
        if score.misses != nil { section.figures = [tradeoff] }
        section.tables = [recordings, words]
        if score.misses != nil { section.tables.append(budgets) }
        if let advice = evaluation.advice { section.tables.append(words(of: advice)) }
        if !evaluation.confidentFalseAlarms.isEmpty { section.tables.append(falseAlarms) }
        if !evaluation.missedWords.isEmpty { section.tables.append(missedWords) }
        return section
    }

    // MARK: The DET curve

    /// Rates on the axis of the curve, per hour.
    private static let rates: [(value: Double, name: String)] = [
        (0.1, "0.1"), (0.3, "0.3"), (1, "1"), (3, "3"), (10, "10"), (30, "30"), (100, "100"), (300, "300"),
        (1000, "1000"),
    ]

    private static let missRange = 0.002...0.95

    /// A rate per hour as the normal deviate of its probability within a second.
    private static func place(_ perHour: Double) -> Double {
        Axis.probit(min(max(perHour, 0.03) / 3600, 0.5))
    }

    private static func place(miss share: Double) -> Double {
        Axis.probit(min(max(share, missRange.lowerBound), missRange.upperBound))
    }

    private var tradeoff: PageFigure {
        func point(_ misses: Proportion?, _ alarms: EventRate, _ note: String, hasInterval: Bool) -> Line
            .Point?
        {
            guard let misses else { return nil }
            let interval = misses.interval
            return Line.Point(
                x: Self.place(alarms.perHour), y: Self.place(miss: misses.value),
                interval: hasInterval
                    ? Self.place(miss: interval.lower)...Self.place(miss: interval.upper) : nil,
                note:
                    "\(note): \(NumberText.percent(misses.value)) missed, \(NumberText.perHour(alarms.perHour)) false alarms an hour"
            )
        }
        let curve = evaluation.curve.compactMap { step in
            point(
                step.misses, step.falseAlarms,
                "threshold \(NumberText.threshold(step.threshold))", hasInterval: false)
        }
        let used = point(
            evaluation.score.misses, evaluation.score.falseAlarms, "as used", hasInterval: true)
        let highest = evaluation.curve.map(\.falseAlarms.perHour).max() ?? 1
        let last = Self.rates.first { $0.value >= highest }?.value ?? 1000
        var yAxis = Axis.probit(label: "missed words", range: Self.missRange)
        yAxis.ticks.removeAll { !yAxis.range.contains($0.position) }
        return PageFigure(
            Chart(
                title: "", height: 320,
                xAxis: Axis(
                    label: "false alarms an hour", range: Self.place(0)...Self.place(max(last, 1)),
                    ticks: Self.rates.map { .init(position: Self.place($0.value), label: $0.name) }),
                yAxis: yAxis,
                marks: [
                    .line(Line(points: curve)), .line(Line(points: used.map { [$0] } ?? [], isJoined: false)),
                ]),
            title: "Misses against false alarms (DET)",
            caption:
                "One point for each threshold, on probit axes; what is beyond them lies on the edge. With a bar: the thresholds in use."
        )
    }

    // MARK: Tables

    private func percent(_ share: Proportion?) -> String {
        share.map { NumberText.percent($0.value) } ?? "–"
    }

    private func counts(_ share: Proportion?) -> String {
        share.map(NumberText.counts) ?? "–"
    }

    private func range(_ share: Proportion?) -> String {
        share.map { NumberText.percentRange($0.interval) } ?? "–"
    }

    private func threshold(_ value: Float?) -> String {
        value.map(NumberText.threshold) ?? "none"
    }

    private var recordings: PageTable {
        var table = PageTable(
            "Recordings",
            columns: [
                .text("recording"), "audio", "missed", "of words", "wrong labels", "false alarms", "an hour",
                "interval",
            ])
        for (recording, score) in zip(evaluation.recordings, evaluation.score.recordings) {
            table.append([
                .init(text: recording.name, isPath: true),
                .init(text: NumberText.duration(recording.seconds)),
                .init(text: percent(score.misses)), .init(text: counts(score.misses)),
                .init(text: NumberText.grouped(score.wrongLabels)),
                .init(text: NumberText.grouped(score.falseAlarms.count)),
                .init(text: NumberText.perHour(score.falseAlarms.perHour)),
                .init(text: NumberText.range(score.falseAlarms)),
            ])
        }
        return table
    }

    private var words: PageTable {
        var table = PageTable(
            "Words, with the thresholds in use",
            columns: [
                .text("word"), "threshold", "missed", "of said", "interval", "false alarms an hour",
                "interval",
                "wrong labels",
            ])
        for word in evaluation.score.words {
            table.append([
                word.word, threshold(evaluation.settings.threshold(of: word.word)), percent(word.misses),
                counts(word.misses), range(word.misses), NumberText.perHour(word.falseAlarms.perHour),
                NumberText.range(word.falseAlarms), NumberText.grouped(word.wrongLabels),
            ])
        }
        return table
    }

    private var budgets: PageTable {
        var table = PageTable(
            "Misses within a budget of false alarms", text: "One threshold for all words.",
            columns: [
                .text("limit"), "threshold", "missed", "of said", "interval", "false alarms an hour",
                "interval",
            ])
        func append(_ limit: String, _ value: Float?, _ misses: Proportion?, _ alarms: EventRate?) {
            table.append([
                limit, threshold(value), percent(misses), counts(misses), range(misses),
                alarms.map { NumberText.perHour($0.perHour) } ?? "–", alarms.map(NumberText.range) ?? "–",
            ])
        }
        for point in evaluation.operatingPoints {
            append(
                "at most \(NumberText.fixed(point.budgetPerHour, decimals: 1)) an hour", point.threshold,
                point.misses, point.falseAlarms)
        }
        let point = evaluation.atMissTarget
        append(
            "at most \(NumberText.percent(DetectionErrorTradeoff.missTarget)) missed", point?.threshold,
            point?.misses, point?.falseAlarms)
        for recording in point?.recordings ?? [] where evaluation.recordings.count > 1 {
            append("in \(recording.name)", point?.threshold, recording.misses, recording.falseAlarms)
        }
        return table
    }

    private func words(of advice: ThresholdAdvice) -> PageTable {
        let budget = "\(NumberText.fixed(advice.budgetPerHour, decimals: 2)) false alarms an hour"
        var table = PageTable(
            advice.isWithinBudget
                ? "Advised thresholds for at most \(budget)"
                : "No thresholds keep to \(budget); the nearest are",
            text: """
                They are to be kept for \(NumberText.wholeMilliseconds(advice.settings.minimumSeconds)). Chosen on these recordings, \
                so on others they will do a little worse.
                """,
            columns: [
                .text("word"), "threshold", "missed", "of said", "interval", "false alarms an hour",
                "interval",
            ])
        for word in advice.words {
            table.append([
                word.word, threshold(word.threshold), percent(word.misses), counts(word.misses),
                range(word.misses), NumberText.perHour(word.falseAlarms.perHour),
                NumberText.range(word.falseAlarms),
            ])
        }
        let score = advice.score
        table.append([
            "all", "", percent(score.misses), counts(score.misses), range(score.misses),
            NumberText.perHour(score.falseAlarms.perHour), NumberText.range(score.falseAlarms),
        ])
        return table
    }

    private var falseAlarms: PageTable {
        var table = PageTable(
            "False alarms with the highest confidence",
            columns: [.text("heard"), "confidence", "at", .text("file")])
        for alarm in evaluation.confidentFalseAlarms {
            let from = max(0, alarm.second - 1.5)
            table.append([
                .init(text: alarm.word), .init(text: NumberText.percent(Double(alarm.confidence))),
                .init(text: NumberText.fixed(alarm.second, decimals: 2) + " s"),
                .init(
                    text: alarm.file, isPath: true,
                    sound: address(alarm.file).map { $0 + fragment(from, alarm.second + 0.5) }),
            ])
        }
        return table
    }

    private var missedWords: PageTable {
        var table = PageTable(
            "Missed words", columns: [.text("said"), .text("heard"), "from", .text("recording")])
        for word in evaluation.missedWords {
            table.append([
                .init(text: word.word), .init(text: word.heard ?? "nothing"),
                .init(text: NumberText.fixed(word.start, decimals: 2) + " s"),
                .init(
                    text: word.file, isPath: true,
                    sound: address(word.file).map { $0 + fragment(max(0, word.start - 1), word.end + 1) }),
            ])
        }
        return table
    }

    /// The part of a sound that a browser plays (https://www.w3.org/TR/media-frags/).
    private func fragment(_ from: Double, _ to: Double) -> String {
        "#t=\(NumberText.fixed(from, decimals: 2)),\(NumberText.fixed(to, decimals: 2))"
    }
}
