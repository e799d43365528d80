internal import MynahBase

/// What a speech model has spelled of the recordings that words were taught by.
///
/// People who say the same word are spelled alike, however their voices differ, in any language. What is spelled need not be the word
/// as it is written.
package struct Spellings: Codable, Hashable, Sendable {
    /// SHA-256 of the file of the speech model, as 64 hexadecimal digits.
    package let speechModel: String

    /// For each word what was spelled of its recordings, without boundaries between words; recordings of which nothing was spelled
    /// are left out.
    package let words: [String: [String]]

    /// The words whose own letters, as they are written, were found in at least half of their recordings.
    package let written: [String]

    /// Most characters that are spelled of a recording: one for each step of 35 s would be more than a thousand.
    package static let longestSpelling = 1_000

    /// Wraps all.
    package init(speechModel: String, words: [String: [String]], written: [String] = []) {
        self.speechModel = speechModel
        self.words = words
        self.written = written
    }

    /// Why these cannot be those of a model; nil if they can.
    func fault(labels: [String]) -> String? {
        guard speechModel.utf8.count == 64, speechModel.allSatisfy(\.isHexDigit) else {
            return "the speech model \(speechModel.quoted), expected 64 hexadecimal digits"
        }
        for word in written where words[word] == nil { return "\(word.quoted), of which nothing was spelled" }
        for (word, spellings) in words {
            guard StandardLabel.isWord(word), labels.contains(word) else {
                return "\(word.quoted), which is no word of the model"
            }
            for spelling in spellings {
                let scalars = spelling.unicodeScalars
                guard (1...Self.longestSpelling).contains(scalars.count),
                    scalars.allSatisfy({ $0 == "'" || $0.isPartOfWord })
                else { return "\(spelling.quoted) for \(word.quoted), expected letters" }
            }
        }
        return nil
    }
}
