import MynahAudio
import MynahBase
package import MynahModel
package import MynahRecognition

/// Follows what is listened to, and keeps the sound around each word that is detected, or nearly so.
///
/// A word is nearly detected when its smoothed posterior reaches half of its threshold, and nothing is detected within a
/// second of that.
package struct MomentKeeper {
    /// Share of a threshold from which on a word is nearly detected, and below which it has to fall to be over.
    private static let nearShare: Float = 0.5
    private static let overShare: Float = 0.4

    /// What is kept beside the window that the network hears: so much in front of it and behind it, in seconds.
    private static let marginSeconds = (before: 1.5, behind: 1.0)

    /// So much is listened to, in seconds of sound, until it is written down how long that is.
    private static let logSeconds = 600.0

    /// How far what is nearly detected has to be away from anything else, in seconds.
    private static let distanceSeconds = 1.0

    /// A moment whose sound is not complete.
    private struct Pending {
        let label: Int
        let fired: Bool
        let score: Float
        let start: Double
        let end: Double
    }

    /// A word that is nearly detected at present.
    private struct Peak {
        let start: Double
        var end: Double
        var score: Float
    }

    private let folder: KeptFolder
    private let labels: [String]
    private let thresholds: [Float]
    private let sampleRate: Int
    private let modelHash: String
    private let source: String
    private let isFile: Bool
    private let clock: @Sendable () -> KeptTime
    private let secondsBefore: Double

    /// The samples that came last, and how many came before these.
    private var sound: [Float] = []
    private var forgottenCount = 0

    /// `[C]`.
    private var peaks: [Peak?]
    private var pending: [Pending] = []
    private var lastDetection = -Double.infinity
    private var isSpent = false

    /// How much of what was heard is written down, in seconds.
    private var loggedSeconds = 0.0

    /// How many moments were kept.
    package private(set) var keptCount = 0

    /// Prepares to keep moments in a folder.
    ///
    /// - Parameters:
    ///   - detection: the settings that the recognizer listens with.
    ///   - source: what is listened to, by its name.
    ///   - isFile: whether that is a file, all of which counts as one day.
    ///   - clock: tells the time.
    package init(
        in folder: KeptFolder, model: CommandModel, detection: DetectionSettings, source: String,
        isFile: Bool,
        clock: @escaping @Sendable () -> KeptTime = { .now }
    ) {
        self.folder = folder
        labels = model.labels
        thresholds = model.labels.map { detection.threshold(of: $0) }
        sampleRate = model.sampleRate
        modelHash = model.hash
        self.source = source
        self.isFile = isFile
        self.clock = clock
        secondsBefore = model.clipSeconds + Self.marginSeconds.before
        peaks = [Peak?](repeating: nil, count: model.labels.count)
    }

    /// Takes the smoothed posterior of a word at a decision, before the samples of that block are handed over.
    package mutating func follow(_ label: Int, _ average: Float, at time: Double) {
        let threshold = thresholds[label]
        if average >= threshold * Self.nearShare {
            var peak = peaks[label] ?? Peak(start: time, end: time, score: average)
            if average > peak.score { (peak.score, peak.end) = (average, time) }
            peaks[label] = peak
        } else if average < threshold * Self.overShare {
            finishPeak(of: label)
        }
    }

    /// Takes a detection.
    package mutating func detect(_ detection: Detection) {
        lastDetection = detection.end
        pending.removeAll { !$0.fired && detection.start - $0.end < Self.distanceSeconds }
        pending.append(
            Pending(
                label: detection.labelIndex, fired: true, score: detection.confidence, start: detection.start,
                end: detection.end))
    }

    /// Takes the samples of a block, whose posteriors and detections were handed over before, and keeps what is complete.
    ///
    /// - Throws: once, when no more can be kept; nothing is kept from then on.
    package mutating func hear(_ block: [Float]) throws {
        sound += block
        let heardSeconds = heardSeconds
        try keep { $0.end + Self.marginSeconds.behind <= heardSeconds }
        if heardSeconds - loggedSeconds >= Self.logSeconds { try log() }
        let wanted = Int((secondsBefore + Self.marginSeconds.behind + 5) * Double(sampleRate))
        if sound.count > 2 * wanted {
            forgottenCount += sound.count - wanted
            sound.removeFirst(sound.count - wanted)
        }
    }

    /// Keeps what is left at the end of the sound.
    ///
    /// - Throws: as ``hear(_:)`` does.
    package mutating func finish() throws {
        for label in peaks.indices { finishPeak(of: label) }
        try keep { _ in true }
        if heardSeconds > loggedSeconds { try log() }
    }

    private mutating func log() throws {
        guard !isSpent else { return }
        let seconds = heardSeconds - loggedSeconds
        loggedSeconds = heardSeconds
        do {
            try ListeningLog.add(seconds, on: isFile ? source : clock().day, in: folder.path)
        } catch {
            isSpent = true
            throw error
        }
    }

    private var heardSeconds: Double { Double(forgottenCount + sound.count) / Double(sampleRate) }

    /// Makes a moment of a word that is no longer nearly detected, unless something surer was near it.
    private mutating func finishPeak(of label: Int) {
        guard let peak = peaks[label] else { return }
        peaks[label] = nil
        guard StandardLabel.isWord(labels[label]), peak.start - lastDetection >= Self.distanceSeconds
        else { return }
        let near = Pending(label: label, fired: false, score: peak.score, start: peak.start, end: peak.end)
        if let other = pending.lastIndex(where: { abs($0.end - near.end) < Self.distanceSeconds }) {
            if !pending[other].fired, share(pending[other]) < share(near) { pending[other] = near }
            return
        }
        pending.append(near)
    }

    private func share(_ moment: Pending) -> Float { moment.score / thresholds[moment.label] }

    private mutating func keep(_ isDue: (Pending) -> Bool) throws {
        let due = pending.filter(isDue)
        guard !due.isEmpty else { return }
        pending.removeAll(where: isDue)
        guard !isSpent else { return }
        do {
            for moment in due { try write(moment) }
        } catch {
            isSpent = true
            throw error
        }
    }

    /// A time to a millionth of a second, as events are told.
    private static func rounded(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1e6 }

    private mutating func write(_ moment: Pending) throws {
        func index(_ seconds: Double) -> Int {
            max(0, min(sound.count, Int(seconds * Double(sampleRate)) - forgottenCount))
        }
        let range = index(moment.end - secondsBefore)..<index(moment.end + Self.marginSeconds.behind)
        guard !range.isEmpty else { return }
        let samples = Array(sound[range])
        let now = clock()
        let start = Double(forgottenCount + range.lowerBound) / Double(sampleRate)
        let kept = KeptMoment(
            time: now.text, day: isFile ? source : now.day, source: source, word: labels[moment.label],
            fired: moment.fired, score: moment.score, threshold: thresholds[moment.label],
            start: Self.rounded(moment.start), end: Self.rounded(moment.end),
            endInClip: Self.rounded(moment.end - start),
            words: labels.filter(StandardLabel.isWord), model: modelHash)
        let encoding = WAVEncoding.integer16
        try folder.add(
            kept,
            sound: encoding.header(sampleCount: samples.count, sampleRate: sampleRate)
                + encoding.bytes(of: samples.span), now: now)
        keptCount += 1
    }
}
