import Glibc
import MynahAudio
import MynahBase
import MynahData
import MynahFeatures

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

/// Finds the audio files of a folder, however deep they lie.
enum AudioTree {
    /// The file at `path`, or all audio files below it in order of their paths; what is passed over is told.
    ///
    /// - Throws: ``CommandError/noAudioFiles(folder:)``, `DataError`.
    static func files(below path: String) throws -> [AudioSource] {
        try negatives(below: path).map { .file(path: $0.path) }
    }

    /// The same files, each with the name of the folder that it lies in.
    static func clips(below path: String) throws -> [(word: String, file: AudioSource)] {
        try negatives(below: path).map {
            ($0.path.split(separator: "/").dropLast().last.map(String.init) ?? "", .file(path: $0.path))
        }
    }

    /// The same files for training, their names those within `path`.
    static func negatives(below path: String) throws -> [NegativeRecordings.File] {
        let tree = try RecordingTree(at: path)
        for note in tree.notes { Terminal.note("note: \(note)") }
        guard !tree.files.isEmpty else { throw CommandError.noAudioFiles(folder: path) }
        return tree.files
    }
}

/// A sound at the rate of a front end, in blocks or, if the front end needs the whole clip, in one.
struct SoundBlocks: ~Copyable {
    /// Longest sound for a front end that needs the whole clip, in seconds.
    static let maximumWholeClipSeconds = 600.0

    private var stream: AudioStream?
    private var whole: [Float]?

    /// Opens a source, and reads it if it is needed as a whole.
    init(_ source: AudioSource, channel: ChannelSelection, frontEnd: FrontEndConfiguration) throws {
        do throws(FeatureError) {
            try frontEnd.validateStreamable()
        } catch {
            let reason = error
            do throws(AudioError) {
                let waveform = try Waveform(
                    contentsOf: source, sampleRate: frontEnd.sampleRate, channel: channel,
                    maximumDuration: Self.maximumWholeClipSeconds)
                stream = nil
                whole = waveform.samples
                return
            } catch .tooLong(let file, let seconds, let limit) {
                throw CommandError.tooLongForWholeClip(
                    file: file, seconds: seconds, limit: limit, reason: "\(reason)")
            }
        }
        stream = try AudioStream(source, sampleRate: frontEnd.sampleRate, channel: channel)
        whole = nil
    }

    /// Replaces `block` by the next samples; false at the end.
    mutating func read(into block: inout [Float]) throws(AudioError) -> Bool {
        if let isRead = try stream?.read(into: &block) { return isRead }
        guard let samples = whole else { return false }
        block = samples
        whole = nil
        return true
    }
}
