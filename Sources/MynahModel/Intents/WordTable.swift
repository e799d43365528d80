internal import MynahBase

/// Which rows of an embedding a word names: one for its shape, one of its own where the model has met it often enough, and one
/// for each of its parts.
///
/// Parts are all runs of some letters in the word between `<` and `>`, which tell where it starts and ends (Bojanowski et al.,
/// arXiv 1607.04606). Each is taken to one of a fixed number of rows by the hash FNV-1a of its UTF-8, so that a word that was
/// never met shares rows with words that look like it. Rows lie in this order: shapes, known words, parts.
package struct WordTable: Hashable, Sendable {
    /// The known words, in their normal form, each once.
    package let words: [String]

    /// Rows for all parts together.
    package let bucketCount: Int

    private let rowOfWord: [String: Int]

    /// Letters of the shortest and of the longest part, the marks of start and end counted in.
    package static let partLengths = 3...5

    /// Rows that a word names at most; of a longer word the last parts are passed over.
    package static let rowsPerWord = 40

    /// The most rows of parts.
    package static let bucketLimit = 1 << 20

    /// Brings words and buckets together.
    package init(words: [String], bucketCount: Int) {
        self.words = words
        self.bucketCount = bucketCount
        let first = WordShape.allCases.count
        rowOfWord = Dictionary(
            words.enumerated().map { ($0.element, first + $0.offset) },
            uniquingKeysWith: { first, _ in first })
    }

    /// Rows in all.
    package var rowCount: Int { firstBucket + bucketCount }

    private var firstBucket: Int { WordShape.allCases.count + words.count }

    /// Whether the word has a row of its own.
    package func knows(_ word: String) -> Bool { rowOfWord[word] != nil }

    /// The rows of a word, as the layer that looks them up reads them: `[rowsPerWord]`, the last ones -1 where there are fewer.
    ///
    /// - Parameter isKnown: whether its own row is named, if it has one.
    package func rows(of word: Word, isKnown: Bool = true) -> [Float] {
        var rows = [Float(word.shape.rawValue)]
        rows.reserveCapacity(Self.rowsPerWord)
        if isKnown, let own = rowOfWord[word.text] { rows.append(Float(own)) }
        appendParts(of: word.text, to: &rows)
        while rows.count < Self.rowsPerWord { rows.append(-1) }
        return rows
    }

    private func appendParts(of word: String, to rows: inout [Float]) {
        guard bucketCount > 0 else { return }
        let marked = Array("<\(word)>".unicodeScalars)
        for length in Self.partLengths where length < marked.count {
            for start in 0...marked.count - length {
                guard rows.count < Self.rowsPerWord else { return }
                let hash = Self.hash(of: marked[start..<start + length])
                rows.append(Float(firstBucket + Int(hash % UInt32(bucketCount))))
            }
        }
    }

    /// FNV-1a with 32 bits (Fowler, Noll and Vo, RFC 9923), over UTF-8.
    private static func hash(of part: ArraySlice<Unicode.Scalar>) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for scalar in part {
            for byte in String(scalar).utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        }
        return hash
    }

    /// Different parts of some words: what decides how many buckets are worth their memory.
    package static func partCount(of words: some Sequence<String>) -> Int {
        var parts: Set<ArraySlice<Unicode.Scalar>> = []
        for word in words {
            let marked = Array("<\(word)>".unicodeScalars)
            for length in partLengths where length < marked.count {
                for start in 0...marked.count - length { parts.insert(marked[start..<start + length]) }
            }
        }
        return parts.count
    }

    /// Why the table of a file cannot be used; nil if it can.
    func fault(network: NetworkRows) -> String? {
        guard (0...Self.bucketLimit).contains(bucketCount) else {
            return "\(bucketCount) rows of parts of words, expected 0 to \(Self.bucketLimit)"
        }
        guard rowOfWord.count == words.count else { return "a word twice" }
        guard !words.contains(where: \.isEmpty) else { return "an empty word" }
        guard rowCount == network.rows else {
            return "\(rowCount) rows of words and their parts, the network has \(network.rows)"
        }
        guard network.perStep == Self.rowsPerWord else {
            return "\(network.perStep) rows a word, expected \(Self.rowsPerWord)"
        }
        return nil
    }

    /// Rows of a network's table, and how many of them a step names at most.
    struct NetworkRows {
        let rows: Int
        let perStep: Int
    }
}
