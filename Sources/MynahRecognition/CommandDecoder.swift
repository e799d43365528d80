package import MynahModel

/// Turns posteriors, decision by decision, into one detection for each spoken word.
///
/// The posteriors of each label are averaged over the last ``DetectionSettings/smoothingSeconds`` of audio. The word
/// that leads is the one with the highest average of those at their threshold or above; when it has led for
/// ``DetectionSettings/minimumSeconds`` without a gap, it is detected. Within ``DetectionSettings/refractorySeconds`` of a
/// detection there is no other: a word that still leads when they are over is detected then.
///
/// A long word counts once, and a repeated one as often as it is said. A network that reads a second of audio is sure of a
/// word for a second, be it said once or twice in it; so what the network says of the last ``recentSeconds`` alone decides
/// whether a word that was detected is over (it is less than half as probable as its threshold asks, and the network
/// pays attention to what came before rather than to this) and whether it has begun again (four fifths as probable).
/// From then on it leads anew. It can be detected again, too, once its average over all that the network reads has fallen
/// below three quarters of its threshold.
///
/// All times are counted in decisions of the network, never by a clock, so a file gives the same detections as the same sound
/// live. Averages are sums of whole numbers, so that they do not drift however long the stream is. A decoder is a value:
/// a copy of it is a snapshot. Nothing is allocated per decision.
package struct CommandDecoder: Sendable {
    /// How much audio the recent posteriors are to be of, in seconds: less than the pause between two words.
    package static let recentSeconds = 0.12

    /// Share of its threshold below which a word must fall to be forgotten.
    private static let releaseShare = 0.75

    /// Share of its threshold that the recent posterior of a word must reach for the word to begin again.
    private static let onsetShare = 0.8

    /// Share of its threshold below which the recent posterior of a word must fall for the word to be over.
    private static let endShare = 0.5

    /// Share of the network's attention below which the recent audio must be for a word to be over.
    ///
    /// Within a drawn-out word the network may be in doubt for a while, but goes on listening.
    private static let pauseShare: Float = 0.25

    /// `[C]`, what the posteriors are of.
    private let labels: [String]

    /// When a word counts as detected.
    package private(set) var settings: DetectionSettings

    /// When the network speaks.
    package let timing: StreamTiming

    /// Decisions taken so far.
    package private(set) var decisionCount = 0

    private let minimumDecisions: Int
    private let refractoryDecisions: Int

    private var posteriors: SlidingSums
    private var recentPosteriors: SlidingSums

    /// `[C]`, the sum from which on a label is at its threshold; out of reach for labels that are no words.
    private var thresholds: [Int64] = []

    /// `[C]`, the sums that belong to ``releaseShare``, ``onsetShare`` and ``endShare``.
    private var releases: [Int64] = []
    private var onsets: [Int64] = []
    private var ends: [Int64] = []

    /// `[C]`.
    private var phases: [Phase]

    private var lead: Lead?
    private var lastDetection: Int?

    /// Whether a word can be detected.
    private enum Phase {
        /// It can.
        case ready

        /// It was, and goes on.
        case detected

        /// It was, and is over, but what the network reads still holds it.
        case over
    }

    /// A word that is at its threshold and above all others.
    private struct Lead {
        let label: Int
        let startDecision: Int
        var highestSum: Int64
    }

    /// Starts before the first decision of a stream.
    ///
    /// - Parameters:
    ///   - labels: `[C]`, what the posteriors are of; `_silence_` and `_unknown_` are never detected.
    ///   - settings: within their ranges, which a model guarantees; traps otherwise.
    ///   - timing: when the network speaks.
    package init(labels: [String], settings: DetectionSettings, timing: StreamTiming) {
        if let fault = settings.fault(labels: labels) { preconditionFailure(fault) }
        self.labels = labels
        self.settings = settings
        self.timing = timing
        func decisions(_ seconds: Double) -> Int { Int((seconds / timing.decisionSeconds).rounded()) }
        minimumDecisions = decisions(settings.minimumSeconds)
        refractoryDecisions = decisions(settings.refractorySeconds)
        let empty = SlidingSums(frames: max(1, decisions(settings.smoothingSeconds)), columns: labels.count)
        posteriors = empty
        recentPosteriors = empty
        phases = [Phase](repeating: .ready, count: labels.count)
        computeLimits()
    }

    /// Goes on with other thresholds, from the next decision on.
    ///
    /// - Parameters:
    ///   - threshold: that of words that have none of their own, above 0 and up to 1; traps otherwise.
    ///   - thresholds: those of single words; traps for what is no word.
    package mutating func setThresholds(_ threshold: Float, of thresholds: [String: Float]) {
        settings.threshold = threshold
        settings.thresholds = thresholds
        if let fault = settings.fault(labels: labels) { preconditionFailure(fault) }
        computeLimits()
    }

    /// Computes what sums the thresholds of the settings are.
    private mutating func computeLimits() {
        func limits(share: Double) -> [Int64] {
            labels.map { label in
                guard StandardLabel.isWord(label) else { return .max }
                return posteriors.sum(ofMean: Double(settings.threshold(of: label)) * share)
            }
        }
        thresholds = limits(share: 1)
        releases = limits(share: Self.releaseShare)
        onsets = limits(share: Self.onsetShare)
        ends = limits(share: Self.endShare)
    }

    /// Decisions within ``recentSeconds``, at least 1.
    package var recentDecisions: Int { max(1, Int((Self.recentSeconds / timing.decisionSeconds).rounded())) }

    /// The average of a label over the last decisions, `0 ... 1`.
    package func smoothedPosterior(of label: Int) -> Float { posteriors.mean(ofSum: posteriors.sums[label]) }

    /// Takes the posteriors of the next decision where nothing is known of the recent audio alone: a word can be detected again
    /// when its average has fallen.
    ///
    /// - Parameter posteriors: `[C]`; what is not a number counts as 0.
    /// - Returns: The word that this decision made sure, if it did.
    package mutating func push(_ posteriors: Span<Float>) -> Detection? {
        push(posteriors, recent: posteriors, recentShare: 1)
    }

    /// Takes the posteriors of the next decision.
    ///
    /// - Parameters:
    ///   - posteriors: `[C]`, of all that the network reads; what is not a number counts as 0.
    ///   - recent: `[C]`, of the last ``recentDecisions`` alone; what is not a number counts as 0.
    ///   - recentShare: the share of these in the attention that the network pays to all that it reads, `0 ... 1`.
    ///   - withheld: `[C]`, whether a word may not be detected yet, whatever its posterior; empty where all may.
    /// - Returns: The word that this decision made sure, if it did.
    package mutating func push(
        _ posteriors: Span<Float>, recent: Span<Float>, recentShare: Float, withheld: ArraySlice<Bool> = []
    ) -> Detection? {
        self.posteriors.push(posteriors, frame: decisionCount)
        recentPosteriors.push(recent, frame: decisionCount)
        let sums = self.posteriors.sums
        var leader: Int?
        for label in posteriors.indices {
            advance(label, recentShare: recentShare)
            if sums[label] >= thresholds[label], leader.map({ sums[label] > sums[$0] }) ?? true {
                leader = label
            }
        }
        defer { decisionCount += 1 }
        guard let leader else {
            lead = nil
            return nil
        }
        let isWithheld = !withheld.isEmpty && withheld[withheld.startIndex + leader]
        return follow(leader, isWithheld: isWithheld)
    }

    /// Decisions that posteriors are averaged over.
    package var windowDecisions: Int { posteriors.frames }

    /// The posterior, `0 ... 1`, below which a word, staying there for ``windowDecisions``, is forgotten, and cannot be detected.
    package var quietLimit: Float {
        let least = labels.filter(StandardLabel.isWord).map(settings.threshold(of:)).min() ?? 1
        // A little lower, for sums are rounded.
        return 0.99 * Float(Self.releaseShare) * least
    }

    /// Passes over decisions that cannot change anything: in them, in ``windowDecisions`` that were pushed before them, and in as
    /// many that will be pushed after them, every word is below ``quietLimit``.
    ///
    /// Traps while a word leads, and for less than none.
    package mutating func skip(_ count: Int) {
        precondition(lead == nil && count >= 0, "\(count) decisions to skip, a word leading: \(lead != nil)")
        decisionCount += count
    }

    /// Notices that a word that was detected is over, begins again, or is forgotten.
    private mutating func advance(_ label: Int, recentShare: Float) {
        if posteriors.sums[label] < releases[label] { phases[label] = .ready }
        switch phases[label] {
        case .ready: break
        case .detected:
            if recentShare < Self.pauseShare, recentPosteriors.sums[label] < ends[label] {
                phases[label] = .over
            }
        case .over:
            if recentPosteriors.sums[label] >= onsets[label] {
                phases[label] = .ready
                if lead?.label == label { lead = nil }
            }
        }
    }

    /// Carries on the lead of a word, and detects it when it is time.
    private mutating func follow(_ leader: Int, isWithheld: Bool) -> Detection? {
        let sum = posteriors.sums[leader]
        var current = Lead(label: leader, startDecision: decisionCount, highestSum: sum)
        if let lead, lead.label == leader {
            current = Lead(
                label: leader, startDecision: lead.startDecision, highestSum: max(lead.highestSum, sum))
        }
        lead = current
        guard phases[leader] == .ready, decisionCount - current.startDecision >= minimumDecisions else {
            return nil
        }
        if let lastDetection, decisionCount - lastDetection < refractoryDecisions { return nil }
        guard !isWithheld else { return nil }
        phases[leader] = .detected
        lastDetection = decisionCount
        return Detection(
            label: labels[leader], labelIndex: leader, start: timing.end(ofDecision: current.startDecision),
            end: timing.end(ofDecision: decisionCount),
            confidence: posteriors.mean(ofSum: current.highestSum))
    }

    /// When the word that leads began, in seconds of audio, as long as it is not sure; nil where none leads.
    package var pendingStart: Double? {
        guard let lead, phases[lead.label] == .ready else { return nil }
        return timing.end(ofDecision: lead.startDecision)
    }

    /// Forgets the stream; the next frame is the first of another.
    package mutating func reset() {
        posteriors.reset()
        recentPosteriors.reset()
        for label in phases.indices { phases[label] = .ready }
        lead = nil
        lastDetection = nil
        decisionCount = 0
    }
}

/// Sums of the posteriors of each label over the last decisions, in whole steps, so that nothing drifts.
private struct SlidingSums: Sendable {
    /// Steps of a posterior of 1.
    private static let scale: Float = 0x1p30

    /// `[frames, C]`, the last posteriors in steps; frames before the first one are 0.
    private var window: [Int32]

    /// Frames that are summed up, at least 1.
    let frames: Int

    /// `[C]`, the sums of the columns of ``window``.
    private(set) var sums: [Int64]

    init(frames: Int, columns: Int) {
        self.frames = frames
        window = [Int32](repeating: 0, count: frames * columns)
        sums = [Int64](repeating: 0, count: columns)
    }

    /// Takes the posteriors of a frame, `[C]`; what is not a number counts as 0.
    mutating func push(_ posteriors: Span<Float>, frame: Int) {
        precondition(
            posteriors.count == sums.count, "\(posteriors.count) posteriors for \(sums.count) labels")
        let row = frame % frames * sums.count
        for label in posteriors.indices {
            let posterior = posteriors[label] > 0 ? min(posteriors[label], 1) : 0
            let steps = Int32((posterior * Self.scale).rounded())
            sums[label] += Int64(steps) - Int64(window[row + label])
            window[row + label] = steps
        }
    }

    func mean(ofSum sum: Int64) -> Float { Float(Double(sum) / (Double(Self.scale) * Double(frames))) }

    func sum(ofMean mean: Double) -> Int64 {
        Int64((mean * Double(Self.scale) * Double(frames)).rounded())
    }

    mutating func reset() {
        for index in window.indices { window[index] = 0 }
        for column in sums.indices { sums[column] = 0 }
    }
}
