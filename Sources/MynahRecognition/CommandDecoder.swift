public import MynahModel

/// Turns posteriors, frame by frame, into one detection for each spoken word.
///
/// The posteriors of each label are averaged over the last ``DetectionSettings/smoothingSeconds`` of audio. The word
/// that leads is the one with the highest average of those at their threshold or above; when it has led for
/// ``DetectionSettings/minimumSeconds`` without a gap, it is detected. It can be detected again once its average has
/// fallen below three quarters of its threshold, so that a long word counts once and a repeated one twice. Within
/// ``DetectionSettings/refractorySeconds`` of a detection there is no other: a word that still leads when they are over
/// is detected then.
///
/// All times are counted in frames of audio, never by a clock, so a file gives the same detections as the same sound
/// live. Averages are sums of whole numbers, so that they do not drift however long the stream is. A decoder is a value:
/// a copy of it is a snapshot. Nothing is allocated per frame.
public struct CommandDecoder: Sendable {
    /// Share of its threshold below which a word must fall before it can be detected again.
    private static let releaseShare = 0.75

    /// Steps of a posterior of 1.
    private static let scale: Float = 0x1p30

    /// When a word counts as detected.
    public let settings: DetectionSettings

    /// Seconds of audio between two frames.
    public let frameSeconds: Double

    /// Where the first frame ends, in seconds of audio.
    public let firstFrameEnd: Double

    /// Frames taken so far.
    public private(set) var frameCount = 0

    private let smoothingFrames: Int
    private let minimumFrames: Int
    private let refractoryFrames: Int

    /// `[smoothingFrames, C]`, the last posteriors as multiples of 2⁻³⁰; frames before the first one are 0.
    private var window: [Int32]

    /// `[C]`, the sums of the columns of ``window``.
    private var sums: [Int64]

    /// `[C]`, the sum from which on a label is at its threshold; out of reach for labels that are no words.
    private let thresholds: [Int64]

    /// `[C]`, the sum below which a label can be detected again.
    private let releases: [Int64]

    /// `[C]`, whether the word was detected and has not fallen since.
    private var isSpent: [Bool]

    private var lead: Lead?
    private var lastDetectionFrame: Int?

    /// A word that is at its threshold and above all others.
    private struct Lead {
        let label: Int
        let startFrame: Int
        var highestSum: Int64
    }

    /// Starts before the first frame of a stream.
    ///
    /// - Parameters:
    ///   - labels: `[C]`, what the posteriors are of; `_silence_` and `_unknown_` are never detected.
    ///   - settings: within their ranges, which a model guarantees; traps otherwise.
    ///   - frameSeconds: seconds of audio between two frames, positive.
    ///   - firstFrameEnd: where the first frame ends, in seconds of audio.
    public init(
        labels: [String], settings: DetectionSettings, frameSeconds: Double, firstFrameEnd: Double
    ) {
        precondition(frameSeconds > 0, "frames every \(frameSeconds) s")
        if let fault = settings.fault(labels: labels) { preconditionFailure(fault) }
        self.settings = settings
        self.frameSeconds = frameSeconds
        self.firstFrameEnd = firstFrameEnd
        func frames(_ seconds: Double) -> Int { Int((seconds / frameSeconds).rounded()) }
        let smoothingFrames = max(1, frames(settings.smoothingSeconds))
        self.smoothingFrames = smoothingFrames
        minimumFrames = frames(settings.minimumSeconds)
        refractoryFrames = frames(settings.refractorySeconds)
        window = [Int32](repeating: 0, count: smoothingFrames * labels.count)
        sums = [Int64](repeating: 0, count: labels.count)
        isSpent = [Bool](repeating: false, count: labels.count)
        func limits(share: Double) -> [Int64] {
            labels.map { label in
                guard StandardLabel.isWord(label) else { return .max }
                let posterior = Double(settings.threshold(of: label)) * share
                return Int64((posterior * Double(Self.scale) * Double(smoothingFrames)).rounded())
            }
        }
        thresholds = limits(share: 1)
        releases = limits(share: Self.releaseShare)
    }

    /// Seconds of audio before the end of a frame.
    public func end(ofFrame frame: Int) -> Double { firstFrameEnd + Double(frame) * frameSeconds }

    /// The average of a label over the last frames, `0 ... 1`.
    public func smoothedPosterior(of label: Int) -> Float {
        Float(Double(sums[label]) / (Double(Self.scale) * Double(smoothingFrames)))
    }

    /// Takes the posteriors of the next frame, `[C]`; what is not a number counts as 0.
    ///
    /// - Returns: The word that this frame made sure, if it did.
    public mutating func push(_ posteriors: Span<Float>) -> Detection? {
        precondition(
            posteriors.count == sums.count, "\(posteriors.count) posteriors for \(sums.count) labels")
        let row = frameCount % smoothingFrames * sums.count
        var leader: Int?
        for label in posteriors.indices {
            let posterior = posteriors[label] > 0 ? min(posteriors[label], 1) : 0
            let steps = Int32((posterior * Self.scale).rounded())
            sums[label] += Int64(steps) - Int64(window[row + label])
            window[row + label] = steps
            if sums[label] < releases[label] { isSpent[label] = false }
            if sums[label] >= thresholds[label], leader.map({ sums[label] > sums[$0] }) ?? true {
                leader = label
            }
        }
        defer { frameCount += 1 }
        guard let leader else {
            lead = nil
            return nil
        }
        return follow(leader)
    }

    /// Carries on the lead of a word, and detects it when it is time.
    private mutating func follow(_ leader: Int) -> Detection? {
        var current = Lead(label: leader, startFrame: frameCount, highestSum: sums[leader])
        if let lead, lead.label == leader {
            current = Lead(
                label: leader, startFrame: lead.startFrame,
                highestSum: max(lead.highestSum, sums[leader]))
        }
        lead = current
        guard !isSpent[leader], frameCount - current.startFrame >= minimumFrames else { return nil }
        if let lastDetectionFrame, frameCount - lastDetectionFrame < refractoryFrames { return nil }
        isSpent[leader] = true
        lastDetectionFrame = frameCount
        return Detection(
            label: leader, start: end(ofFrame: current.startFrame), end: end(ofFrame: frameCount),
            confidence: Float(Double(current.highestSum) / (Double(Self.scale) * Double(smoothingFrames))))
    }

    /// Forgets the stream; the next frame is the first of another.
    public mutating func reset() {
        for index in window.indices { window[index] = 0 }
        for label in sums.indices {
            sums[label] = 0
            isSpent[label] = false
        }
        lead = nil
        lastDetectionFrame = nil
        frameCount = 0
    }
}
