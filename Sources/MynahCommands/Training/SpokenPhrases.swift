import MynahBase
import MynahTeaching
import MynahTraining

/// The clips of phrases that are learnt from text alone.
struct SpokenPhrases {
    /// The folder of the phrases, and that of near ones.
    let clips: String
    let near: String

    /// The length of a window that holds the phrases, in seconds.
    let windowSeconds: Double

    /// Speaks phrases into a folder, unless they are of a training that goes on, which has spoken them before.
    init(_ phrases: [String], seed: UInt64, into folder: String, isSpoken: Bool) throws {
        clips = folder.pathOf("clips")
        near = folder.pathOf("near")
        if isSpoken {
            windowSeconds = try PhraseSynthesis.windowSeconds(ofClipsIn: clips)
            return
        }
        var settings = PhraseSynthesis.Settings()
        settings.seed = seed
        windowSeconds = try SynthesisReport.speak(
            PhraseSynthesis(of: phrases, settings: settings), into: clips, near: near
        ).windowSeconds
    }
}
