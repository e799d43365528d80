internal import FoundationEssentials
import MynahBase
import MynahModel

extension PhraseCollection {
    /// Reads a file of the SNIPS benchmark: `{"GetWeather": [{"data": [{"text": "in "}, {"text": "Oslo", "entity": "city"}]}]}`.
    ///
    /// What is no UTF-8 in it (in the benchmark an emoji that was written as two surrogates) is read as U+FFFD.
    mutating func readSnips(_ path: String, isForTesting: Bool) throws(DataError) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try RegularFile.contents(of: path, limitBytes: Self.fileLimitBytes)
        } catch {
            throw .badPhrases(file: path, line: nil, reason: error.description)
        }
        let content: [String: [SnipsPhrase]]
        do {
            content = try JSONDecoder().decode(
                [String: [SnipsPhrase]].self, from: Data(String(decoding: bytes, as: UTF8.self).utf8))
        } catch {
            throw .badPhrases(
                file: path, line: nil, reason: "is not the JSON of the SNIPS benchmark: \(place(of: error))")
        }
        if String(validating: bytes, as: UTF8.self) == nil {
            note("\(path.printable): has bytes that are not UTF-8, which are read as U+FFFD")
        }
        for (intent, phrases) in content.sorted(by: { $0.key < $1.key }) {
            guard IntentModel.canName(intent: intent) else {
                throw .badPhrases(
                    file: path, line: nil, reason: "\(intent.quoted) cannot be the name of an intent")
            }
            for (index, phrase) in phrases.enumerated() {
                var builder = PhraseBuilder()
                for piece in phrase.data {
                    if let slot = piece.entity {
                        builder.append(piece.text, slot: slot, value: nil)
                    } else {
                        builder.append(piece.text)
                    }
                }
                guard !builder.phrase.text.isEmpty else { continue }
                try add(
                    builder.phrase, intent: intent, file: path, number: index + 1, isForTesting: isForTesting)
            }
        }
    }

    private func place(of error: any Error) -> String {
        let context: DecodingError.Context
        switch error as? DecodingError {
        case .typeMismatch(_, let place), .valueNotFound(_, let place), .keyNotFound(_, let place),
            .dataCorrupted(let place):
            context = place
        default: return String(String(describing: error).prefix(200)).printable
        }
        let path = context.codingPath.map(\.stringValue).joined(separator: ".")
        return "\(path.prefix(100)): \(context.debugDescription.prefix(200))".printable
    }
}

/// A phrase of the SNIPS benchmark, in pieces.
private struct SnipsPhrase: Decodable {
    struct Piece: Decodable {
        let text: String
        let entity: String?
    }

    let data: [Piece]
}
