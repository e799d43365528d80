/// Why a network cannot be built.
package enum NetworkError: Error, Equatable, CustomStringConvertible {
    /// A size lies outside what Mynah supports.
    case sizeOutOfRange(name: String, actual: Int, allowed: ClosedRange<Int>)

    /// The network has another number of layers than Mynah supports.
    case layerCountOutOfRange(actual: Int, allowed: ClosedRange<Int>)

    /// A convolution stands behind a recurrent layer.
    case convolutionBehindRecurrence(layer: Int)

    /// A layer that only the first can be, of this type, stands behind another one.
    case behindLayer(layer: Int, type: String)

    /// A layer that turns a cepstrum back into bands would make fewer of these than there are coefficients.
    case fewerBandsThanCoefficients(bands: Int, coefficients: Int)

    /// A residual layer hands on another number of features than it reads.
    case residualSize(layer: Int, input: Int, output: Int)

    /// A network that reads clips from their end was asked to follow a stream.
    case notCausal

    /// A clip has fewer frames than the convolutions need for one step.
    case clipTooShort(frameCount: Int, minimum: Int)

    /// A clip would take more memory than Mynah allows.
    case clipTooLarge(frameCount: Int, valueCount: Int, limit: Int)

    /// A batch would take more memory than Mynah allows.
    case batchTooLarge(batchSize: Int, valueCount: Int, limit: Int)

    /// A text that should describe a layer does not.
    case unreadableLayer(text: String)

    /// A text that should name a read-out does not.
    case unreadableReadOut(text: String)

    /// The network has more weights than Mynah supports.
    case tooManyParameters(actual: Int, limit: Int)

    /// One line: what, expected, actual.
    package var description: String {
        switch self {
        case .sizeOutOfRange(let name, let actual, let allowed):
            "\(name) is \(actual), expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .layerCountOutOfRange(let actual, let allowed):
            "\(actual) layers, expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .convolutionBehindRecurrence(let layer):
            "layers[\(layer)] is a convolution behind a recurrent layer, expected convolutions first"
        case .behindLayer(let layer, let type):
            "layers[\(layer)] is of type \(type) behind another layer, expected it first"
        case .fewerBandsThanCoefficients(let bands, let coefficients):
            "\(bands) bands of \(coefficients) coefficients, expected at least as many bands"
        case .residualSize(let layer, let input, let output):
            "layers[\(layer)] is residual with \(input) inputs and \(output) outputs, expected as many of both"
        case .notCausal:
            "the network reads clips from their end (bidirectional), expected one that can follow a stream"
        case .clipTooShort(let frameCount, let minimum):
            "clips of \(frameCount) frames, expected at least \(minimum) for the convolutions"
        case .clipTooLarge(let frameCount, let valueCount, let limit):
            """
            clips of \(frameCount) frames take the network \(Self.size(valueCount)) of memory, allowed are \
            \(Self.size(limit))
            """
        case .batchTooLarge(let batchSize, let valueCount, let limit):
            """
            \(batchSize) clips at a time take the network \(Self.size(valueCount)) of memory, allowed are \
            \(Self.size(limit))
            """
        case .unreadableLayer(let text):
            "the layer is \"\(text)\", expected for instance \(LayerDescription.examples)"
        case .unreadableReadOut(let text):
            "the read-out is \"\(text)\", expected last, frame, mean or attention:HEADS:SIZE"
        case .tooManyParameters(let actual, let limit):
            "\(actual) parameters, expected at most \(limit)"
        }
    }

    /// Values of 4 bytes, in MiB.
    private static func size(_ valueCount: Int) -> String { "\((valueCount + (1 << 18) - 1) >> 18) MiB" }
}
