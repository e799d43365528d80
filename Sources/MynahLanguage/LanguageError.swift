import MynahBase
import MynahModel

/// Why a text cannot be read.
package enum LanguageError: Error, Hashable, Sendable {
    /// It has more words than a sentence has.
    case tooManyWords(actual: Int, limit: Int)
}

extension LanguageError: CustomStringConvertible {
    /// One line: what, expected, actual.
    package var description: String {
        switch self {
        case .tooManyWords(let actual, let limit):
            "a text of \(NumberText.grouped(actual)) words, expected at most \(limit)"
        }
    }
}
