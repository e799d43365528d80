/// The fewest symbols that have to be changed to make one sequence of another (Levenshtein, 1966): what an error rate counts.
package struct EditDistance: Codable, Hashable, Sendable {
    /// Symbols that were taken for others.
    package private(set) var substitutions = 0

    /// Symbols that are not in the reference.
    package private(set) var insertions = 0

    /// Symbols of the reference that are missing.
    package private(set) var deletions = 0

    /// All of them.
    package var errors: Int { substitutions + insertions + deletions }

    /// Compares what was spelled with a reference; of equally short ways the one with the most substitutions counts.
    package init<Symbol: Equatable>(from hypothesis: [Symbol], to reference: [Symbol]) {
        // ways[i]: the best way from the first i symbols of the hypothesis to what was read of the reference.
        var ways = (0...hypothesis.count).map { EditDistance(insertions: $0) }
        for symbol in reference {
            var diagonal = ways[0]
            ways[0].deletions += 1
            for (index, other) in hypothesis.enumerated() {
                var best = diagonal
                if symbol != other { best.substitutions += 1 }
                let (above, left) = (ways[index + 1], ways[index])
                if above.errors + 1 < best.errors {
                    best = above
                    best.deletions += 1
                }
                if left.errors + 1 < best.errors {
                    best = left
                    best.insertions += 1
                }
                diagonal = ways[index + 1]
                ways[index + 1] = best
            }
        }
        self = ways[hypothesis.count]
    }

    private init(insertions: Int) {
        self.insertions = insertions
    }
}
