/// Why a network cannot be built.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
    /// A size lies outside what Mynah supports.
    case sizeOutOfRange(name: String, actual: Int, allowed: ClosedRange<Int>)

    /// The network has another number of layers than Mynah supports.
    case layerCountOutOfRange(actual: Int, allowed: ClosedRange<Int>)

    /// The number of weights does not fit the description.
    case parameterCountMismatch(actual: Int, expected: Int)

    /// A stream was asked of a network that must hear the whole clip first.
    case notCausal

    /// One line: what, expected, actual.
    public var description: String {
        switch self {
        case .sizeOutOfRange(let name, let actual, let allowed):
            "network: \(name) is \(actual), expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .layerCountOutOfRange(let actual, let allowed):
            "network: \(actual) layers, expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .parameterCountMismatch(let actual, let expected):
            "network: \(actual) weights, expected \(expected) for its layers"
        case .notCausal:
            "network: a bidirectional layer needs the whole clip and cannot follow a stream"
        }
    }
}
