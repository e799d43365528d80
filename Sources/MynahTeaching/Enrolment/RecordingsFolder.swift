import FoundationEssentials
import Glibc
import MynahAudio
import MynahBase
import MynahData
import MynahModel

/// The recordings of the words that a model was taught, beside the model: `<word>/<speaker>_nohash_<take>.<extension>`, as
/// `mynah train` reads them.
///
/// Nothing is ever deleted in it: what is forgotten moves to a hidden folder, from where it comes back when the change is undone.
/// The list of changes is a file, written before what it says is done; a change that was interrupted can be undone like any
/// other.
struct RecordingsFolder: Sendable {
    /// A recording of a word.
    struct Take: Hashable, Sendable {
        let word: String

        /// Its name in the folder of the word.
        let name: String

        /// Who speaks.
        var speaker: String { SpeakerSplit.speaker(ofFileName: name) ?? name }

        /// Where it lies within the folder.
        var place: String { "\(word)/\(name)" }
    }

    /// Something that was changed.
    enum Change: Codable, Hashable, Sendable {
        case taught(word: String, takes: [String])
        case forgot(word: String, takes: [String], place: String)
        case renamed(word: String, to: String)
    }

    fileprivate static let historyName = ".history.json"
    private static let removedName = ".removed"
    private static let lockName = ".lock"
    private static let historyLimit = 1 << 24

    /// Where it lies.
    let path: String

    /// The folder that belongs to a model: `mine.recordings` to `mine.safetensors`.
    init(besideModel model: String) {
        path = "\(model.withoutFileExtension).recordings"
    }

    /// The recordings, words by the bytes of their names, and those of each by theirs.
    func takes() throws(EnrolmentError) -> [Take] {
        guard FileKind(at: path) != nil else { return [] }
        return try EnrolmentError.ofFile { () throws(FileError) in
            var takes: [Take] = []
            for word in try namesInFolder(path)
            where !word.hasPrefix(".") && word != StandardLabel.backgroundNoiseFolder
                && FileKind(at: path.pathOf(word)) == .folder
            {
                for name in try namesInFolder(path.pathOf(word))
                where !name.hasPrefix(".") && AudioFileName.isAudio(name) {
                    takes.append(Take(word: word, name: name))
                }
            }
            return takes
        }
    }

    /// The words, by the bytes of their names, with the names of their recordings.
    func words() throws(EnrolmentError) -> [(word: String, takes: [String])] {
        let takes = try takes()
        return EnrolmentFit.words(of: takes).map { word in
            (word, takes.filter { $0.word == word }.map(\.name))
        }
    }

    /// The path of a recording.
    func path(of take: Take) -> String { path.pathOf(take.place) }

    /// Makes the folder, unless it is there.
    func make() throws(EnrolmentError) {
        _ = try EnrolmentError.ofFile { () throws(FileError) in try makeFolder(path) }
    }

    /// Keeps others from changing it as long as what is returned lives.
    func lock() throws(EnrolmentError) -> Lock {
        try make()
        let file = path.pathOf(Self.lockName)
        let descriptor = file.withPath { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
        guard descriptor >= 0 else { throw .file(.unwritable(path: file, reason: systemMessage())) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(folder: path)
        }
        return Lock(holding: descriptor, file: file, folder: path)
    }

    /// Holds a folder, until it is let go of or the process ends.
    final class Lock: Sendable {
        private let descriptor: CInt
        private let file: String
        private let folder: String

        fileprivate init(holding descriptor: CInt, file: String, folder: String) {
            self.descriptor = descriptor
            self.file = file
            self.folder = folder
        }

        deinit {
            // A folder that nothing was put into goes again.
            if !fileExists(folder.pathOf(RecordingsFolder.historyName)) {
                _ = file.withPath { unlink($0) }
                _ = folder.withPath { rmdir($0) }
            }
            close(descriptor)
        }
    }

    // MARK: - Changes

    /// Adds recordings of a word, each as a file of its own; either all of them are there afterwards, or an error says why not.
    ///
    /// - Parameter sounds: the bytes of each with the ending of its name.
    func add(
        _ sounds: [(bytes: [UInt8], fileExtension: String)], of word: String, speakers: [String]
    ) throws(EnrolmentError) -> [Take] {
        try make()
        var takes: [Take] = []
        var used = Set(
            try self.takes().filter { $0.word == word }.map { String($0.name.withoutFileExtension) })
        for (sound, speaker) in zip(sounds, speakers) {
            var number = 0
            while used.contains("\(speaker)\(SpeakerSplit.separator)\(number)") { number += 1 }
            let stem = "\(speaker)\(SpeakerSplit.separator)\(number)"
            used.insert(stem)
            takes.append(Take(word: word, name: "\(stem).\(sound.fileExtension)"))
        }
        try note(.taught(word: word, takes: takes.map(\.name)))
        return try EnrolmentError.ofFile { () throws(FileError) in
            try makeFolder(path.pathOf(word))
            for (take, sound) in zip(takes, sounds) { try AtomicFile.write(sound.bytes, to: path(of: take)) }
            return takes
        }
    }

    /// Puts recordings aside.
    func remove(_ takes: [Take], of word: String) throws(EnrolmentError) {
        var number = 0
        while fileExists(path.pathOf("\(Self.removedName)/\(number)")) { number += 1 }
        let place = "\(Self.removedName)/\(number)"
        try note(.forgot(word: word, takes: takes.map(\.name), place: place))
        try EnrolmentError.ofFile { () throws(FileError) in
            try makeFolder(path.pathOf(Self.removedName))
            try makeFolder(path.pathOf(place))
            for take in takes { try move(take.place, to: "\(place)/\(take.name)") }
        }
        removeIfEmpty(word)
    }

    /// Gives a word another name, under which there is none yet.
    func rename(_ word: String, to name: String) throws(EnrolmentError) {
        try note(.renamed(word: word, to: name))
        try EnrolmentError.ofFile { () throws(FileError) in try move(word, to: name) }
    }

    /// Undoes the last change.
    func undo() throws(EnrolmentError) -> Change {
        var history = try history()
        guard let change = history.popLast() else { throw .nothingToUndo(folder: path) }
        switch change {
        case .taught(let word, let names):
            var number = 0
            while fileExists(path.pathOf("\(Self.removedName)/\(number)")) { number += 1 }
            try EnrolmentError.ofFile { () throws(FileError) in
                let place = "\(Self.removedName)/\(number)"
                try makeFolder(path.pathOf(Self.removedName))
                try makeFolder(path.pathOf(place))
                for name in names where fileExists(path.pathOf("\(word)/\(name)")) {
                    try move("\(word)/\(name)", to: "\(place)/\(name)")
                }
            }
            removeIfEmpty(word)
        case .forgot(let word, let names, let place):
            try EnrolmentError.ofFile { () throws(FileError) in
                try makeFolder(path.pathOf(word))
                for name in names where fileExists(path.pathOf("\(place)/\(name)")) {
                    try move("\(place)/\(name)", to: "\(word)/\(name)")
                }
            }
            removeIfEmpty(place)
        case .renamed(let word, let name):
            if fileExists(path.pathOf(name)) {
                try EnrolmentError.ofFile { () throws(FileError) in try move(name, to: word) }
            }
        }
        try write(history)
        return change
    }

    private func move(_ place: String, to other: String) throws(FileError) {
        let (from, to) = (path.pathOf(place), path.pathOf(other))
        guard !fileExists(to) else { throw .unwritable(path: to, reason: "is there already") }
        guard from.withPath({ from in to.withPath { Glibc.rename(from, $0) } }) == 0 else {
            throw .unwritable(path: to, reason: systemMessage())
        }
    }

    private func removeIfEmpty(_ place: String) {
        _ = path.pathOf(place).withPath { rmdir($0) }
    }

    /// The changes so far, the last one last.
    func history() throws(EnrolmentError) -> [Change] {
        let file = path.pathOf(Self.historyName)
        guard fileExists(file) else { return [] }
        let bytes = try EnrolmentError.ofFile { () throws(FileError) in
            try RegularFile.contents(of: file, limitBytes: Self.historyLimit)
        }
        guard let changes = try? JSONDecoder().decode([Change].self, from: Data(bytes)),
            changes.allSatisfy(\.isWithinFolder)
        else { throw .badHistory(path: file) }
        return changes
    }

    private func note(_ change: Change) throws(EnrolmentError) {
        try make()
        try write(try history() + [change])
    }

    private func write(_ history: [Change]) throws(EnrolmentError) {
        guard let text = try? jsonText(history, pretty: true) else {
            preconditionFailure("a list of changes that is no JSON")
        }
        try EnrolmentError.ofFile { () throws(FileError) in
            try AtomicFile.write(Array("\(text)\n".utf8), to: path.pathOf(Self.historyName))
        }
    }
}

extension RecordingsFolder.Change {
    /// Whether all that it names lies in the folder, which a file from elsewhere need not say.
    fileprivate var isWithinFolder: Bool {
        func isName(_ name: String) -> Bool {
            !name.isEmpty && name != "." && name != ".." && !name.utf8.contains(UInt8(ascii: "/"))
        }
        return switch self {
        case .taught(let word, let takes): ([word] + takes).allSatisfy(isName)
        case .forgot(let word, let takes, let place):
            ([word] + takes).allSatisfy(isName)
                && place.split(separator: "/").count == 2 && place.hasPrefix(".removed/")
                && isName(String(place.dropFirst(".removed/".count)))
        case .renamed(let word, let name): isName(word) && isName(name)
        }
    }
}
