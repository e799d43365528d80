internal import CVectorMath

/// A convolution over time and bands, with batch normalization while it is trained, and a rectifier behind it.
///
/// The patches that the filters read are laid out as rows (`Unfolding`), so that all filters at all places of all clips
/// are one matrix product.
final class ConvolutionLayer: SequenceLayer {
    private let description: ConvolutionDescription
    private let unfolding: Unfolding
    private let filters: ParameterLayout.Entry
    private let bias: ParameterLayout.Entry
    private let normalization: BatchNormalization?
    private let outputSize: Int
    private let batchSize: Int

    /// `[T·B·bands, kernel]`: the patches, then their gradients.
    private let patches: FloatBuffer

    /// `[T·B, bands·channels]`.
    private let outputValues: FloatBuffer
    private let gradientValues: FloatBuffer

    /// `[channels]`: ones, where no normalization scales.
    private let unitScale: FloatBuffer

    init(
        _ description: ConvolutionDescription, index: Int, inputSize: Int, inputChannels: Int,
        layout: ParameterLayout, frameCount: Int, batchSize: Int
    ) {
        let prefix = "layers.\(index)"
        self.description = description
        self.batchSize = batchSize
        unfolding = Unfolding(
            description, bandCount: inputSize / inputChannels, channels: inputChannels,
            frameCount: frameCount,
            batchSize: batchSize)
        filters = layout["\(prefix).filters"]
        bias = layout["\(prefix).bias"]
        normalization =
            description.batchNormalized
            ? BatchNormalization(
                prefix: prefix, layout: layout, channels: description.channels, rowCount: unfolding.rowCount)
            : nil
        outputSize = unfolding.placeCount * description.channels
        patches = FloatBuffer(count: unfolding.rowCount * unfolding.kernelSize)
        outputValues = FloatBuffer(count: unfolding.rowCount * description.channels)
        gradientValues = FloatBuffer(count: unfolding.rowCount * description.channels)
        unitScale = FloatBuffer(count: description.channels)
        unitScale.base.update(repeating: 1, count: description.channels)
    }

    var output: MatrixView { outputValues.matrix(columns: outputSize) }

    var outputGradient: MatrixView { gradientValues.matrix(columns: outputSize) }

    var state: [MatrixView] { [unfolding.history] }

    func forward(_ input: MatrixView, parameters: UnsafePointer<Float>, context: inout PassContext) {
        unfolding.unfold(input, carriesState: context.carriesState, into: patches.base)
        let values = outputValues.matrix(columns: description.channels)
        MatrixProduct.multiply(
            patches.matrix(columns: unfolding.kernelSize), by: parameters.matrix(filters),
            transposingSecond: true,
            into: values)
        if let normalization {
            normalization.forward(values, parameters: parameters, isTraining: context.isTraining)
        } else {
            mynah_scale_shift_rectify(
                values.base, unitScale.base, parameters + bias.range.lowerBound, values.rows, values.columns,
                values.base)
        }
        gradientValues.clear()
    }

    func backward(
        _ input: MatrixView, parameters: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>,
        inputGradient: MatrixView?
    ) {
        let flowing = gradientValues.matrix(columns: description.channels)
        mynah_rectify_backward(gradientValues.base, outputValues.base, gradientValues.count)
        if let normalization {
            normalization.backward(flowing, parameters: parameters, gradient: gradient, clipCount: batchSize)
        } else {
            flowing.addColumnSums(to: gradient + bias.range.lowerBound)
        }
        let patches = patches.matrix(columns: unfolding.kernelSize)
        MatrixProduct.multiply(
            flowing, transposingFirst: true, by: patches, into: gradient.matrix(filters), accumulating: true)
        if let inputGradient {
            MatrixProduct.multiply(flowing, by: parameters.matrix(filters), into: patches)
            unfolding.fold(patches.base, addingTo: inputGradient)
        }
    }
}
