import Glibc
import MynahBase
package import MynahModel

/// Where speakers stand in the names of recordings that follow no known scheme: a regular expression with one group.
///
/// It is searched for in the path of a recording within the folder, and what the group matches is the speaker. Where it does not
/// match, the usual rules hold. Expressions are the extended ones of POSIX (IEEE Std 1003.1, section 9.4), as `grep -E` has them.
public struct SpeakerPattern: Hashable, Sendable {
    /// The expression.
    public let text: String

    /// Takes an expression.
    ///
    /// - Throws: ``DataError/badSpeakerPattern(pattern:reason:)`` when it is none, or has not exactly one group.
    public init(_ text: String) throws(DataError) {
        self.text = text
        let matcher = try Matcher(text)
        guard matcher.groupCount == 1 else {
            throw .badSpeakerPattern(
                pattern: text, reason: "it has \(counted(matcher.groupCount, "group")), expected one")
        }
    }

    /// What a model calls the pattern among the settings of its training.
    package static let settingName = "speaker pattern"

    /// The pattern with which a model was trained, if there was one.
    package init?(of provenance: TrainingProvenance) {
        guard let text = provenance.settings.first(where: { $0.name == Self.settingName })?.value,
            let pattern = try? SpeakerPattern(text)
        else { return nil }
        self = pattern
    }

    /// The expression at work.
    final class Matcher {
        private var expression = regex_t()

        /// Groups in parentheses.
        var groupCount: Int { expression.re_nsub }

        /// Compiles an expression.
        init(_ text: String) throws(DataError) {
            guard !text.utf8.contains(0) else {
                throw .badSpeakerPattern(pattern: text, reason: "it holds a byte of 0")
            }
            let code = regcomp(&expression, text, REG_EXTENDED)
            guard code == 0 else {
                var message = [CChar](repeating: 0, count: 200)
                let length = regerror(code, &expression, &message, message.count)
                let bytes = message.prefix(max(0, min(length, message.count) - 1)).map {
                    UInt8(bitPattern: $0)
                }
                throw .badSpeakerPattern(
                    pattern: text, reason: String(decoding: bytes, as: UTF8.self).lowercased())
            }
        }

        deinit { regfree(&expression) }

        /// What the group matches in a path; nil where it matches nothing.
        func speaker(in path: String) -> String? {
            var matches = [regmatch_t](repeating: regmatch_t(), count: 2)
            var path = path
            return path.withUTF8 { bytes in
                guard !bytes.contains(0) else { return nil }
                let text = bytes.map { CChar(bitPattern: $0) } + [0]
                guard regexec(&expression, text, matches.count, &matches, 0) == 0 else { return nil }
                let range = Int(matches[1].rm_so)..<max(Int(matches[1].rm_so), Int(matches[1].rm_eo))
                guard range.lowerBound >= 0, !range.isEmpty else { return nil }
                return String(decoding: bytes[range], as: UTF8.self)
            }
        }
    }

    /// The expression, compiled.
    var matcher: Matcher {
        do {
            return try Matcher(text)
        } catch {
            preconditionFailure("the pattern was compiled before: \(error)")
        }
    }
}
