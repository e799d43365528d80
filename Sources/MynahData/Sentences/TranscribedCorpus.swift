import MynahAudio
import MynahBase

/// A folder of recorded sentences with what is said in each.
///
/// Three layouts are read, the first that is there:
/// - a table `transcripts.tsv`: path, speaker and text, separated by tabs; a first line may name the columns, in any order;
/// - Common Voice's `validated.tsv`, its recordings in `clips`;
/// - LibriSpeech's folders: `<speaker>/<chapter>` with recordings and a list `*.trans.txt`, whose lines begin with the name of
///   a recording without its extension.
///
/// A sentence that cannot be used is passed over and told, with the file and the line.
package struct TranscribedCorpus: Sendable {
    /// The folder, as it was given.
    package let path: String

    /// The sentences, by the bytes of their names.
    package let sentences: [Sentence]

    /// What is not used, and why.
    package let passedOver: PassedOver

    /// What is read of the folder, as paths: its lists or its table, and all recordings in it.
    package let files: [String]

    /// What the user should know of the folder as a whole, one line each, safe to print.
    package let notes: [String]

    /// Folders within folders that are looked into.
    private static let depth = 16

    /// Looks through a folder, without opening any recording.
    ///
    /// - Throws: `DataError.folderNotFound`, `.notACorpus`, `.unreadable`, `.tooManyFolders`, `.badTable`, or
    ///   `.noSentences`.
    package init(scanning path: String) throws(DataError) {
        let tree: FolderTree
        do throws(DataError) {
            tree = try FolderTree(of: path, depth: Self.depth)
        } catch .notAFolder {
            throw .notACorpus(path: path)
        }
        var reader = TranscriptReader(path: path, tree: tree)
        if let table = TranscriptTable.Kind.allCases.first(where: { kind in
            tree.root.files.contains { $0.name == kind.rawValue }
        }) {
            try reader.read(table)
        } else {
            reader.readLists()
        }
        self.path = path
        sentences = reader.sentences.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        passedOver = reader.passedOver
        files = reader.texts + reader.recordings.map { path.pathOf($0.name) }
        notes = tree.notes(below: path) + reader.notes
        guard !sentences.isEmpty else {
            throw .noSentences(
                folder: path, recordingCount: reader.recordings.count, firstFault: passedOver.lines.first)
        }
    }

    /// Brings folders together: a recording that lies in several of them is used once.
    package static func sentences(of corpora: [TranscribedCorpus]) -> (
        sentences: [Sentence], passedOver: PassedOver
    ) {
        var seen: Set<String> = []
        var sentences: [Sentence] = []
        var passedOver = PassedOver()
        for corpus in corpora {
            for sentence in corpus.sentences {
                // What has gone since the folder was looked through is told when it is decoded.
                if corpora.count > 1, let file = resolvedPath(sentence.path), !seen.insert(file).inserted {
                    passedOver.add("\(sentence.path.printable): is in another of the folders already")
                } else {
                    sentences.append(sentence)
                }
            }
        }
        return (sentences, passedOver)
    }
}

/// Gathers the sentences of one folder.
private struct TranscriptReader {
    private(set) var sentences: [Sentence] = []
    private(set) var passedOver = PassedOver()
    private(set) var notes: [String] = []

    /// The lists or the table, as paths.
    private(set) var texts: [String] = []

    /// Files in the tree that may hold audio, by their places in it.
    let recordings: [(name: String, byteCount: Int)]

    let path: String
    let tree: FolderTree

    /// The name of the folder itself; nil for the root of the file system.
    private let ownName: String?

    /// The longest list or table that is read, in bytes: some millions of sentences.
    private static let maximumByteCount = 1 << 29

    init(path: String, tree: FolderTree) {
        self.path = path
        self.tree = tree
        recordings = tree.folders.flatMap { folder in
            folder.files.filter { AudioFileName.mayHoldAudio($0.name) }.map {
                (folder.place(of: $0.name), $0.byteCount)
            }
        }
        ownName = resolvedPath(path)?.split(separator: "/").last.map(String.init)
    }

    private mutating func lines(of file: String) throws(DataError) -> [TextLines.Line] {
        texts.append(file)
        do throws(TextFault) {
            return try TextLines(contentsOf: file, limitBytes: Self.maximumByteCount).lines
        } catch {
            throw .badTable(path: file, reason: error.description)
        }
    }

    // MARK: - A table

    mutating func read(_ kind: TranscriptTable.Kind) throws(DataError) {
        let file = path.pathOf(kind.rawValue)
        let lines = try lines(of: file)
        let table: TranscriptTable
        do throws(TranscriptTable.Fault) {
            table = try TranscriptTable(lines: lines, kind: kind)
        } catch {
            throw .badTable(path: file, reason: error.description)
        }
        for fault in table.faults { passedOver.add("\(file.printable): \(fault.description)") }
        var recordings = Dictionary(recordings.map { ($0.name, $0.byteCount) }, uniquingKeysWith: { $1 })
        for row in table.rows {
            let name = kind.names(of: row.path).first { recordings[$0] != nil }
            guard let name, let byteCount = recordings.removeValue(forKey: name) else {
                passedOver.add(
                    "\(file.printable): line \(row.line): no recording \(row.path.quoted) in the folder")
                continue
            }
            add(
                Sentence.Source(name: name, speaker: row.speaker, written: row.text, byteCount: byteCount),
                place: "\(file.printable): line \(row.line)")
        }
        tellOthers(
            recordings.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) },
            areExpected: kind == .commonVoice, table: file)
    }

    // MARK: - LibriSpeech

    /// The ending of the lists of LibriSpeech.
    private static let listEnding = ".trans.txt"

    mutating func readLists() {
        for folder in tree.folders {
            var recordings: [String: [FolderListing.Entry]] = [:]
            for entry in folder.files where AudioFileName.mayHoldAudio(entry.name) {
                recordings[String(entry.name.withoutFileExtension), default: []].append(entry)
            }
            var lineOfName: [String: String] = [:]
            for list in folder.files where list.name.hasSuffix(Self.listEnding) {
                do throws(DataError) {
                    try read(
                        path.pathOf(folder.place(of: list.name)), in: folder, of: &recordings,
                        lineOfName: &lineOfName)
                } catch {
                    passedOver.add(error.description)
                }
            }
            tellOthers(
                recordings.values.flatMap { $0 }.map { folder.place(of: $0.name) }.sorted {
                    $0.utf8.lexicographicallyPrecedes($1.utf8)
                })
        }
    }

    private mutating func read(
        _ file: String, in folder: FolderTree.Folder, of recordings: inout [String: [FolderListing.Entry]],
        lineOfName: inout [String: String]
    ) throws(DataError) {
        for line in try lines(of: file) {
            let parts = line.text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
            guard let first = parts.first else { continue }
            let name = String(first)
            let place = "\(file.printable): line \(line.number)"
            if let other = lineOfName.updateValue(place, forKey: name) {
                passedOver.add("\(place): \(name.quoted) stands in \(other) already")
                continue
            }
            guard let entries = recordings.removeValue(forKey: name) else {
                passedOver.add("\(place): no recording \(name.quoted) beside the list")
                continue
            }
            guard entries.count == 1 else {
                passedOver.add(
                    "\(place): \(counted(entries.count, "recording")) of the name \(name.quoted), expected one: "
                        + listed(entries.map(\.name), limit: 4))
                continue
            }
            add(
                Sentence.Source(
                    name: folder.place(of: entries[0].name),
                    speaker: speaker(of: folder, name: name),
                    written: parts.count > 1 ? String(parts[1]) : "", byteCount: entries[0].byteCount),
                place: place)
        }
    }

    /// The folder that holds that of the chapter; where that is not within the set, what the name begins with.
    private func speaker(of folder: FolderTree.Folder, name: String) -> String {
        let parts = folder.path.split(separator: "/")
        if parts.count >= 2 { return String(parts[parts.count - 2]) }
        if parts.count == 1, let ownName { return ownName }
        return String(name.split(separator: "-").first ?? name[...])
    }

    // MARK: - Both

    private mutating func add(_ source: Sentence.Source, place: String) {
        if let fault = Sentence.fault(ofSpeaker: source.speaker) {
            passedOver.add("\(place): \(fault)")
            return
        }
        do throws(TranscriptText.Fault) {
            sentences.append(
                Sentence(
                    path: path.pathOf(source.name), name: source.name, speaker: source.speaker,
                    text: try TranscriptText(normalising: source.written).text, byteCount: source.byteCount))
        } catch {
            passedOver.add("\(place): \(error.reason)")
        }
    }

    private mutating func tellOthers(_ names: [String], areExpected: Bool = false, table: String = "") {
        guard !areExpected else {
            if !names.isEmpty {
                notes.append(
                    "\(table.printable): does not name \(counted(names.count, "recording")) of the folder")
            }
            return
        }
        for name in names { passedOver.add("\(path.pathOf(name).printable): a recording without a text") }
    }
}

extension Sentence {
    /// What a list or a table says of a recording.
    fileprivate struct Source {
        let name: String
        let speaker: String
        let written: String
        let byteCount: Int
    }
}
