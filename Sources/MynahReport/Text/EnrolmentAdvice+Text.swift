import MynahBase
import MynahData
package import MynahTeaching

extension EnrolmentAdvice.Word {
    /// What is known of the word: a line on how it will be heard, and one for each thing that a person should know.
    package func text(negativeCount: Int) -> String {
        var lines = [
            """
            \(word.printable): \(counted(takeCount, "take")) by \(counted(speakerCount, "speaker")); \
            \(heardText), from a probability of \(NumberText.fixed(Double(threshold), decimals: 2)) on
            """
        ]
        if falseAlarmCount > 0 {
            lines.append(
                """
                heard in \(NumberText.grouped(falseAlarmCount)) of \(NumberText.grouped(negativeCount)) stretches of sound in \
                which nobody says it
                """)
        }
        if let closest {
            lines.append("close to \(closest.word.printable): \(closest.count) of \(takeCount)")
        }
        for take in differingTakes {
            lines.append(
                """
                \(take.printable) differs from the others; if it is another word: mynah forget \
                \("\(word)/\(take)".quotedForShell)
                """)
        }
        if help != .none { lines.append(help.rawValue) }
        return lines.joined(separator: "\n  ")
    }

    private var heardText: String {
        guard let heardOfTen, let heardCount else {
            return "how often it will be heard shows from the second take on"
        }
        return
            "will be heard about \(heardOfTen) times in ten (\(heardCount) of \(takeCount) takes, each left out once)"
    }
}
