package import MynahBase

/// Phrases that are written as one: with alternatives, with words that may be left out, and with lists of values.
///
/// It is never written out. Its phrases are numbered, and each is made when it is asked for; there may be more of them than
/// memory has room for.
package struct PhraseTemplate: Hashable, Sendable {
    /// A piece of it.
    indirect enum Piece: Hashable, Sendable {
        /// Words that are said as they stand.
        case text(String)

        /// Words that name a detail, and what they mean where that is something else.
        case detail(String, slot: String, value: String?)

        /// One of several, each of which may be said.
        case oneOf([Piece])

        /// One behind the other.
        case row([Piece])

        /// A value of a list, which fills a slot.
        case list(ValueList, slot: String)

        /// Phrases that it stands for, at most `Int.max`.
        var count: Int {
            switch self {
            case .text, .detail: return 1
            case .oneOf(let pieces):
                return pieces.reduce(0) { sum, piece in
                    let (total, overflows) = sum.addingReportingOverflow(piece.count)
                    return overflows ? Int.max : total
                }
            case .row(let pieces):
                return pieces.reduce(1) { product, piece in
                    let (total, overflows) = product.multipliedReportingOverflow(by: piece.count)
                    return overflows ? Int.max : total
                }
            case .list(let list, _): return list.forms.count
            }
        }

        /// Adds phrase `index` of `0 ..< count`.
        func append(_ index: Int, to builder: inout PhraseBuilder) {
            switch self {
            case .text(let text): builder.append(text)
            case .detail(let text, let slot, let value): builder.append(text, slot: slot, value: value)
            case .oneOf(let pieces):
                var rest = index
                for piece in pieces {
                    let count = piece.count
                    if rest < count { return piece.append(rest, to: &builder) }
                    rest -= count
                }
                preconditionFailure("phrase \(index) of \(count)")
            case .row(let pieces):
                var rest = index
                for piece in pieces {
                    piece.append(rest % piece.count, to: &builder)
                    rest /= piece.count
                }
            case .list(let list, let slot):
                let form = list.forms[index]
                builder.append(form.text, slot: slot, value: form.value == form.text ? nil : form.value)
            }
        }
    }

    /// What it is made of.
    let root: Piece

    /// Phrases that it stands for, at least 1; `Int.max` where there are more.
    package let count: Int

    init(_ root: Piece) {
        self.root = root
        count = root.count
    }

    /// A phrase as it stands.
    init(_ phrase: Phrase) {
        var pieces: [Piece] = []
        let scalars = Array(phrase.text.unicodeScalars)
        func text(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
        var end = 0
        for detail in phrase.slots {
            pieces.append(.text(text(end..<detail.range.lowerBound)))
            pieces.append(.detail(text(detail.range), slot: detail.slot, value: detail.value))
            end = detail.range.upperBound
        }
        pieces.append(.text(text(end..<scalars.count)))
        self.init(.row(pieces))
    }

    /// Phrase `index` of `0 ..< count`.
    package func phrase(_ index: Int) -> Phrase {
        precondition((0..<count).contains(index), "phrase \(index) of \(count)")
        var builder = PhraseBuilder()
        root.append(index, to: &builder)
        return builder.phrase
    }

    /// Some phrase, drawn so that each is as likely as any other.
    package func phrase(using generator: inout SeededGenerator) -> Phrase {
        phrase(generator.index(below: count))
    }
}

/// The values of a slot, and all ways to say them.
package struct ValueList: Hashable, Sendable {
    /// What it is called.
    package let name: String

    /// One way to say a value.
    package struct Form: Hashable, Sendable {
        package let text: String
        package let value: String
    }

    /// All of them, the value itself before its synonyms; never empty.
    package let forms: [Form]
}
