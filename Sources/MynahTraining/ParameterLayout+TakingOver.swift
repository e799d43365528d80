import MynahNetwork

extension ParameterLayout {
    /// Weights of a network of this layout with those of another network, which has the same layers and read-out.
    ///
    /// - Parameters:
    ///   - other: the weights of the other network, laid out by `layout`.
    ///   - sources: for each class, that of the other network to which the row of the output belongs that is taken over; nil
    ///     where the row of `parameters` stays.
    ///   - parameters: weights of this layout.
    func takingOver(
        _ other: [Float], laidOutBy layout: ParameterLayout, sources: [Int?], into parameters: [Float]
    ) -> [Float] {
        var parameters = parameters
        for (old, new) in zip(layout.entries, entries) {
            guard new.part == .output else {
                parameters.replaceSubrange(new.range, with: other[old.range])
                continue
            }
            let rowSize = new.range.count / sources.count
            for case (let row, let source?) in sources.enumerated() {
                let from = old.range.lowerBound + source * rowSize
                let to = new.range.lowerBound + row * rowSize
                parameters.replaceSubrange(to..<to + rowSize, with: other[from..<from + rowSize])
            }
        }
        return parameters
    }
}

extension NetworkDescription {
    /// This network of a finished model, and its weights, with the layers of another, which are the same or have what only training
    /// needs.
    func withLayers(
        like other: NetworkDescription, _ parameters: [Float]
    ) -> (network: NetworkDescription, parameters: [Float]) {
        layers == other.layers ? (self, parameters) : unfolded(parameters)
    }
}
