internal import CVectorMath
import MynahBase

/// The frames that the filters of a convolution read: those of a sequence and those before it, with zeros beside the
/// bands, so that every patch is a few runs of neighbouring values.
final class ConvolutionFrames {
    /// Where the patches lie.
    let shape: mynah_patches

    private let frameCount: Int
    private let bandPadding: Int

    /// `bands · channels`: values of a frame of one clip without the padding.
    private let frameSize: Int

    /// `[history + T, B, padded bands · channels]`.
    private let values: FloatBuffer

    init(
        _ layer: ConvolutionDescription, bandCount: Int, channels: Int, frameCount: Int, batchSize: Int
    ) {
        self.frameCount = frameCount
        let padding = layer.bandPadding(inputBandCount: bandCount)
        let placeCount = layer.bandCount(inputBandCount: bandCount)
        let paddedCount = max(padding + bandCount, (placeCount - 1) * layer.bandStride + layer.kernelBands)
        bandPadding = padding * channels
        frameSize = bandCount * channels
        shape = mynah_patches(
            steps: frameCount / layer.frameStride, batch: batchSize, places: placeCount,
            frameStride: layer.frameStride, placeStride: layer.bandStride * channels,
            taps: layer.kernelFrames, run: layer.kernelBands * channels, frameSize: paddedCount * channels,
            channels: layer.channels)
        values = FloatBuffer(
            count: (layer.kernelFrames - layer.frameStride + frameCount) * batchSize * shape.frameSize)
    }

    /// First value of the first frame.
    var base: UnsafeMutablePointer<Float> { values.base }

    /// Values of all frames.
    var count: Int { values.count }

    /// Frames before the sequence that its first step reads.
    private var historyCount: Int { shape.taps - shape.frameStride }

    /// The frames of a range without their padding, `[frames·B, bands · channels]`, of ``base`` or another array that is
    /// laid out alike.
    private func bands(_ frames: Range<Int>, of array: UnsafeMutablePointer<Float>) -> MatrixView {
        MatrixView(
            base: array + frames.lowerBound * shape.batch * shape.frameSize + bandPadding,
            rows: frames.count * shape.batch, columns: frameSize, stride: shape.frameSize)
    }

    /// The frames of the sequence, in an array that is laid out as ``base``.
    func sequence(of array: UnsafeMutablePointer<Float>) -> MatrixView {
        bands(historyCount..<historyCount + frameCount, of: array)
    }

    /// `[history·B, bands · channels]`: the last frames that were read, which a stream must keep.
    var history: MatrixView {
        // Frames behind the last whole step are dropped, as `stepCount` says.
        let end = historyCount + shape.steps * shape.frameStride
        return bands(end - historyCount..<end, of: base)
    }

    /// Takes `input` `[T·B, bands · channels]`.
    func read(_ input: MatrixView, carriesState: Bool) {
        let start = bands(0..<historyCount, of: base)
        if carriesState { start.copy(from: history) } else { start.clear() }
        sequence(of: base).copy(from: input)
    }
}
