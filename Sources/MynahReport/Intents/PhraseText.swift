import MynahBase
package import MynahData
import MynahModel

extension PhraseSummary {
    /// The summary for a terminal: a table of the intents; lines end with `\n`.
    package var text: String {
        var table = TextTable([.left, .right, .right, .right, .right], indent: 0)
        table.append(["intent", "training", "phrases", "validation", "testing"])
        for intent in intents {
            table.append([
                intent.intent.printable, NumberText.grouped(intent.training), Self.count(intent.phrases),
                NumberText.grouped(intent.validation), NumberText.grouped(intent.testing),
            ])
        }
        let names = slots.isEmpty ? "none" : listed(slots, limit: 40)
        return table.render(color: false) + "split by \(splitRule)\nslots: \(names)\n"
    }

    /// Phrases that templates stand for; too many to count them are so many or more.
    static func count(_ count: Int) -> String {
        count == Int.max ? "more than 10^18" : NumberText.grouped(count)
    }
}

extension PhraseExamination {
    /// The findings for a terminal; lines end with `\n`.
    package func text(limit: Int) -> String {
        guard !findings.isEmpty else { return "nothing to find fault with\n" }
        return Finding.Kind.allCases.compactMap { kind in
            let own = findings.filter { $0.kind == kind }
            guard !own.isEmpty else { return nil }
            let count = counts[kind.rawValue] ?? own.count
            let rest =
                count > min(limit, own.count)
                ? "  … \(NumberText.grouped(count - min(limit, own.count))) more\n" : ""
            return "\(kind.heading) (\(NumberText.grouped(count)))\n"
                + own.prefix(limit).map { "  \($0.message.printable)\n" }.joined()
                + rest
        }.joined(separator: "\n")
    }
}

extension PhraseExamination.Finding.Kind {
    fileprivate var heading: String {
        switch self {
        case .contradiction: "Phrases with two intents"
        case .otherSlots: "Phrases with the same intent, but different slots"
        case .double: "Phrases that stand there several times"
        case .testedAndLearnt: "Phrases for the last trial that are learnt from, too"
        case .imbalance: "Intents with few phrases"
        case .brokenWord: "Slots that end within a word"
        case .oneValue: "Slots with one value in all phrases"
        case .unmarked: "Values that are marked elsewhere"
        }
    }
}
