package import MynahBase
package import MynahNetwork

extension NetworkPass {
    /// The batch → its logits with given weights, which are laid out for this call and the backward pass behind it.
    package func forward(
        parameters: [Float], decisions: [Int]? = nil, precision: ProductPrecision = .float32,
        dropout: inout SeededGenerator?
    ) -> [Float] {
        do {
            let network = try PreparedNetwork(description, parameters: parameters, for: .training(precision))
            return forward(network, decisions: decisions, dropout: &dropout)
        } catch {
            preconditionFailure("the network of a pass is sound: \(error)")
        }
    }

    /// The same as recognition computes it.
    package func forward(parameters: [Float], decisions: [Int]? = nil) -> [Float] {
        var none: SeededGenerator?
        return forward(parameters: parameters, decisions: decisions, dropout: &none)
    }
}

extension NetworkStream {
    /// A stream with given weights of its own.
    package convenience init(
        _ description: NetworkDescription, parameters: [Float], windowFrames: Int
    ) throws(NetworkError) {
        try self.init(
            try PreparedNetwork(description, parameters: parameters), windowFrames: windowFrames)
    }
}
