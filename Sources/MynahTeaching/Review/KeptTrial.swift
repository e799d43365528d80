import MynahAudio
import MynahBase
package import MynahEvaluation
import MynahModel
import MynahRecognition

/// What a model makes of reviewed moments: how often it hears a word that was not said, and does not hear one that was.
package struct KeptTrial: Encodable, Hashable, Sendable {
    /// Moments at which a word is heard that was not said, of all; nil without any.
    package let falseAlarms: Proportion?

    /// Moments at which the word that was said is not heard, of those at which one was; nil without any.
    package let misses: Proportion?

    /// How far from the moment a word may be heard, in seconds: so much earlier, and so much later.
    private static let tolerance = (before: 0.7, behind: 1.0)

}

extension KeptTrial {
    /// Has a model listen to each of the moments as a stream.
    ///
    /// - Throws: `RecognitionError` for a model that cannot follow a stream, `AudioError` for the first sound that cannot be read.
    init(of model: CommandModel, on reviewed: [ReviewedClip], threads: Int) throws {
        _ = try StreamingRecognizer(model: model)
        let heard = concurrentMap(reviewed.count, threads: threads) { index in
            Result { try Self.words(heardBy: model, in: reviewed[index].clip) }
        }
        var alarmCount = 0
        var missCount = 0
        for (example, words) in zip(reviewed, heard) {
            let words = try words.get()
            if words.contains(where: { $0 != example.said }) { alarmCount += 1 }
            if let said = example.said, !words.contains(said) { missCount += 1 }
        }
        falseAlarms = Proportion(count: alarmCount, total: reviewed.count)
        misses = Proportion(count: missCount, total: reviewed.count { $0.said != nil })
    }

    private static func words(heardBy model: CommandModel, in clip: KeptClip) throws -> Set<String> {
        // By the threshold that it was listened with, whatever that of the model is.
        var detection = model.detection ?? DetectionSettings()
        if model.labels.contains(clip.moment.word), (0...1).contains(clip.moment.threshold),
            clip.moment.threshold > 0
        {
            detection.thresholds[clip.moment.word] = clip.moment.threshold
        }
        let recognizer = try StreamingRecognizer(model: model, detection: detection)
        var stream = try AudioStream(.file(path: clip.soundPath), sampleRate: model.sampleRate)
        var block: [Float] = []
        var words: Set<String> = []
        let end = clip.moment.endInClip
        func note(_ detection: Detection) {
            if (end - Self.tolerance.before...end + Self.tolerance.behind).contains(detection.end) {
                words.insert(detection.label)
            }
        }
        while try stream.read(into: &block) { recognizer.push(block.span, onDetection: note) }
        recognizer.finish(onDetection: note)
        return words
    }
}
