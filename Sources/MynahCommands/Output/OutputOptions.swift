import ArgumentParser
import Glibc
import MynahBase
import MynahModel

/// What may be replaced where a command writes: by itself nothing but what mynah has made.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Replace files that are there already, also those that mynah has not made.")
    var force = false

    /// Checks what the command line says of the files that a command writes: each has a name of its own, which is none of
    /// those that are read, and `-` stands only where standard output can take what is written.
    func checkNames(_ outputs: [OutputFile], reading inputs: [String] = []) throws(ValidationError) {
        var options: [String: String] = [:]
        for output in outputs {
            if output.path.isEmpty {
                throw ValidationError("\(output.option) is empty, expected a file name")
            }
            if output.isStandardOutput, !output.mayBeStandardOutput {
                throw ValidationError(
                    "\(output.option) - would be standard output, which cannot take it; for a file of that name, write ./-"
                )
            }
            if let other = options.updateValue(output.option, forKey: output.path) {
                throw ValidationError("\(other) and \(output.option) name the same file")
            }
            if !output.isStandardOutput, inputs.contains(output.path) {
                throw ValidationError(
                    "\(output.option) would replace \(output.path.printable), which is read")
            }
        }
    }

    /// Makes sure, before long work starts, that all files can be written, and that none of them replaces what the user
    /// would miss: a file that is read, or, without `--force`, one that mynah cannot know to be its own.
    ///
    /// An empty file is replaced, as `mktemp` makes one.
    func check(_ outputs: [OutputFile], reading inputs: [String] = []) throws {
        var options: [String: String] = [:]
        lazy var identities = Set(inputs.compactMap { FileStatus(of: $0)?.identity })
        for output in outputs where !output.isStandardOutput {
            let target = try output.target()
            if let other = options.updateValue(output.option, forKey: target), other != output.option {
                throw CommandError.sameOutput(path: output.path, options: [other, output.option])
            }
            guard let old = FileStatus(of: target) else { continue }
            if identities.contains(old.identity) {
                throw CommandError.replacesInput(option: output.option, path: output.path)
            }
            guard force || old.byteCount == 0 || output.content.isOwn(target) else {
                throw CommandError.replacesOther(path: output.path)
            }
        }
    }
}

/// A file that a command writes.
struct OutputFile {
    /// What is written.
    enum Content {
        /// A model, which mynah knows by its metadata.
        case model
        /// A page of HTML, which mynah knows by its generator.
        case page
        /// Text, numbers, a drawing or a sound, as other programs make them, too.
        case other

        /// Whether the file at `path` was made by mynah, and may be made anew without asking.
        func isOwn(_ path: String) -> Bool {
            switch self {
            case .model: ModelKind.isModel(at: path)
            case .page: Self.isPage(path)
            case .other: false
            }
        }

        private static func isPage(_ path: String) -> Bool {
            guard let file = try? RegularFile(opening: path),
                let start = try? file.bytes(at: 0, count: 1024)
            else { return false }
            return String(decoding: start, as: UTF8.self).contains(#"<meta name="generator" content="Mynah "#)
        }
    }

    /// The option that names it.
    let option: String
    let path: String
    let content: Content

    /// Whether `-` stands for standard output, which nothing else is written to then.
    let mayBeStandardOutput: Bool

    /// What an option names; nil without it.
    init?(_ option: String, _ path: String?, _ content: Content, mayBeStandardOutput: Bool = false) {
        guard let path else { return nil }
        self.option = option
        self.path = path
        self.content = content
        self.mayBeStandardOutput = mayBeStandardOutput
    }

    /// Whether it is no file, but standard output.
    var isStandardOutput: Bool { path == "-" }

    /// Where the file will lie, links followed, if it can be written there.
    ///
    /// - Throws: `FileError.unwritable`.
    fileprivate func target() throws(FileError) -> String {
        if let kind = FileKind(at: path), kind != .regular {
            throw .unwritable(path: path, reason: "is no regular file")
        }
        let end = try linkEnd(path)
        let folder = end.pathFolder
        guard let status = FileStatus(of: folder) else {
            throw .unwritable(path: path, reason: "the folder \(folder.printable) does not exist")
        }
        guard status.kind == .folder else {
            throw .unwritable(path: path, reason: "\(folder.printable) is no folder")
        }
        // For instance a name that is too long.
        guard FileStatus(of: end) != nil || errno == ENOENT else {
            throw .unwritable(path: path, reason: systemMessage())
        }
        guard folder.withPath({ access($0, W_OK | X_OK) }) == 0 else {
            throw .unwritable(path: path, reason: systemMessage())
        }
        return (resolvedPath(folder) ?? folder).pathOf(end.pathName)
    }
}
