import MynahAudio
import MynahBase
import MynahData

/// Finds the audio files of a folder, however deep they lie.
enum AudioTree {
    /// The file at `path`, or all audio files below it in order of their paths; what is passed over is told.
    ///
    /// - Throws: ``CommandError/noAudioFiles(folder:)``, `DataError`.
    static func files(below path: String) throws -> [AudioSource] {
        try negatives(below: path).map { .file(path: $0.path) }
    }

    /// The same files for training, their names those within `path`.
    static func negatives(below path: String) throws -> [NegativeRecordings.File] {
        let tree = try RecordingTree(at: path)
        for note in tree.notes { Terminal.note("note: \(note)") }
        guard !tree.files.isEmpty else { throw CommandError.noAudioFiles(folder: path) }
        return tree.files
    }
}
