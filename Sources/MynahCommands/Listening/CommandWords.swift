/// A command as its words: the program, and its arguments.
enum CommandWords {
    /// Takes a command apart as a shell would, but expands nothing: no variables, patterns or other commands.
    ///
    /// Blanks separate words. Within single quotation marks everything stands for itself; within double ones, and
    /// outside, a backslash takes the character behind it as it is.
    ///
    /// - Returns: nil where a quotation mark is not closed, a backslash is the end, or there are no words.
    static func split(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quotationMark: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quotationMark != "'" {
                isEscaped = true
            } else if let mark = quotationMark {
                if character == mark {
                    quotationMark = nil
                } else {
                    word = (word ?? "") + String(character)
                }
            } else if character == "'" || character == "\"" {
                quotationMark = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quotationMark == nil, !isEscaped else { return nil }
        if let word { words.append(word) }
        return words.isEmpty || words[0].isEmpty ? nil : words
    }
}
