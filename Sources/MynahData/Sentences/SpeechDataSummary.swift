import MynahBase
package import MynahModel

/// What a speech model is trained on, and judged by: sentences, speakers and hours of each folder and split.
package struct SpeechDataSummary: Sendable {
    /// Sentences of one folder in one split.
    package struct Part: Sendable {
        /// How many.
        package internal(set) var sentenceCount = 0

        /// Who speaks.
        package internal(set) var speakers: Set<String> = []

        /// Their length together, in seconds.
        package internal(set) var seconds = 0.0
    }

    /// One folder.
    package struct Folder: Sendable {
        /// Its path, as it was given.
        package let path: String

        /// What of it is in each split; testing sentences are not decoded, and have no length.
        package internal(set) var parts: [DataSplit: Part]
    }

    /// The folders, as they were given.
    package let folders: [Folder]

    /// What is spelled with.
    package let symbols: SymbolTable

    /// How speakers were divided, in words.
    package let splitRule: String

    /// SHA-256 over names, sizes and texts of the sentences that are used, in 64 hexadecimal digits.
    package let dataHash: String

    /// Gathers what is in use.
    ///
    /// - Parameters:
    ///   - corpora: the folders.
    ///   - stores: the sentences that could be decoded, by split.
    ///   - testing: those that are left aside.
    package init(
        corpora: [TranscribedCorpus], stores: [(split: DataSplit, store: SentenceStore)], testing: [Sentence],
        symbols: SymbolTable, splitRule: String
    ) {
        var folderOfFile: [String: Int] = [:]
        for (index, corpus) in corpora.enumerated() {
            for sentence in corpus.sentences {
                folderOfFile[sentence.path] = folderOfFile[sentence.path] ?? index
            }
        }
        var folders = corpora.map { Folder(path: $0.path, parts: [:]) }
        var lines: [String] = []
        func add(_ sentence: Sentence, _ split: DataSplit, seconds: Double) {
            guard let index = folderOfFile[sentence.path] else { return }
            var part = folders[index].parts[split] ?? Part()
            part.sentenceCount += 1
            part.speakers.insert(sentence.speaker)
            part.seconds += seconds
            folders[index].parts[split] = part
            if split != .testing {
                lines.append("\(split)\t\(sentence.name)\t\(sentence.byteCount)\t\(sentence.text)")
            }
        }
        for (split, store) in stores {
            for (sentence, count) in zip(store.sentences, store.sampleCounts) {
                add(sentence, split, seconds: Double(count) / Double(store.sampleRate))
            }
        }
        for sentence in testing { add(sentence, .testing, seconds: 0) }
        self.folders = folders
        self.symbols = symbols
        self.splitRule = splitRule
        dataHash = SHA256.hexDigest(of: Array(lines.joined(separator: "\n").utf8))
    }

    /// The counts as a model keeps them: the name of each folder, and its sentences.
    package var provenance: TrainingProvenance.TrainingData {
        TrainingProvenance.TrainingData(
            clips: folders.map { folder in
                func count(_ split: DataSplit) -> Int { folder.parts[split]?.sentenceCount ?? 0 }
                // A link is known by its own name.
                let given = folder.path.utf8.split(separator: UInt8(ascii: "/")).last.map {
                    String(Substring($0))
                }
                let resolved = String((resolvedPath(folder.path) ?? folder.path).pathName)
                return .init(
                    label: given.flatMap { [".", ".."].contains($0) ? nil : $0 } ?? resolved,
                    training: count(.training),
                    validation: count(.validation),
                    testing: count(.testing))
            })
    }

    /// Sentences, speakers and seconds of one split in all folders.
    package func total(_ split: DataSplit) -> Part {
        folders.reduce(into: Part()) { total, folder in
            guard let part = folder.parts[split] else { return }
            total.sentenceCount += part.sentenceCount
            total.speakers.formUnion(part.speakers)
            total.seconds += part.seconds
        }
    }
}
