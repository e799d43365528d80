import Glibc
import MynahAudio
import MynahBase

/// Turns what a user names on the command line into sources of sound.
enum AudioArguments {
    /// The paths that match a pattern such as `*.wav`, sorted, or the argument itself when it is no pattern.
    ///
    /// A shell expands patterns by itself, but hands on those that match nothing or stand in quotation marks. What
    /// exists under the very name of a pattern is taken for that file.
    ///
    /// - Throws: ``CommandError/noMatch(pattern:)``.
    static func paths(matching argument: String) throws(CommandError) -> [String] {
        guard argument.utf8.contains(where: "*?[".utf8.contains),
            FileStatus(of: argument, followsLinks: false) == nil
        else {
            return [argument]
        }
        var matches = glob_t()
        defer { globfree(&matches) }
        guard argument.withPath({ glob($0, 0, nil, &matches) }) == 0 else {
            throw .noMatch(pattern: argument)
        }
        return (0..<Int(matches.gl_pathc)).compactMap { index in
            matches.gl_pathv[index].map { String(path: $0) }
        }
    }

    /// The source of a file or of `-`, or those of all audio files in a folder, sorted by name.
    ///
    /// A file is taken as it is, whatever its name: whether it holds sound shows when it is read.
    static func sources(_ argument: String, rawSampleRate: Int?) throws -> [AudioSource] {
        if argument == "-" { return [.standardInput(rawSampleRate: rawSampleRate)] }
        guard FileKind(at: argument) == .folder else {
            return [.file(path: argument, rawSampleRate: rawSampleRate)]
        }
        let files = try namesInFolder(argument).filter { !$0.hasPrefix(".") && AudioFileName.isAudio($0) }
        guard !files.isEmpty else { throw CommandError.noAudioFiles(folder: argument) }
        return files.map { .file(path: argument.pathOf($0), rawSampleRate: rawSampleRate) }
    }
}
