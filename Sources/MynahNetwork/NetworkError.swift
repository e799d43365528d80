/// Why a network cannot be built.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
    /// A size lies outside what Mynah supports.
    case sizeOutOfRange(name: String, actual: Int, allowed: ClosedRange<Int>)

    /// The network has another number of layers than Mynah supports.
    case layerCountOutOfRange(actual: Int, allowed: ClosedRange<Int>)

    /// The network has more weights than Mynah supports.
    case tooManyParameters(actual: Int, limit: Int)

    /// One line: what, expected, actual.
    public var description: String {
        switch self {
        case .sizeOutOfRange(let name, let actual, let allowed):
            "\(name) is \(actual), expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .layerCountOutOfRange(let actual, let allowed):
            "\(actual) layers, expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .tooManyParameters(let actual, let limit):
            "\(actual) parameters, expected at most \(limit)"
        }
    }
}
