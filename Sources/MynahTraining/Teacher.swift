package import MynahNetwork

/// A trained network whose posteriors another one learns (Hinton et al., arXiv 1503.02531).
package struct Teacher: Sendable {
    /// Its shape: the inputs and classes of the network that learns.
    package let network: NetworkDescription

    /// Its weights.
    package let parameters: [Float]

    /// Wraps a network; traps when there are not as many weights as it has.
    package init(network: NetworkDescription, parameters: [Float]) {
        precondition(
            parameters.count == network.parameterLayout.parameterCount,
            "\(parameters.count) weights, expected \(network.parameterLayout.parameterCount)")
        self.network = network
        self.parameters = parameters
    }
}
