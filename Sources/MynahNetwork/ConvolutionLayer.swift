internal import CVectorMath
import MynahBase

/// A convolution over time and bands, with batch normalization while it is trained, and a rectifier behind it.
///
/// The products of the filters with the patches that they read (`mynah_convolve`) take those from where they lie in the
/// frames: laid out as the rows of a matrix, they would be several times as many values as the frames.
final class ConvolutionLayer: SequenceLayer {
    private let description: ConvolutionDescription
    private let frames: ConvolutionFrames
    private let filters: ParameterLayout.Entry
    private let bias: ParameterLayout.Entry
    private let normalization: BatchNormalization?
    private let outputSize: Int
    private let batchSize: Int
    private let kernelSize: Int

    /// The filters of each tap in panels, for the backward pass.
    private var packedTaps = FloatBuffer(count: 0)

    /// `[kernel, channels]`.
    private var filterGradient = FloatBuffer(count: 0)

    /// Laid out as the frames are.
    private var frameGradient = FloatBuffer(count: 0)

    /// `[T·B, bands·channels]`.
    private let outputValues: FloatBuffer
    private var gradientValues = FloatBuffer(count: 0)

    /// `[channels]`: ones, where no normalization scales.
    private let unitScale: FloatBuffer

    init(_ description: ConvolutionDescription, _ place: LayerPlace) {
        self.description = description
        batchSize = place.batchSize
        let channels = place.input.channels ?? 1
        frames = ConvolutionFrames(
            description, bandCount: place.input.size / channels, channels: channels,
            frameCount: place.stepCount, batchSize: batchSize)
        kernelSize = frames.shape.taps * frames.shape.run
        filters = place.layout[place.part, "filters"]
        bias = place.layout[place.part, "bias"]
        let rowCount = frames.shape.steps * batchSize * frames.shape.places
        normalization =
            description.batchNormalized
            ? BatchNormalization(
                part: place.part, layout: place.layout, channels: description.channels, rowCount: rowCount,
                rowsPerStep: frames.shape.places)
            : nil
        outputSize = frames.shape.places * description.channels
        outputValues = FloatBuffer(count: rowCount * description.channels)
        unitScale = FloatBuffer(count: description.channels)
        unitScale.base.update(repeating: 1, count: description.channels)
    }

    var output: MatrixView { outputValues.matrix(columns: outputSize) }

    var outputGradient: MatrixView { gradientValues.matrix(columns: outputSize) }

    var state: [MatrixView] { [frames.history] }

    func forward(_ input: MatrixView, _ weights: Weights, context: inout PassContext) {
        frames.read(input, carriesState: context.carriesState)
        let values = outputValues.matrix(columns: description.channels)
        convolve {
            mynah_convolve($0, frames.base, weights.panels(ofFilters: filters), values.base)
        }
        if let normalization {
            normalization.forward(
                values, weights, isTraining: context.isTraining, stepCounts: context.stepCounts)
        } else {
            mynah_scale_shift_rectify(
                values.base, unitScale.base, weights[bias], values.rows, values.columns, values.base)
        }
    }

    func beginBackward() {
        gradientValues.ensure(count: outputValues.count)
        gradientValues.clear()
    }

    func backward(
        _ input: MatrixView, _ weights: Weights, gradient: UnsafeMutablePointer<Float>,
        inputGradient: MatrixView?
    ) {
        let flowing = gradientValues.matrix(columns: description.channels)
        mynah_rectify_backward(gradientValues.base, outputValues.base, gradientValues.count)
        if let normalization {
            normalization.backward(flowing, weights, gradient: gradient, clipCount: batchSize)
        } else {
            flowing.addColumnSums(to: gradient + bias.range.lowerBound)
        }
        addFilterGradient(to: gradient.matrix(filters))
        guard let inputGradient else { return }
        packTaps(weights[filters])
        frameGradient.ensure(count: frames.count)
        frameGradient.clear()
        convolve {
            mynah_convolve_frame_gradient($0, gradientValues.base, packedTaps.base, frameGradient.base)
        }
        inputGradient.add(frames.sequence(of: frameGradient.base))
    }

    private func convolve(_ product: (UnsafePointer<mynah_patches>) -> Void) {
        withUnsafePointer(to: frames.shape, product)
    }

    /// Adds the gradient of the filters to `gradient` `[channels, kernel]`.
    private func addFilterGradient(to gradient: MatrixView) {
        filterGradient.ensure(count: kernelSize * description.channels)
        filterGradient.clear()
        convolve {
            mynah_convolve_filter_gradient($0, frames.base, gradientValues.base, filterGradient.base)
        }
        for channel in 0..<gradient.rows {
            for value in 0..<gradient.columns {
                gradient.base[channel * gradient.stride + value] +=
                    filterGradient.base[value * gradient.rows + channel]
            }
        }
    }

    /// Lays out the filters, `[channels, kernel]`, for the backward pass.
    private func packTaps(_ filters: UnsafePointer<Float>) {
        let (taps, run) = (frames.shape.taps, frames.shape.run)
        let count = mynah_packed_count(description.channels, run)
        packedTaps.ensure(count: taps * count)
        for tap in 0..<taps {
            mynah_pack(
                filters + tap * run, kernelSize, description.channels, run, packedTaps.base + tap * count)
        }
    }
}
