import Glibc
import MynahAudio
import MynahData

/// Finds the audio files of a folder, however deep they lie.
enum AudioTree {
    /// Folders within folders that are looked into.
    private static let depthLimit = 64

    /// The file at `path`, or all audio files below it in order of their paths; hidden ones are passed over, and links to
    /// folders are not followed, since they may go round in circles.
    ///
    /// - Throws: ``CommandError/noAudioFiles(folder:)``, ``CommandError/unreadableFolder(path:reason:)``.
    static func files(below path: String) throws(CommandError) -> [AudioSource] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return [.file(path: path)]
        }
        var files: [String] = []
        try collect(path, depth: 0, into: &files)
        guard !files.isEmpty else { throw .noAudioFiles(folder: path) }
        return files.map { .file(path: $0) }
    }

    /// The same files for training, their names those within `path`.
    static func negatives(below path: String) throws(CommandError) -> [NegativeRecordings.File] {
        try files(below: path).map { file in
            let inner = file.name.hasPrefix(path) ? file.name.dropFirst(path.count).drop { $0 == "/" } : ""
            let last = file.name.split(separator: "/").last.map(String.init) ?? file.name
            return NegativeRecordings.File(path: file.name, name: inner.isEmpty ? last : String(inner))
        }
    }

    private static func collect(
        _ folder: String, depth: Int, into files: inout [String]
    ) throws(CommandError) {
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        for name in try AudioArguments.names(inFolder: folder) where !name.hasPrefix(".") {
            let path = prefix + name
            var status = stat()
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                if depth < depthLimit { try collect(path, depth: depth + 1, into: &files) }
            } else if AudioFileName.mayHoldAudio(name) {
                files.append(path)
            }
        }
    }
}
