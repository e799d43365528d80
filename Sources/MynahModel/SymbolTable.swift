internal import MynahBase

/// The symbols that a speech model spells with: the letters of its language, and the blank between words.
///
/// Class 0 of the network is the blank of connectionist temporal classification, which spells nothing; class `i + 1` is
/// `symbols[i]`.
package struct SymbolTable: Hashable, Sendable {
    /// What stands between words.
    package static let wordBoundary: Unicode.Scalar = " "

    /// One character each, in the order of their code points.
    package let symbols: [String]

    /// The classes of the network: one for each symbol, and the blank.
    package var classCount: Int { symbols.count + 1 }

    /// The class of what stands between words, if it is a symbol.
    package var boundaryClass: Int? {
        symbols.firstIndex(of: String(Self.wordBoundary)).map { $0 + 1 }
    }

    private var classOfScalar: [Unicode.Scalar: Int] {
        var classes: [Unicode.Scalar: Int] = [:]
        for (index, symbol) in symbols.enumerated() {
            if let scalar = symbol.unicodeScalars.first { classes[scalar] = index + 1 }
        }
        return classes
    }

    /// The symbols of a model.
    package init(symbols: [String]) {
        self.symbols = symbols
    }

    /// The symbols that occur in normalised texts.
    package init(of texts: some Sequence<String>) {
        var scalars: Set<Unicode.Scalar> = []
        for text in texts { scalars.formUnion(text.unicodeScalars) }
        symbols = scalars.sorted().map { String($0) }
    }

    /// The classes that spell normalised texts; for a text with a character that is no symbol, that character.
    package func classes(of texts: [String]) -> [Result<[Int], UnknownSymbol>] {
        let classOfScalar = classOfScalar
        return texts.map { text in
            var classes: [Int] = []
            classes.reserveCapacity(text.unicodeScalars.count)
            for scalar in text.unicodeScalars {
                guard let index = classOfScalar[scalar] else {
                    return .failure(UnknownSymbol(symbol: String(scalar)))
                }
                classes.append(index)
            }
            return .success(classes)
        }
    }

    /// A character that is no symbol.
    package struct UnknownSymbol: Error, Hashable, Sendable {
        package let symbol: String

        /// Names the character.
        package init(symbol: String) {
            self.symbol = symbol
        }
    }

    /// The symbols for people to read, with blanks between them; that between words is seen as `␣`.
    package var shown: String {
        symbols.map { $0 == String(Self.wordBoundary) ? "␣" : $0 }.joined(separator: " ")
    }

    /// What classes other than the blank spell.
    package func text(of classes: [Int]) -> String {
        var text = String.UnicodeScalarView()
        for index in classes { text.append(contentsOf: symbols[index - 1].unicodeScalars) }
        return String(text)
    }

    /// Why the symbols of a file cannot be used; nil if they can.
    func fault(classCount: Int) -> String? {
        guard self.classCount == classCount else {
            return "\(symbols.count) symbols for \(classCount) classes, expected one less"
        }
        for symbol in symbols {
            guard symbol.unicodeScalars.count == 1, let scalar = symbol.unicodeScalars.first,
                scalar == Self.wordBoundary || scalar == "'" || scalar.isPartOfWord
            else { return "the symbol \(symbol.quoted), expected letters, a blank or an apostrophe" }
        }
        for (symbol, next) in zip(symbols, symbols.dropFirst())
        where !symbol.unicodeScalars.lexicographicallyPrecedes(next.unicodeScalars) {
            return "the symbols \(symbol.quoted) and \(next.quoted) out of order"
        }
        return nil
    }
}

extension Unicode.Scalar {
    /// Whether this is a letter, or a mark on one.
    package var isPartOfWord: Bool {
        // Properties are looked up in tables, which takes most of the time that a text of ASCII needs.
        guard !isASCII else { return isASCIILetter }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark:
            true
        default: false
        }
    }

    /// Whether this is one of `A` to `Z` and `a` to `z`.
    private var isASCIILetter: Bool {
        switch self {
        case "a"..."z", "A"..."Z": true
        default: false
        }
    }
}
