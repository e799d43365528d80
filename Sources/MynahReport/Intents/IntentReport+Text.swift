import MynahBase
package import MynahEvaluation
import MynahModel

extension IntentReport {
    /// The report for a terminal; lines end with `\n`.
    package func text(color: Bool, columns: Int = 100) -> String {
        func section(_ title: String, _ body: String) -> String {
            TextTable.Emphasis.heading.paint(title, color: color) + "\n" + body
        }
        var sections = [
            section("\(NumberText.grouped(result.phraseCount)) phrases", summary(color: color)),
            section("Intents", intents(color: color)),
            section(
                "Confusion (rows: asked for, columns: heard)",
                ConfusionText(confusion: result.confusion, columns: columns).render(color: color)),
        ]
        if !result.slotsByName.isEmpty { sections.append(section("Slots", slots(color: color))) }
        if let calibration = result.calibration {
            sections.append(
                section(
                    "Calibration",
                    """
                      probabilities are off by \(NumberText.percent(calibration.expectedError)) on average, \
                    \(NumberText.percent(calibration.maximumError)) at worst (15 bins)

                    """))
        }
        if !result.worst.isEmpty { sections.append(section("Wrong, the surest first", worst)) }
        if !result.unread.isEmpty {
            sections.append(
                section(
                    "Not read, and missing from all figures",
                    result.unread.map { "  \($0.printable)\n" }.joined()))
        }
        sections.append(section("Origin", origin(color: color)))
        return sections.joined(separator: "\n")
    }

    private func summary(color: Bool) -> String {
        var table = TextTable([.left, .right, .left])
        func row(_ name: String, _ share: Proportion?) {
            guard let share else { return }
            table.append([
                name, NumberText.percent(share.value),
                "(\(NumberText.counts(share)); 95 % interval \(NumberText.percentRange(share.interval)))",
            ])
        }
        row("intent right", result.intents)
        if let f1 = result.slots.f1 {
            let interval =
                result.slots.f1Interval.map { "; 95 % interval \(NumberText.percentRange($0))" } ?? ""
            table.append([
                "slot F1", NumberText.percent(f1),
                "(\(NumberText.grouped(result.slots.correct)) right of \(NumberText.grouped(result.slots.expected)), "
                    + "\(NumberText.grouped(result.slots.found)) found\(interval))",
            ])
        }
        row("all right", result.wholePhrases)
        row("turned away though right", result.rejected)
        row("turned away, out of scope", result.outOfScope)
        return table.render(color: color)
            + "  threshold \(NumberText.fixed(Double(result.threshold), decimals: 2))\n"
    }

    private func intents(color: Bool) -> String {
        var table = TextTable([.left, .right, .right, .right])
        table.append(["", "phrases", "recall", "F1"], .quiet)
        for scores in result.classes {
            table.append([
                scores.label.printable, NumberText.grouped(scores.recall?.total ?? 0),
                scores.recall.map { NumberText.percent($0.value) } ?? "–",
                scores.f1.map { NumberText.percent($0) } ?? "–",
            ])
        }
        return table.render(color: color)
    }

    private func slots(color: Bool) -> String {
        var table = TextTable([.left, .right, .right, .right, .right])
        table.append(["", "expected", "found", "right", "F1"], .quiet)
        for scores in result.slotsByName {
            table.append([
                scores.name.printable, NumberText.grouped(scores.expected), NumberText.grouped(scores.found),
                NumberText.grouped(scores.correct), scores.f1.map { NumberText.percent($0) } ?? "–",
            ])
        }
        return table.render(color: color)
    }

    private var worst: String {
        result.worst.prefix(10).map { mistake in
            """
              \(mistake.place): \(mistake.text.printable)
                expected  \(mistake.intent.printable)\(Self.list(mistake.slots))
                heard     \(mistake.heard.printable) \(NumberText.percent(Double(mistake.probability)))\(Self.list(mistake.heardSlots))

            """
        }.joined()
    }

    private static func list(_ slots: [String]) -> String {
        slots.isEmpty ? "" : " (\(slots.map(\.printable).joined(separator: ", ")))"
    }

    private func origin(color: Bool) -> String {
        var table = TextTable([.left, .left])
        table.append(["command", commandLine.printable])
        table.append(["model", "\(model.printable), \(modelHash)"])
        table.append(["phrases", "\(data.printable), \(dataHash)"])
        table.append(["split", "\(split): \(splitRule)"])
        table.append(["mynah", "\(mynahVersion) on \(machine)"])
        return table.render(color: color)
    }
}
