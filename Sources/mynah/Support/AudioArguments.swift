import Glibc
import MynahAudio

/// Turns what a user names on the command line into sources of sound.
enum AudioArguments {
    /// The paths that match a pattern such as `*.wav`, sorted, or the argument itself when it is no pattern.
    ///
    /// A shell expands patterns by itself, but hands on those that match nothing or stand in quotation marks. What
    /// exists under the very name of a pattern is taken for that file.
    ///
    /// - Throws: ``CommandError/noMatch(pattern:)``.
    static func paths(matching argument: String) throws(CommandError) -> [String] {
        var status = stat()
        guard argument.utf8.contains(where: "*?[".utf8.contains), lstat(argument, &status) != 0 else {
            return [argument]
        }
        var matches = glob_t()
        defer { globfree(&matches) }
        guard glob(argument, 0, nil, &matches) == 0 else { throw .noMatch(pattern: argument) }
        return (0..<Int(matches.gl_pathc)).compactMap { index in
            matches.gl_pathv[index].map { String(cString: $0) }
        }
    }

    /// The source of a file or of `-`, or those of all audio files in a folder, sorted by name.
    ///
    /// A file is taken as it is, whatever its name: whether it holds sound shows when it is read.
    static func sources(_ argument: String, rawSampleRate: Int?) throws(CommandError) -> [AudioSource] {
        if argument == "-" { return [.standardInput(rawSampleRate: rawSampleRate)] }
        var status = stat()
        guard stat(argument, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            return [.file(path: argument, rawSampleRate: rawSampleRate)]
        }
        let files = try names(inFolder: argument).filter { !$0.hasPrefix(".") && AudioFileName.isAudio($0) }
        guard !files.isEmpty else { throw .noAudioFiles(folder: argument) }
        let prefix = argument.hasSuffix("/") ? argument : argument + "/"
        return files.map { .file(path: prefix + $0, rawSampleRate: rawSampleRate) }
    }

    /// The names of all entries of a folder, sorted.
    ///
    /// - Throws: ``CommandError/unreadableFolder(path:reason:)``.
    static func names(inFolder path: String) throws(CommandError) -> [String] {
        guard let folder = opendir(path) else {
            throw .unreadableFolder(path: path, reason: String(cString: strerror(errno)))
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            names.append(name)
        }
        return names.sorted()
    }
}
