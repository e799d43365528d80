import MynahBase
import MynahEvaluation
import MynahModel

/// The part of a report on detection in continuous audio as text.
struct OpenSetText {
    let evaluation: OpenSetEvaluation

    /// Whether to use ANSI colours.
    let color: Bool

    /// The sections in the order in which a reader asks for them, each ending in a line break.
    var sections: [String] {
        var sections = [section("Detection in continuous audio (\(settings))", summary)]
        if evaluation.recordings.count > 1 { sections.append(section("Recordings", recordings)) }
        sections.append(section("Words", words))
        sections.append(section("Misses within a budget of false alarms, one threshold for all", budgets))
        if let advice = evaluation.advice {
            sections.append(section(title(of: advice), words(of: advice)))
        }
        if !evaluation.confidentFalseAlarms.isEmpty {
            sections.append(section("False alarms with the highest confidence", falseAlarms))
        }
        if !evaluation.missedWords.isEmpty { sections.append(section("Missed words", missedWords)) }
        return sections
    }

    private func section(_ title: String, _ body: String) -> String {
        TextTable.Emphasis.heading.paint(title, color: color) + "\n" + body
    }

    private func name(_ word: String) -> String { word.printable.shortened(to: 16) }

    private var settings: String {
        let settings = evaluation.settings
        let threshold =
            settings.thresholds.isEmpty
            ? "threshold \(NumberText.threshold(settings.threshold))"
            : "a threshold for each word"
        return
            "\(threshold), kept for \(NumberText.wholeMilliseconds(settings.minimumSeconds)), smoothed over \(NumberText.wholeMilliseconds(settings.smoothingSeconds))"
    }

    private var summary: String {
        let score = evaluation.score
        var table = TextTable([.left, .right, .left])
        let audio = evaluation.audioSeconds
        table.append([
            "audio", NumberText.duration(audio),
            "heard in \(NumberText.duration(evaluation.processingSeconds)) of processor time",
        ])
        if let misses = score.misses {
            table.append([
                "missed words", NumberText.percent(misses.value),
                "(\(NumberText.counts(misses)); 95 % interval \(NumberText.percentRange(misses.interval)))",
            ])
        }
        table.append(
            [
                "false alarms", "\(NumberText.perHour(score.falseAlarms.perHour)) an hour",
                "(\(NumberText.counts(score.falseAlarms)); 95 % interval \(NumberText.range(score.falseAlarms)))",
            ])
        guard score.misses != nil else { return table.render(color: color) }
        table.append([
            "of them duplicates", NumberText.grouped(score.duplicates), "second detections of one word",
        ])
        table.append([
            "wrong labels", NumberText.grouped(score.wrongLabels), "another word than the one said",
        ])
        if let delays = score.delays {
            table.append([
                "delay", NumberText.wholeMilliseconds(delays.median.value),
                "median after the end of the word, 95 % within \(NumberText.wholeMilliseconds(delays.p95.value))",
            ])
        }
        return table.render(color: color)
    }

    private var recordings: String {
        var table = TextTable([.right, .right, .left, .right, .left, .left])
        table.append(["audio", "missed", "", "false alarms an hour", "95 %", "recording"], .heading)
        for (recording, score) in zip(evaluation.recordings, evaluation.score.recordings) {
            table.append(
                [NumberText.duration(recording.seconds)] + cells(score.misses)
                    + [
                        NumberText.perHour(score.falseAlarms.perHour), NumberText.range(score.falseAlarms),
                        recording.name.printable,
                    ])
        }
        return table.render(color: color)
    }

    private func cells(_ misses: Proportion?) -> [String] {
        misses.map { [NumberText.percent($0.value), NumberText.counts($0)] } ?? ["–", ""]
    }

    private var words: String {
        var table = TextTable([.left, .right, .right, .left, .right, .left, .right])
        table.append(
            ["word", "threshold", "missed", "", "false alarms an hour", "95 %", "wrong labels"], .heading)
        for word in evaluation.score.words {
            table.append(
                [
                    name(word.word),
                    NumberText.threshold(evaluation.settings.threshold(of: word.word)),
                ] + cells(word.misses)
                    + [
                        NumberText.perHour(word.falseAlarms.perHour), NumberText.range(word.falseAlarms),
                        NumberText.grouped(word.wrongLabels),
                    ])
        }
        return table.render(color: color)
    }

    private var budgets: String {
        var table = TextTable([.left, .right, .right, .left, .left, .right, .left])
        table.append(
            ["limit", "threshold", "missed", "", "95 %", "false alarms an hour", "95 %"], .heading)
        func append(_ limit: String, _ threshold: Float?, _ misses: Proportion?, _ alarms: EventRate?) {
            table.append(
                [limit, threshold.map(NumberText.threshold) ?? "none"]
                    + cells(misses) + [misses.map { NumberText.percentRange($0.interval) } ?? ""]
                    + [
                        alarms.map { NumberText.perHour($0.perHour) } ?? "–",
                        alarms.map(NumberText.range) ?? "",
                    ])
        }
        for point in evaluation.operatingPoints {
            append(
                "at most \(NumberText.fixed(point.budgetPerHour, decimals: 1)) an hour", point.threshold,
                point.misses, point.falseAlarms)
        }
        if evaluation.score.misses != nil {
            let point = evaluation.atMissTarget
            let target = NumberText.percent(DetectionErrorTradeoff.missTarget)
            append("at most \(target) missed", point?.threshold, point?.misses, point?.falseAlarms)
            for recording in point?.recordings ?? [] where evaluation.recordings.count > 1 {
                append(
                    "  \(recording.name.printable.shortened(to: 30))", point?.threshold, recording.misses,
                    recording.falseAlarms)
            }
        }
        return table.render(color: color)
    }

    private func title(of advice: ThresholdAdvice) -> String {
        let budget = "\(NumberText.fixed(advice.budgetPerHour, decimals: 2)) false alarms an hour"
        guard advice.isWithinBudget else {
            return "No thresholds keep to \(budget) on these recordings; the nearest are"
        }
        let time = NumberText.wholeMilliseconds(advice.settings.minimumSeconds)
        return "Advised thresholds, to be kept for \(time), for at most \(budget), chosen on these recordings"
    }

    private func words(of advice: ThresholdAdvice) -> String {
        var table = TextTable([.left, .right, .right, .left, .left, .right, .left])
        table.append(
            ["word", "threshold", "missed", "", "95 %", "false alarms an hour", "95 %"], .heading)
        func append(_ name: String, _ threshold: String, _ misses: Proportion?, _ alarms: EventRate) {
            table.append(
                [name, threshold] + cells(misses) + [
                    misses.map { NumberText.percentRange($0.interval) } ?? ""
                ]
                    + [NumberText.perHour(alarms.perHour), NumberText.range(alarms)])
        }
        for word in advice.words {
            append(
                name(word.word), NumberText.threshold(word.threshold), word.misses,
                word.falseAlarms)
        }
        append("all", "", advice.score.misses, advice.score.falseAlarms)
        return table.render(color: color)
    }

    private var falseAlarms: String {
        var table = TextTable([.left, .right, .right, .left])
        table.append(["heard", "", "at", "file"], .heading)
        for alarm in evaluation.confidentFalseAlarms {
            table.append([
                name(alarm.word), NumberText.percent(Double(alarm.confidence)),
                NumberText.fixed(alarm.second, decimals: 2) + " s", alarm.file.printable,
            ])
        }
        return table.render(color: color)
    }

    private var missedWords: String {
        var table = TextTable([.left, .left, .right, .left])
        table.append(["said", "heard", "from", "recording"], .heading)
        for word in evaluation.missedWords {
            table.append([
                name(word.word), word.heard.map(name) ?? "nothing",
                NumberText.fixed(word.start, decimals: 2) + " s", word.file.printable,
            ])
        }
        return table.render(color: color)
    }
}
