import MynahBase

/// Computes the features of a stream that arrives in chunks of any size.
///
/// The rows are those of ``FeatureExtractor`` over the whole stream, to the bit. Memory is constant, and nothing is
/// allocated per frame.
package struct StreamingFeatureExtractor: ~Copyable {
    private let computer: FrameComputer
    private var deltas: DeltaComputer?
    /// `[logMelStride]`, the log-mel energies of the current frame.
    private let logMel: FloatBuffer
    /// `[coefficientCount]`, the features of the current frame.
    private let staticRow: FloatBuffer
    /// The sample before the next frame, and the samples that no frame has used up.
    private let buffer: FloatBuffer
    /// Where in `buffer` the next frame starts; beyond `filled` when frames are further apart than they are long.
    private var start = 1
    private var filled = 1
    private var sampleCount = 0
    private var frameCount = 0

    /// Plans the transform and the filter bank.
    ///
    /// - Throws: ``FeatureError/notStreamable(setting:reason:)`` if the settings need more than the past, another
    ///   ``FeatureError`` if they are invalid.
    package init(_ configuration: FrontEndConfiguration) throws(FeatureError) {
        try configuration.validateStreamable()
        computer = try FrameComputer(configuration)
        deltas = configuration.deltas.map {
            DeltaComputer($0, coefficientCount: configuration.coefficientCount)
        }
        logMel = FloatBuffer(count: computer.logMelStride)
        staticRow = FloatBuffer(count: configuration.coefficientCount)
        let framing = configuration.framing
        // A step more than a frame and a step need, so that samples are moved at every second frame only.
        buffer = FloatBuffer(count: 1 + framing.frameLengthSamples + 2 * framing.frameShiftSamples)
    }

    /// The settings.
    package var configuration: FrontEndConfiguration { computer.configuration }

    /// Takes the next samples and hands over each row that they complete.
    ///
    /// - Parameters:
    ///   - samples: Any number of samples, full scale ±1, at the configured rate.
    ///   - onFrame: Called in order of time with `[featureCount]` features; the span is valid during the call only.
    ///     With deltas, rows come `order * windowFrames` frames late.
    package mutating func push(_ samples: Span<Float>, onFrame: (Span<Float>) -> Void) {
        sampleCount += samples.count
        samples.withUnsafeBufferPointer { chunk in
            guard var next = chunk.baseAddress else { return }
            var remaining = chunk.count
            while remaining > 0 {
                if filled == buffer.count { discardUsedSamples() }
                let taken = min(remaining, buffer.count - filled)
                (buffer.base + filled).update(from: next, count: taken)
                next += taken
                remaining -= taken
                filled += taken
                computeWholeFrames(onFrame)
            }
        }
    }

    /// Takes the next samples and appends each row that they complete to a matrix.
    ///
    /// - Parameters:
    ///   - samples: Any number of samples, full scale ±1, at the configured rate.
    ///   - matrix: `[_, featureCount]`; traps on another width.
    package mutating func push(_ samples: Span<Float>, appendingTo matrix: inout FeatureMatrix) {
        push(samples) { matrix.append(row: $0) }
    }

    /// Ends the stream: hands over the rows that waited for more, and resets.
    ///
    /// These are a last frame filled with zeros where the framing asks for it, and rows held back for their deltas.
    package mutating func finish(onFrame: (Span<Float>) -> Void) {
        while frameCount < configuration.frameCount(sampleCount: sampleCount) {
            computeFrame(validCount: max(0, filled - start), onFrame)
        }
        while let isComplete = deltas?.pushEnd() {
            if isComplete { deliverDeltaRow(onFrame) }
        }
        reset()
    }

    /// Ends the stream, appends the rows that waited for more to a matrix, and resets.
    package mutating func finish(appendingTo matrix: inout FeatureMatrix) {
        finish { matrix.append(row: $0) }
    }

    /// Forgets the stream; the next sample is the first of another.
    package mutating func reset() {
        buffer.base[0] = 0
        start = 1
        filled = 1
        sampleCount = 0
        frameCount = 0
        deltas?.reset()
    }

    private mutating func computeWholeFrames(_ onFrame: (Span<Float>) -> Void) {
        let length = configuration.framing.frameLengthSamples
        while filled - start >= length { computeFrame(validCount: length, onFrame) }
    }

    private mutating func computeFrame(validCount: Int, _ onFrame: (Span<Float>) -> Void) {
        let isPreviousKnown = start <= filled
        computer.computeEnergies(
            buffer.base + min(start, filled), validCount: validCount,
            previous: isPreviousKnown ? buffer.base[start - 1] : 0, into: logMel.base)
        computer.takeLogarithms(of: logMel.base, frameCount: 1)
        computer.computeRows(logMels: logMel.base, frameCount: 1, into: staticRow.base)
        start += configuration.framing.frameShiftSamples
        frameCount += 1
        if deltas == nil {
            let row = UnsafeBufferPointer(start: staticRow.base, count: staticRow.count)
            onFrame(row.span)
        } else if deltas?.push(staticRow.base) == true {
            deliverDeltaRow(onFrame)
        }
    }

    private func deliverDeltaRow(_ onFrame: (Span<Float>) -> Void) {
        guard let deltas else { return }
        onFrame(deltas.row.span)
    }

    /// Moves the sample before the next frame to the front of the buffer, with all that follow it.
    private mutating func discardUsedSamples() {
        let used = min(start - 1, filled)
        buffer.base.update(from: buffer.base + used, count: filled - used)
        start -= used
        filled -= used
    }
}

extension StreamingFeatureExtractor {
    /// The state of a stream at one moment, apart from the extractor.
    package struct Snapshot: Sendable {
        fileprivate let configuration: FrontEndConfiguration
        fileprivate let samples: [Float]
        fileprivate let start: Int
        fileprivate let sampleCount: Int
        fileprivate let frameCount: Int
        fileprivate let deltas: DeltaComputer?
    }

    /// Copies the state of the stream.
    package func snapshot() -> Snapshot {
        let used = min(start - 1, filled)
        return Snapshot(
            configuration: configuration,
            samples: Array(UnsafeBufferPointer(start: buffer.base + used, count: filled - used)),
            start: start - used,
            sampleCount: sampleCount,
            frameCount: frameCount,
            deltas: deltas)
    }

    /// Returns to a moment of this or another stream with the same settings; traps on others.
    package mutating func restore(_ snapshot: Snapshot) {
        precondition(
            snapshot.configuration == configuration,
            "snapshot of another front end: "
                + snapshot.configuration.differences(from: configuration).joined(separator: "; "))
        for (index, sample) in snapshot.samples.enumerated() { buffer.base[index] = sample }
        start = snapshot.start
        filled = snapshot.samples.count
        sampleCount = snapshot.sampleCount
        frameCount = snapshot.frameCount
        deltas = snapshot.deltas
    }
}

/// A front end that takes a sound block by block or, where it cannot stream, in one block.
package struct BlockExtractor: ~Copyable {
    private var streaming: StreamingFeatureExtractor?
    private var whole: FeatureExtractor?

    /// Plans the front end.
    package init(_ configuration: FrontEndConfiguration) throws(FeatureError) {
        do throws(FeatureError) {
            streaming = try StreamingFeatureExtractor(configuration)
            whole = nil
        } catch .notStreamable {
            streaming = nil
            whole = try FeatureExtractor(configuration)
        }
    }

    /// Takes the next samples, or all of them, and appends each row that they complete.
    package mutating func append(_ samples: [Float], to rows: inout FeatureMatrix) {
        streaming?.push(samples.span, appendingTo: &rows)
        whole?.appendFeatures(of: samples.span, to: &rows)
    }

    /// Appends the rows that waited for more samples.
    package mutating func finish(to rows: inout FeatureMatrix) {
        streaming?.finish(appendingTo: &rows)
    }
}
