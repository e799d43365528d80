package import MynahAudio
import MynahBase

/// Computes the features of whole clips.
///
/// One extractor serves one thread; it keeps its buffers from clip to clip, and no clip depends on another.
package struct FeatureExtractor: ~Copyable {
    /// Frames that go through a step together: enough to be fast, few enough to stay in the cache.
    private static let framesPerBlock = 16

    private let computer: FrameComputer
    private var deltas: DeltaComputer?
    /// `[frameLengthSamples]`, a frame that reaches beyond the clip.
    private let edgeFrame: FloatBuffer
    /// `[framesPerBlock, logMelStride]`, log-mel energies on their way to the cosine transform.
    private let blockLogMels: FloatBuffer
    /// `[framesPerBlock, coefficientCount]`, static features on their way to the deltas.
    private let staticRows: FloatBuffer
    /// `[frameCount, logMelStride]`, kept only for a limit by the loudest frame.
    private var clipLogMels: [Float] = []

    /// Plans the transform and the filter bank.
    ///
    /// - Throws: ``FeatureError`` if the settings are invalid.
    package init(_ configuration: FrontEndConfiguration) throws(FeatureError) {
        computer = try FrameComputer(configuration)
        deltas = configuration.deltas.map {
            DeltaComputer($0, coefficientCount: configuration.coefficientCount)
        }
        edgeFrame = FloatBuffer(count: configuration.framing.frameLengthSamples)
        blockLogMels = FloatBuffer(count: Self.framesPerBlock * computer.logMelStride)
        staticRows = FloatBuffer(count: Self.framesPerBlock * configuration.coefficientCount)
    }

    /// The settings.
    package var configuration: FrontEndConfiguration { computer.configuration }

    /// Features of a clip, `[frameCount, featureCount]`.
    ///
    /// Every value is finite whatever the samples: energies that are not numbers count as silence, and infinite ones as
    /// the largest number.
    ///
    /// - Parameter samples: `[sampleCount]`, full scale ±1, at the configured rate. A clip shorter than a frame gives
    ///   no rows where frames are snipped at the edges, and an empty one never gives any.
    /// - Returns: `[frameCount, featureCount]`.
    package mutating func features(of samples: [Float]) -> FeatureMatrix {
        var matrix = FeatureMatrix(featureCount: configuration.featureCount)
        appendFeatures(of: samples.span, to: &matrix)
        return matrix
    }

    /// Features of a waveform, `[frameCount, featureCount]`.
    ///
    /// - Throws: ``FeatureError/wrongSampleRate(actualHz:expectedHz:)``.
    package mutating func features(of waveform: Waveform) throws(FeatureError) -> FeatureMatrix {
        guard waveform.sampleRate == configuration.sampleRate else {
            throw .wrongSampleRate(actualHz: waveform.sampleRate, expectedHz: configuration.sampleRate)
        }
        return features(of: waveform.samples)
    }

    /// Appends the rows of a clip to a matrix, without allocation once the matrix has room for them.
    ///
    /// - Parameters:
    ///   - samples: `[sampleCount]`, full scale ±1, at the configured rate.
    ///   - matrix: `[_, featureCount]`; traps on another width.
    package mutating func appendFeatures(of samples: Span<Float>, to matrix: inout FeatureMatrix) {
        let width = configuration.featureCount
        precondition(
            matrix.featureCount == width,
            "a matrix of \(matrix.featureCount) features cannot take rows of \(width)")
        let frameCount = configuration.frameCount(sampleCount: samples.count)
        guard frameCount > 0 else { return }
        matrix.appendRows(frameCount) { rows in
            samples.withUnsafeBufferPointer { clip in
                writeRows(of: clip, frameCount: frameCount, width: width, into: rows)
            }
        }
    }

    private mutating func writeRows(
        of clip: UnsafeBufferPointer<Float>, frameCount: Int, width: Int,
        into rows: UnsafeMutablePointer<Float>
    ) {
        let range = configuration.logarithm.topDecibels
        if let range { computeLimitedLogMels(of: clip, frameCount: frameCount, range: Float(range)) }
        var written = 0
        for start in stride(from: 0, to: frameCount, by: Self.framesPerBlock) {
            let block = start..<min(start + Self.framesPerBlock, frameCount)
            let blockRows = deltas == nil ? rows + start * width : staticRows.base
            if range == nil {
                computeLogMels(of: block, of: clip, into: blockLogMels.base)
                computer.computeRows(logMels: blockLogMels.base, frameCount: block.count, into: blockRows)
            } else {
                clipLogMels.withUnsafeBufferPointer { logMels in
                    guard let base = logMels.baseAddress else { return }
                    computer.computeRows(
                        logMels: base + start * computer.logMelStride, frameCount: block.count,
                        into: blockRows)
                }
            }
            guard deltas != nil else { continue }
            for index in block.indices {
                let row = blockRows + (index - start) * configuration.coefficientCount
                if deltas?.push(row) == true { written += writeDeltaRow(to: rows + written * width) }
            }
        }
        while let isComplete = deltas?.pushEnd() {
            if isComplete { written += writeDeltaRow(to: rows + written * width) }
        }
        deltas?.reset()
    }

    private func writeDeltaRow(to row: UnsafeMutablePointer<Float>) -> Int {
        guard let deltas else { return 0 }
        for (column, value) in deltas.row.enumerated() { row[column] = value }
        return 1
    }

    /// Writes `[frames.count, logMelStride]` log-mel energies.
    private func computeLogMels(
        of frames: Range<Int>, of clip: UnsafeBufferPointer<Float>, into logMels: UnsafeMutablePointer<Float>
    ) {
        for frame in frames {
            let row = logMels + (frame - frames.lowerBound) * computer.logMelStride
            withFrame(frame, of: clip) { samples, validCount, previous in
                computer.computeEnergies(samples, validCount: validCount, previous: previous, into: row)
            }
        }
        computer.takeLogarithms(of: logMels, frameCount: frames.count)
    }

    /// Fills `clipLogMels`, and raises what lies more than `range` dB below its largest band to that limit.
    private mutating func computeLimitedLogMels(
        of clip: UnsafeBufferPointer<Float>, frameCount: Int, range: Float
    ) {
        let width = computer.logMelStride
        let bandCount = configuration.mel.bandCount
        var matrix: [Float] = []
        swap(&matrix, &clipLogMels)
        matrix.removeAll(keepingCapacity: true)
        matrix.append(contentsOf: repeatElement(0, count: frameCount * width))
        matrix.withUnsafeMutableBufferPointer { matrix in
            guard let base = matrix.baseAddress else { return }
            computeLogMels(of: 0..<frameCount, of: clip, into: base)
            var loudest = -Float.infinity
            for frame in 0..<frameCount {
                for band in 0..<bandCount { loudest = max(loudest, base[frame * width + band]) }
            }
            for frame in 0..<frameCount {
                let row = base + frame * width
                for band in 0..<bandCount { row[band] = max(row[band], loudest - range) }
            }
        }
        swap(&matrix, &clipLogMels)
    }

    /// Calls `body` with the samples of a frame, how many of them count, and the sample before them.
    private func withFrame(
        _ frame: Int, of clip: UnsafeBufferPointer<Float>, _ body: (UnsafePointer<Float>, Int, Float) -> Void
    ) {
        let framing = configuration.framing
        let length = framing.frameLengthSamples
        // The transform is centred, and the window lies in its middle.
        let centering =
            framing.edges.isCentered
            ? configuration.fftLength / 2 - (configuration.fftLength - length) / 2 : 0
        let start = frame * framing.frameShiftSamples - centering
        if start >= 0 && start + length <= clip.count, let base = clip.baseAddress {
            body(base + start, length, start > 0 ? base[start - 1] : 0)
            return
        }
        for offset in 0..<length {
            edgeFrame.base[offset] = Self.sample(at: start + offset, of: clip, edges: framing.edges)
        }
        let validCount = framing.edges == .zeroPaddedTail ? max(0, min(length, clip.count - start)) : length
        body(edgeFrame.base, validCount, Self.sample(at: start - 1, of: clip, edges: .zeroPaddedTail))
    }

    /// The sample at an index that may lie beyond the clip, which is not empty.
    private static func sample(
        at index: Int, of clip: UnsafeBufferPointer<Float>, edges: FrontEndConfiguration.FrameEdges
    ) -> Float {
        if clip.indices.contains(index) { return clip[index] }
        guard edges == .centeredOnReflection else { return 0 }
        guard clip.count > 1 else { return clip[0] }
        // Mirrored without repeating the end samples, and again at the other end in a clip shorter than a frame.
        let period = 2 * (clip.count - 1)
        let folded = ((index % period) + period) % period
        return clip[min(folded, period - folded)]
    }
}
