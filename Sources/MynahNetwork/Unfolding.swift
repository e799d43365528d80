internal import CVectorMath

/// Lays the patches of a sequence that the filters of a convolution read out as the rows of a matrix, and back.
final class Unfolding {
    /// Places among the bands.
    let placeCount: Int

    /// Values that a filter reads: `kernelFrames · kernelBands · channels`.
    let kernelSize: Int

    /// Patches: steps · `B` · places.
    let rowCount: Int

    private let layer: ConvolutionDescription
    private let bandCount: Int
    private let channels: Int
    private let padding: Int
    private let frameCount: Int
    private let batchSize: Int

    /// `[kernelFrames − stride + T, B, bands·channels]`: the frames before the sequence, and the sequence.
    private let frames: FloatBuffer

    init(
        _ layer: ConvolutionDescription, bandCount: Int, channels: Int, frameCount: Int, batchSize: Int
    ) {
        self.layer = layer
        self.bandCount = bandCount
        self.channels = channels
        self.frameCount = frameCount
        self.batchSize = batchSize
        padding = layer.bandPadding(inputBandCount: bandCount)
        placeCount = layer.bandCount(inputBandCount: bandCount)
        kernelSize = layer.kernelFrames * layer.kernelBands * channels
        rowCount = frameCount / layer.frameStride * batchSize * placeCount
        frames = FloatBuffer(
            count: (layer.kernelFrames - layer.frameStride + frameCount) * batchSize * bandCount * channels)
    }

    private var stepCount: Int { frameCount / layer.frameStride }

    /// Frames before the sequence that its first step reads.
    private var historyCount: Int { layer.kernelFrames - layer.frameStride }

    /// Values of a frame of one clip.
    private var frameSize: Int { bandCount * channels }

    /// Values of a patch that lie side by side in a frame.
    private var runSize: Int { layer.kernelBands * channels }

    /// `[history, B · frame]`: the last frames that were read, which a stream must keep.
    var history: MatrixView {
        let rowSize = batchSize * frameSize
        let all = MatrixView(base: frames.base, rows: historyCount + frameCount, columns: rowSize)
        // Frames behind the last whole step are dropped, as `stepCount` says.
        let end = historyCount + stepCount * layer.frameStride
        return all[rows: end - historyCount..<end]
    }

    /// `input` `[T·B, bands·channels]` → `patches` `[steps·B·places, kernelSize]`.
    func unfold(_ input: MatrixView, carriesState: Bool, into patches: UnsafeMutablePointer<Float>) {
        precondition(
            input.rows == frameCount * batchSize && input.columns == frameSize && input.stride == frameSize,
            "convolution of \(input.shape), expected [\(frameCount * batchSize), \(frameSize)]")
        let start = MatrixView(base: frames.base, rows: historyCount, columns: batchSize * frameSize)
        if carriesState { start.copy(from: history) } else { start.clear() }
        (frames.base + historyCount * batchSize * frameSize).update(
            from: input.base, count: input.rows * frameSize)
        forEachRun { patch, frame, count, leading in
            if count < runSize { (patches + patch).update(repeating: 0, count: runSize) }
            (patches + patch + leading).update(from: frames.base + frame, count: count)
        }
    }

    /// Backward of ``unfold(_:carriesState:into:)``: adds the gradients of the patches to that of the input.
    func fold(_ patches: UnsafePointer<Float>, addingTo inputGradient: MatrixView) {
        let first = historyCount * batchSize * frameSize
        forEachRun { patch, frame, count, leading in
            guard frame >= first else { return }
            mynah_add(inputGradient.base + frame - first, patches + patch + leading, count)
        }
    }

    /// Calls `body` for each run of values that lie side by side both in a patch and in a frame.
    ///
    /// `body` gets the place in the patches where the run begins, the place in ``frames`` of its first value that is not
    /// padding, the number of those values, and the number of padded ones before them.
    @inline(__always)
    private func forEachRun(_ body: (_ patch: Int, _ frame: Int, _ count: Int, _ leading: Int) -> Void) {
        var patch = 0
        for step in 0..<stepCount {
            for clip in 0..<batchSize {
                for place in 0..<placeCount {
                    let firstBand = place * layer.bandStride - padding
                    let bands = max(0, firstBand)..<max(0, min(bandCount, firstBand + layer.kernelBands))
                    let leading = (bands.lowerBound - firstBand) * channels
                    for tap in 0..<layer.kernelFrames {
                        let frame = (step * layer.frameStride + tap) * batchSize + clip
                        body(
                            patch, frame * frameSize + bands.lowerBound * channels, bands.count * channels,
                            leading)
                        patch += runSize
                    }
                }
            }
        }
    }
}
