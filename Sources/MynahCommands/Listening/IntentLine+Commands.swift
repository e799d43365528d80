import MynahBase
import MynahLanguage

extension IntentLine {
    /// The same for people.
    var line: String {
        let slots = slots.map { "\($0.slot.printable): \($0.value.printable)" }.joined(separator: ", ")
        return """
            \(NumberText.fixed(end, decimals: 2)) s: \(intent.printable)\(slots.isEmpty ? "" : " (\(slots))") \
            \(NumberText.percent(Double(probability))), \(text.printable)
            """
    }

    /// What a command finds in its environment: the intent, the words, and each slot under its name in capitals.
    var environment: [String: String] {
        var variables = [
            "MYNAH_INTENT": intent, "MYNAH_TEXT": text,
            "MYNAH_CONFIDENCE": NumberText.fixed(Double(probability), decimals: 4),
            "MYNAH_TIME": NumberText.fixed(end, decimals: 3),
        ]
        for slot in slots {
            let name = slot.slot.uppercased().unicodeScalars.map { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                    ? Character(scalar) : "_"
            }
            let variable = "MYNAH_SLOT_" + String(name)
            // Of a slot that is named twice, the first value; JSON on standard input has all.
            variables[variable] = variables[variable] ?? slot.value
        }
        return variables
    }
}
