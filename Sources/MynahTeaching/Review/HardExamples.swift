import MynahAudio
import MynahBase
import MynahData
import MynahModel

/// Reviewed moments as a labelled folder: each word with the moments at which it was said, and each other moment as a word of
/// its own, all of which are `_unknown_`.
enum HardExamples {
    /// How far the end of a window lies behind the moment, in seconds: windows of a word, and of anything else, which a stream
    /// hears wherever it lies.
    private static let wordOffsets = [0.0, 0.1]
    private static let otherOffsets = [-0.3, -0.15, 0, 0.15, 0.3]

    /// How far a word has to be away from a sound that is to hold none, in seconds: more than any kept sound lasts.
    private static let distanceSeconds = 10.0

    /// Of so many moments one is for validation.
    private static let moments = 5

    /// Writes the windows that the network heard.
    ///
    /// - Throws: `AudioError` where a kept sound cannot be read, `FileError` where a window cannot be written.
    static func write(_ reviewed: [ReviewedClip], of model: CommandModel, into folder: String) throws {
        for word in Set(reviewed.map { folderName(of: $0) }) { try makeFolder(folder.pathOf(word)) }
        var counts: [String?: Int] = [:]
        for example in reviewed {
            let number = counts[example.said, default: 0]
            counts[example.said] = number + 1
            let split: DataSplit = number % moments == moments - 1 ? .validation : .training
            let sound = try Waveform(
                contentsOf: .file(path: example.clip.soundPath), sampleRate: model.sampleRate,
                maximumDuration: 600)
            let place = folder.pathOf(folderName(of: example)).pathOf(speaker(of: example.clip, in: split))
            for (take, offset) in (example.said == nil ? otherOffsets : wordOffsets).enumerated() {
                let end = Int((example.clip.moment.endInClip + offset) * Double(model.sampleRate))
                let range = max(0, end - model.clipSampleCount)..<max(0, min(sound.samples.count, end))
                guard range.count > model.clipSampleCount / 2 else { continue }
                try WAVEncoding.integer16.write(
                    Array(sound.samples[range]), sampleRate: model.sampleRate,
                    to: "\(place)\(SpeakerSplit.separator)\(take).wav")
            }
        }
    }

    /// The sounds of moments at which no word was said, with no other moment of the same source near, at which one was: all of
    /// such a sound is speech or noise without a word.
    static func recordingsWithoutWords(_ reviewed: [ReviewedClip]) -> [NegativeRecordings.File] {
        let said = Dictionary(grouping: reviewed.filter { $0.said != nil }, by: \.clip.moment.source)
        return reviewed.filter { example in
            example.said == nil
                && !(said[example.clip.moment.source] ?? []).contains {
                    abs($0.clip.moment.end - example.clip.moment.end) < distanceSeconds
                }
        }.map { NegativeRecordings.File(path: $0.clip.soundPath, name: $0.clip.name) }
    }

    private static func folderName(of example: ReviewedClip) -> String { example.said ?? example.clip.name }

    /// A name of a speaker that the rule puts into a split.
    private static func speaker(of clip: KeptClip, in split: DataSplit) -> String {
        let names = (0...).lazy.map { "kept-\(clip.name)-\($0)" }
        return names.first { SpeakerSplit.split(ofFileName: $0 + SpeakerSplit.separator) == split }
            ?? clip.name
    }
}
