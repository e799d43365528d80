extension Sequence<Int> {
    /// The index whose value is the largest; of equal ones the first, so that all who ask for the best answer agree on it.
    ///
    /// What is not a number is never larger than what is one.
    ///
    /// - Parameter value: the value of an index.
    /// - Returns: nil where there is no index.
    @inlinable package func indexOfLargest(by value: (Int) -> Float) -> Int? {
        var best: (index: Int, value: Float)?
        for index in self {
            let value = value(index)
            if let best, value.isNaN || value <= best.value { continue }
            best = (index, value)
        }
        return best?.index
    }
}

extension [Float] {
    /// The index of the largest value; of equal ones the first; nil where there is none.
    package var indexOfLargest: Int? {
        indices.indexOfLargest { self[$0] }
    }
}
