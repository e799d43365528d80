/// Appends deltas to rows of static features, each row as late as its regression needs.
///
/// A value: a copy of it is a snapshot of the stream.
struct DeltaComputer: Sendable {
    /// `[featureCount]`, the row that the last ``push(_:)`` or ``pushEnd()`` completed.
    private(set) var row: [Float]

    private let settings: FrontEndConfiguration.Deltas
    private let coefficientCount: Int
    /// `[2 * windowFrames + 1, coefficientCount]`, rings indexed by frame modulo their length.
    private var statics: [Float]
    private var deltas: [Float]
    private let ringLength: Int
    private let scale: Float
    /// Static rows seen.
    private var frameCount = 0
    /// Steps taken after the last of them.
    private var stepsAfterEnd = 0

    init(_ settings: FrontEndConfiguration.Deltas, coefficientCount: Int) {
        self.settings = settings
        self.coefficientCount = coefficientCount
        ringLength = 2 * settings.windowFrames + 1
        statics = [Float](repeating: 0, count: ringLength * coefficientCount)
        deltas = statics
        row = [Float](repeating: 0, count: coefficientCount * (1 + settings.order))
        scale = 1 / Float(2 * (1...settings.windowFrames).reduce(0) { $0 + $1 * $1 })
    }

    /// Forgets all frames.
    mutating func reset() {
        frameCount = 0
        stepsAfterEnd = 0
    }

    /// Takes `[coefficientCount]` static features; returns whether a row is complete.
    mutating func push(_ features: UnsafePointer<Float>) -> Bool {
        let start = frameCount % ringLength * coefficientCount
        for column in 0..<coefficientCount { statics[start + column] = features[column] }
        frameCount += 1
        return completeRow(at: frameCount - 1)
    }

    /// Takes one step beyond the end of the clip, where the last frame repeats; nil when no row remains.
    mutating func pushEnd() -> Bool? {
        guard frameCount > 0, stepsAfterEnd < settings.order * settings.windowFrames else { return nil }
        stepsAfterEnd += 1
        return completeRow(at: frameCount - 1 + stepsAfterEnd)
    }

    private mutating func completeRow(at time: Int) -> Bool {
        let last = frameCount - 1
        let deltaFrame = time - settings.windowFrames
        if deltaFrame >= 0 && deltaFrame <= last {
            Self.regress(
                statics, frame: deltaFrame, last: last, ringLength: ringLength, width: coefficientCount,
                scale: scale,
                into: &deltas, at: deltaFrame % ringLength * coefficientCount)
        }
        let frame = time - settings.order * settings.windowFrames
        guard frame >= 0 && frame <= last else { return false }
        let start = frame % ringLength * coefficientCount
        for column in 0..<coefficientCount {
            row[column] = statics[start + column]
            row[coefficientCount + column] = deltas[start + column]
        }
        if settings.order == 2 {
            Self.regress(
                deltas, frame: frame, last: last, ringLength: ringLength, width: coefficientCount,
                scale: scale,
                into: &row, at: 2 * coefficientCount)
        }
        return true
    }

    /// Writes `Σ n (x[frame + n] - x[frame - n]) / 2 Σ n²`, the first and last frame repeated beyond the ends.
    private static func regress(
        _ ring: [Float], frame: Int, last: Int, ringLength: Int, width: Int, scale: Float,
        into result: inout [Float], at start: Int
    ) {
        for column in 0..<width { result[start + column] = 0 }
        for distance in 1...ringLength / 2 {
            let later = min(frame + distance, last) % ringLength * width
            let earlier = max(frame - distance, 0) % ringLength * width
            for column in 0..<width {
                result[start + column] += Float(distance) * (ring[later + column] - ring[earlier + column])
            }
        }
        for column in 0..<width { result[start + column] *= scale }
    }
}
