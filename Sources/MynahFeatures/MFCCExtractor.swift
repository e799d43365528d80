public import MynahAudio

/// Computes the features of whole clips.
///
/// One extractor serves one thread; it keeps its buffers from clip to clip, and no clip depends on another.
public struct MFCCExtractor: ~Copyable {
    private let computer: FrameComputer
    private var deltas: DeltaComputer?
    /// `[frameLengthSamples]`, a frame that reaches beyond the clip.
    private let edgeFrame: AlignedBuffer
    /// `[coefficientCount]`, static features on their way to the deltas.
    private let staticRow: AlignedBuffer
    /// `[frameCount, logMelCount]`, kept only for a limit by the loudest frame.
    private var logMels: [Float] = []

    /// Plans the transform and the filter bank.
    ///
    /// - Throws: ``FeatureError`` if the settings are invalid.
    public init(_ configuration: MFCCConfiguration) throws(FeatureError) {
        computer = try FrameComputer(configuration)
        deltas = configuration.deltas.map {
            DeltaComputer($0, coefficientCount: configuration.coefficientCount)
        }
        edgeFrame = AlignedBuffer(count: configuration.framing.frameLengthSamples)
        staticRow = AlignedBuffer(count: configuration.coefficientCount)
    }

    /// The settings.
    public var configuration: MFCCConfiguration { computer.configuration }

    /// Features of a clip, `[frameCount, featureCount]`.
    ///
    /// Every value is finite whatever the samples: energies that are not numbers count as silence, and infinite ones as
    /// the largest number.
    ///
    /// - Parameter samples: `[sampleCount]`, full scale ±1, at the configured rate. A clip shorter than a frame gives
    ///   no rows where frames are snipped at the edges, and an empty one never gives any.
    /// - Returns: `[frameCount, featureCount]`.
    public mutating func features(of samples: [Float]) -> FeatureMatrix {
        var matrix = FeatureMatrix(featureCount: configuration.featureCount)
        appendFeatures(of: samples.span, to: &matrix)
        return matrix
    }

    /// Features of a waveform, `[frameCount, featureCount]`.
    ///
    /// - Throws: ``FeatureError/wrongSampleRate(actualHz:expectedHz:)``.
    public mutating func features(of waveform: Waveform) throws(FeatureError) -> FeatureMatrix {
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
    public mutating func appendFeatures(of samples: Span<Float>, to matrix: inout FeatureMatrix) {
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
        for frame in 0..<frameCount {
            let row = deltas == nil ? rows + frame * width : staticRow.pointer
            if range == nil {
                withFrame(frame, of: clip) { samples, validCount, previous in
                    computer.computeRow(samples, validCount: validCount, previous: previous, into: row)
                }
            } else {
                logMels.withUnsafeBufferPointer { logMels in
                    guard let base = logMels.baseAddress else { return }
                    computer.computeRow(logMel: base + frame * computer.logMelCount, into: row)
                }
            }
            if deltas?.push(row) == true { written += writeDeltaRow(to: rows + written * width) }
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

    /// Fills `logMels`, and raises what lies more than `range` dB below its largest band to that limit.
    private mutating func computeLimitedLogMels(
        of clip: UnsafeBufferPointer<Float>, frameCount: Int, range: Float
    ) {
        let width = computer.logMelCount
        let bandCount = configuration.mel.bandCount
        var matrix: [Float] = []
        swap(&matrix, &logMels)
        matrix.removeAll(keepingCapacity: true)
        matrix.append(contentsOf: repeatElement(0, count: frameCount * width))
        matrix.withUnsafeMutableBufferPointer { matrix in
            guard let base = matrix.baseAddress else { return }
            var loudest = -Float.infinity
            for frame in 0..<frameCount {
                let row = base + frame * width
                withFrame(frame, of: clip) { samples, validCount, previous in
                    computer.computeLogMel(samples, validCount: validCount, previous: previous, into: row)
                }
                for band in 0..<bandCount { loudest = max(loudest, row[band]) }
            }
            for frame in 0..<frameCount {
                let row = base + frame * width
                for band in 0..<bandCount { row[band] = max(row[band], loudest - range) }
            }
        }
        swap(&matrix, &logMels)
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
            edgeFrame.pointer[offset] = Self.sample(at: start + offset, of: clip, edges: framing.edges)
        }
        let validCount = framing.edges == .zeroPaddedTail ? max(0, min(length, clip.count - start)) : length
        body(edgeFrame.pointer, validCount, Self.sample(at: start - 1, of: clip, edges: .zeroPaddedTail))
    }

    /// The sample at an index that may lie beyond the clip, which is not empty.
    private static func sample(
        at index: Int, of clip: UnsafeBufferPointer<Float>, edges: MFCCConfiguration.FrameEdges
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
