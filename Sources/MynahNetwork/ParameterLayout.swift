/// Where each weight tensor of a network lies in its flat parameter array, and what it is.
package struct ParameterLayout: Sendable, Hashable {
    /// What a tensor is for, which tells how it is trained.
    package enum Role: Sendable, Hashable {
        /// A factor: a weight matrix or the filters of a convolution.
        case weight

        /// A summand or a scale.
        case bias

        /// A mean over the training data, followed rather than learnt.
        case statistic
    }

    /// The part of a network that a tensor belongs to.
    package enum Part: Sendable, Hashable {
        /// The layer of this index.
        case layer(Int)

        /// The read-out.
        case readOut

        /// The output layer, whose rows belong to the classes.
        case output

        /// The output layer of the steps, whose rows belong to their labels.
        case stepOutput
    }

    /// The values with which training starts.
    package enum Initializer: Sendable, Hashable {
        /// Uniform within `±√(6 / (fan-in + outputs))` (Glorot and Bengio, AISTATS 2010), the outputs counted per gate.
        case glorot(outputs: Int)

        /// Uniform within `±√(6 / fan-in)`, for the rectifier behind them (He et al., arXiv 1502.01852).
        case rectified

        /// Square matrices one below the other, each orthogonal, so that a state neither fades nor explodes on its way
        /// through time (Saxe et al., arXiv 1312.6120).
        case orthogonal

        /// As many runs of equal length as there are values, each of one value.
        case constant([Float])

        /// Uniform within `±√(3 / fan-in)`: rows whose squares sum up to about 1.
        case unitVectors

        /// The inverse of the orthonormal cosine transform (DCT-III), from as many coefficients as there are columns.
        case inverseCosine
    }

    /// How the values of a tensor enter matrix products.
    package enum Products: Sendable, Hashable {
        /// They do not, or in a way of their layer's own.
        case none

        /// In single precision, whatever the precision of training: few, and close to the loss.
        case exact

        /// In the precision of training.
        case inTrainingPrecision

        /// With the patches that filters read, in single precision; their gradients are products of their layer's own.
        case withPatches
    }

    /// One weight tensor.
    package struct Entry: Sendable, Hashable {
        /// Unique name, for instance `layers.0.forward.inputWeights`.
        package let name: String

        /// Sizes of the dimensions, row-major.
        package let shape: [Int]

        /// The name within its part, for instance `forward.inputWeights`.
        package let tensor: String

        /// What it is for.
        package let role: Role

        /// What it belongs to.
        package let part: Part

        /// How it begins.
        package let initializer: Initializer

        /// How its values are multiplied.
        package let products: Products

        /// Place among the entries.
        package let index: Int

        /// Indices of its values in the flat parameter array.
        package let range: Range<Int>

        /// Products that are summed up for each output: the values of a row.
        package var fanIn: Int { shape.dropFirst().reduce(1, *) }

        /// Rows: outputs of a weight matrix.
        package var outputs: Int { shape[0] }
    }

    /// The tensors, in the order in which they lie in the flat array, without gaps.
    package private(set) var entries: [Entry] = []

    /// Number of values in all tensors together.
    package var parameterCount: Int { entries.last?.range.upperBound ?? 0 }

    /// The tensor of a name; traps for a name that the network does not have.
    subscript(name: String) -> Entry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            preconditionFailure("no weights are named \(name)")
        }
        return entry
    }

    /// The tensor of this name within a part of the network; traps where there is none.
    package subscript(part: Part, name: String) -> Entry { self[Self.name(part, name)] }

    private static func name(_ part: Part, _ name: String) -> String {
        switch part {
        case .layer(let index): "layers.\(index).\(name)"
        case .readOut: "readOut.\(name)"
        case .output: "output.\(name)"
        case .stepOutput: "stepOutput.\(name)"
        }
    }

    /// Where the values of each layer begin, and behind them, those of the read-out and the output: back-propagation completes a
    /// gradient from there to the end first, and then layer by layer down to the first value.
    package var layerStarts: [Int] {
        var starts: [Int] = []
        for entry in entries {
            guard case .layer(let index) = entry.part else { return starts + [entry.range.lowerBound] }
            while starts.count <= index { starts.append(entry.range.lowerBound) }
        }
        return starts
    }

    /// Adds a tensor behind the last one.
    mutating func append(
        _ part: Part, _ name: String, _ shape: Int..., role: Role, initializer: Initializer,
        products: Products = .none
    ) {
        let range = parameterCount..<parameterCount + shape.reduce(1, *)
        entries.append(
            Entry(
                name: Self.name(part, name), shape: shape, tensor: name, role: role, part: part,
                initializer: initializer, products: products, index: entries.count, range: range))
    }
}

extension NetworkDescription {
    /// The weight tensors of this network: those of each layer, which its description names; those of an attention,
    /// `readOut.keys` `[size, R]` and `readOut.queries` `[heads, size]`; `output.weights` `[C, read-out size]` and
    /// `output.bias` `[C]`; and where steps have labels, `stepOutput.weights` `[L, R]`, `stepOutput.context`
    /// `[L, read-out size]` and `stepOutput.bias` `[L]`.
    package var parameterLayout: ParameterLayout {
        var layout = ParameterLayout()
        for (index, layer) in shapedLayers.enumerated() {
            layer.kind.appendParameters(to: &layout, part: .layer(index), input: layer.input)
        }
        if case .attention(let heads, let size) = readOut {
            layout.append(
                .readOut, "keys", size, stateSize, role: .weight, initializer: .glorot(outputs: size),
                products: .inTrainingPrecision)
            layout.append(
                .readOut, "queries", heads, size, role: .weight, initializer: .glorot(outputs: heads),
                products: .exact)
        }
        layout.append(
            .output, "weights", classCount, readOutSize, role: .weight,
            initializer: .glorot(outputs: classCount), products: .exact)
        layout.append(.output, "bias", classCount, role: .bias, initializer: .constant([0]))
        if let stepClassCount {
            let initializer = ParameterLayout.Initializer.glorot(outputs: stepClassCount)
            layout.append(
                .stepOutput, "weights", stepClassCount, stateSize, role: .weight, initializer: initializer,
                products: .exact)
            layout.append(
                .stepOutput, "context", stepClassCount, readOutSize, role: .weight, initializer: initializer,
                products: .exact)
            layout.append(.stepOutput, "bias", stepClassCount, role: .bias, initializer: .constant([0]))
        }
        return layout
    }
}
