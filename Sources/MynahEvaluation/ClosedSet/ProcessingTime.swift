/// How long the model took: the only part of an evaluation that differs from run to run.
package struct ProcessingTime: Codable, Hashable, Sendable {
    /// Length of all clips together, in seconds.
    package let audioSeconds: Double

    /// Processor time that all clips took together, in seconds.
    package let processingSeconds: Double

    /// The median processor time of a clip, in seconds.
    package let medianSeconds: Double

    /// Processing time over audio time; nil when there is no audio (RTF).
    package let realTimeFactor: Double?

    /// The clips that took longest, slowest first.
    package let slowest: [ClipTime]

    /// Sums up the times of clips, of which there must be at least one, and lists the `listLength` slowest.
    package init(clips: [ScoredClip], listLength: Int) {
        audioSeconds = clips.reduce(0) { $0 + $1.audioSeconds }
        processingSeconds = clips.reduce(0) { $0 + $1.processingSeconds }
        medianSeconds = Quantile(0.5, ofSorted: clips.map(\.processingSeconds).sorted()).value
        realTimeFactor = audioSeconds > 0 ? processingSeconds / audioSeconds : nil
        slowest = clips.sorted { $0.processingSeconds > $1.processingSeconds }.prefix(listLength).map {
            ClipTime(
                path: $0.path, processingSeconds: $0.processingSeconds, audioSeconds: $0.audioSeconds)
        }
    }
}

/// How long one clip took.
package struct ClipTime: Codable, Hashable, Sendable {
    /// Where the clip lies.
    package let path: String

    /// Processor time that the model took, in seconds.
    package let processingSeconds: Double

    /// Length of the audio, in seconds.
    package let audioSeconds: Double
}
