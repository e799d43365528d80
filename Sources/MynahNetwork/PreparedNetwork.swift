internal import CVectorMath
import MynahBase

/// A network and its weights, laid out for the products of its layers.
///
/// The weights never change, and are laid out once: any number of passes and streams, on any number of threads, share
/// them, and keep nothing but their activations.
package final class PreparedNetwork: Sendable {
    /// What the weights are prepared for.
    package enum Purpose: Sendable, Hashable {
        /// The forward pass, in single precision.
        case recognition

        /// Both passes, with products of this precision, which the processor must have.
        case training(ProductPrecision)
    }

    /// The network's shape.
    package let description: NetworkDescription

    /// Where each weight tensor lies.
    package let layout: ParameterLayout

    /// The weights, flat as ``layout`` says.
    package let parameters: [Float]

    /// What the weights are prepared for.
    package let purpose: Purpose

    /// Of each tensor, by its index; those that are no factors of matrix products have none.
    private let places: NumberBuffer<WeightPanels>
    private let panels: FloatBuffer
    private let pairs: NumberBuffer<mynah_pair>

    /// Lays out the weights.
    ///
    /// - Parameter parameters: flat, as `description.parameterLayout` says; traps for another number of them.
    /// - Throws: ``NetworkError`` when the description is not one of a network.
    package init(
        _ description: NetworkDescription, parameters: [Float], for purpose: Purpose = .recognition
    ) throws(NetworkError) {
        try description.validate()
        let layout = description.parameterLayout
        precondition(
            parameters.count == layout.parameterCount,
            "\(parameters.count) parameters, expected \(layout.parameterCount)")
        self.description = description
        self.layout = layout
        self.parameters = parameters
        self.purpose = purpose
        var precision = ProductPrecision.float32
        if case .training(let wanted) = purpose {
            precondition(wanted.isAvailable, "products in \(wanted) on a processor without them")
            precision = wanted
        }
        places = NumberBuffer(count: layout.entries.count)
        var (panelCount, pairCount) = (0, 0)
        for entry in layout.entries where entry.products != .none {
            let isRounded = precision == .bfloat16 && entry.products == .inTrainingPrecision
            func reserve(_ depth: Int, _ columns: Int) -> Int {
                if isRounded {
                    defer { pairCount += mynah_packed_pair_count(depth, columns) }
                    return pairCount
                }
                defer { panelCount += mynah_packed_count(depth, columns) }
                return panelCount
            }
            let transpose = reserve(entry.fanIn, entry.outputs)
            let isForwardOnly = purpose == .recognition || entry.products == .withPatches
            let matrix = isForwardOnly ? nil : reserve(entry.outputs, entry.fanIn)
            places.base[entry.index] = WeightPanels(
                isRounded: isRounded, transpose: transpose, matrix: matrix ?? -1)
        }
        panels = FloatBuffer(count: panelCount)
        pairs = NumberBuffer(count: pairCount)
        pack()
    }

    /// Fills the panels.
    private func pack() {
        parameters.withUnsafeBufferPointer { parameters in
            guard let base = parameters.baseAddress else { return }
            for entry in layout.entries where entry.products != .none {
                let (values, place) = (base + entry.range.lowerBound, places.base[entry.index])
                let (outputs, inputs) = (entry.outputs, entry.fanIn)
                if place.isRounded {
                    mynah_pack_pairs_transposed(values, inputs, inputs, outputs, pairs.base + place.transpose)
                } else {
                    mynah_pack_transposed(values, inputs, inputs, outputs, panels.base + place.transpose)
                }
                guard place.matrix >= 0 else { continue }
                if place.isRounded {
                    mynah_pack_pairs(values, inputs, outputs, inputs, pairs.base + place.matrix)
                } else {
                    mynah_pack(values, inputs, outputs, inputs, panels.base + place.matrix)
                }
            }
        }
    }

    /// Calls `body` with the weights as layers read them, which are valid during the call only.
    func withWeights<Result>(_ body: (Weights) -> Result) -> Result {
        parameters.withUnsafeBufferPointer { parameters in
            // There is an output layer, and so there are weights.
            guard let values = parameters.baseAddress else {
                preconditionFailure("a network without weights")
            }
            return body(
                Weights(
                    values: values, places: places.base, panels: panels.base, pairs: pairs.base,
                    precision: precision))
        }
    }

    /// Precision of the products.
    private var precision: ProductPrecision {
        switch purpose {
        case .recognition: .float32
        case .training(let precision): precision
        }
    }
}

/// Where a weight matrix lies in panels.
struct WeightPanels: BitwiseCopyable {
    /// Whether the panels are of pairs.
    let isRounded: Bool

    /// First value or pair of `Wᵀ`, and of `W`, which is -1 in recognition and for the filters of a convolution.
    let transpose: Int
    let matrix: Int
}

/// The weights of a ``PreparedNetwork`` as its layers read them.
struct Weights {
    /// Flat, as the layout says.
    fileprivate let values: UnsafePointer<Float>

    fileprivate let places: UnsafePointer<WeightPanels>
    fileprivate let panels: UnsafePointer<Float>
    fileprivate let pairs: UnsafePointer<mynah_pair>

    /// Precision of the products for the gradients of weight matrices.
    let precision: ProductPrecision

    /// First value of a tensor.
    subscript(entry: ParameterLayout.Entry) -> UnsafePointer<Float> { values + entry.range.lowerBound }

    /// The filters of a convolution, `[channels, kernel]`, as panels of 16 channels.
    func panels(ofFilters entry: ParameterLayout.Entry) -> UnsafePointer<Float> {
        precondition(entry.products == .withPatches, "\(entry.name) are no filters")
        return UnsafePointer(panels + places[entry.index].transpose)
    }
}

/// The products of a weight matrix `W` `[outputs, inputs]`.
///
/// A batch multiplies by the same weights at each of its steps. A general library lays out both factors anew at every
/// call, which takes a third of the time of products as small as those of a step; here one of them was laid out before, and
/// the other is read where it lies. A row of a product does not depend on how many rows there are: a clip gives the same
/// alone, in a batch and frame by frame.
struct WeightMatrix {
    /// The weights.
    let entry: ParameterLayout.Entry

    init(_ entry: ParameterLayout.Entry) {
        precondition(entry.products != .none, "\(entry.name) is no factor of products")
        self.entry = entry
    }

    /// `output` `[N, outputs]` becomes, or grows by where `accumulating`, `input` `[N, inputs]` times `Wᵀ`.
    func forward(_ input: MatrixView, _ weights: Weights, into output: MatrixView, accumulating: Bool = false)
    {
        forward(
            input, ofInputs: 0..<entry.fanIn, weights, into: output, accumulating: accumulating)
    }

    /// The same for some of the inputs, `[N, range]`; in single precision.
    func forward(
        _ input: MatrixView, ofInputs range: Range<Int>, _ weights: Weights, into output: MatrixView,
        accumulating: Bool = false
    ) {
        precondition(
            input.rows == output.rows && input.columns == range.count && range.upperBound <= entry.fanIn
                && output.columns == entry.outputs,
            "inputs \(range) of weights \(entry.shape) between \(input.shape) and \(output.shape)")
        let place = weights.places[entry.index]
        if place.isRounded {
            precondition(range.count == entry.fanIn, "inputs \(range) of weights \(entry.shape) in bfloat16")
            mynah_multiply_pairs(
                input.rows, entry.outputs, entry.fanIn, input.base, input.stride,
                weights.pairs + place.transpose, output.base, output.stride, accumulating ? 1 : 0)
        } else {
            let first = place.transpose + range.lowerBound * Int(mynah_panel_columns)
            mynah_multiply_packed(
                input.rows, entry.outputs, range.count, input.base, input.stride, weights.panels + first,
                entry.fanIn, output.base, output.stride, accumulating ? 1 : 0)
        }
    }

    /// `inputGradient` `[N, inputs]` becomes, or grows by where `accumulating`, `outputGradient` `[N, outputs]` times `W`.
    func backward(
        _ outputGradient: MatrixView, _ weights: Weights, into inputGradient: MatrixView,
        accumulating: Bool = false
    ) {
        precondition(
            inputGradient.rows == outputGradient.rows && inputGradient.columns == entry.fanIn
                && outputGradient.columns == entry.outputs,
            "weights \(entry.shape) between \(inputGradient.shape) and \(outputGradient.shape)")
        let place = weights.places[entry.index]
        precondition(place.matrix >= 0, "weights prepared for recognition in a backward pass")
        if place.isRounded {
            mynah_multiply_pairs(
                outputGradient.rows, entry.fanIn, entry.outputs, outputGradient.base, outputGradient.stride,
                weights.pairs + place.matrix, inputGradient.base, inputGradient.stride, accumulating ? 1 : 0)
        } else {
            mynah_multiply_packed(
                outputGradient.rows, entry.fanIn, entry.outputs, outputGradient.base, outputGradient.stride,
                weights.panels + place.matrix, entry.outputs, inputGradient.base, inputGradient.stride,
                accumulating ? 1 : 0)
        }
    }
}
