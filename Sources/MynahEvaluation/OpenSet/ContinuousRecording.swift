package import MynahAudio

/// Audio in which words are to be detected: one recording whose words are known, or files without commands.
package struct ContinuousRecording: Sendable {
    /// What it is called in reports.
    package let name: String

    /// The files, which are heard one after another without a pause, as one recording.
    package let files: [AudioSource]

    /// The words that are spoken; nil for audio without commands.
    package let truth: TruthTable?

    /// The table of words, for messages.
    let truthName: String

    /// Most streams that the files of a recording are shared out to, so that they can be heard on several cores.
    ///
    /// It is fixed, so that the figures do not depend on the number of cores.
    static let streamLimit = 16

    /// A recording whose words are known; `truthName` stands for their table in messages.
    package init(_ source: AudioSource, truth: TruthTable, truthName: String) {
        name = source.name
        files = [source]
        self.truth = truth
        self.truthName = truthName
    }

    /// Files without commands, in the order in which they are heard.
    package init(withoutCommands files: [AudioSource], name: String) {
        self.name = name
        self.files = files
        truth = nil
        truthName = ""
    }

    /// The files in up to ``streamLimit`` streams of neighbours.
    var streams: [ArraySlice<AudioSource>] {
        let length = max(1, (files.count + Self.streamLimit - 1) / Self.streamLimit)
        return stride(from: 0, to: files.count, by: length).map {
            files[$0..<min(files.count, $0 + length)]
        }
    }
}
