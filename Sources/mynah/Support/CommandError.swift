import MynahText

/// What can go wrong in the program itself.
enum CommandError: Error, CustomStringConvertible {
    /// Standard output does not take what is written.
    case cannotWriteOutput(reason: String)

    /// A file cannot be created.
    case cannotWriteFile(path: String, reason: String)

    /// A folder was given that holds no audio files.
    case noAudioFiles(folder: String)

    /// No file has a name of this pattern.
    case noMatch(pattern: String)

    /// A folder could not be read.
    case unreadableFolder(path: String, reason: String)

    /// Training was stopped before any model was complete.
    case stoppedBeforeFirstModel

    /// Whether no further result can be told.
    var endsOutput: Bool {
        if case .cannotWriteOutput = self { return true }
        return false
    }

    var description: String {
        switch self {
        case .cannotWriteOutput(let reason): "standard output: cannot be written: \(reason)"
        case .cannotWriteFile(let path, let reason): "\(path.printable): cannot be written: \(reason)"
        case .noAudioFiles(let folder): "\(folder.printable): no audio files in this folder"
        case .noMatch(let pattern): "\(pattern.printable): no file matches"
        case .unreadableFolder(let path, let reason): "\(path.printable): cannot be read: \(reason)"
        case .stoppedBeforeFirstModel: "stopped within the first epoch: there is no model yet to keep"
        }
    }
}
