package import MynahBase
package import MynahData
package import MynahModel
import MynahNetwork

/// How well a model spells sentences: symbols and words that are wrong, by speaker and over all.
package struct SpeechEvaluation: Codable, Sendable {
    /// Errors in what was spelled, against what was said.
    package struct ErrorRate: Codable, Hashable, Sendable {
        /// Symbols or words that were taken for others.
        package let substitutions: Int

        /// Those that nobody said.
        package let insertions: Int

        /// Those that were left out.
        package let deletions: Int

        /// Those that were said, at least 1.
        package let total: Int

        /// Errors for each that was said; more than 1 where more is wrong than was said.
        package let value: Double

        /// The 95 % interval of `value`, whole speakers being drawn; nil with fewer than two speakers, or where all are alike.
        package let interval: Interval?
    }

    /// What was spelled of one speaker.
    package struct Speaker: Codable, Hashable, Sendable {
        /// The name.
        package let name: String

        /// Sentences, and their length together in seconds.
        package let sentences: Int
        package let seconds: Double

        /// Errors, and what was said.
        package let symbolErrors: Int
        package let symbols: Int
        package let wordErrors: Int
        package let words: Int

        /// Errors for each symbol that was said.
        package var symbolErrorRate: Double { Double(symbolErrors) / Double(max(1, symbols)) }

        /// Errors for each word that was said.
        package var wordErrorRate: Double { Double(wordErrors) / Double(max(1, words)) }
    }

    /// What was spelled of one sentence.
    package struct Sentence: Codable, Hashable, Sendable {
        /// Its place in its folder, or its path where there are several folders.
        package let name: String

        /// Who speaks.
        package let speaker: String

        /// What was said.
        package let said: String

        /// What was spelled.
        package let spelled: String

        /// Errors in the symbols, and symbols that were said.
        package let symbolErrors: Int
        package let symbols: Int
    }

    /// Errors in the symbols.
    package let symbols: ErrorRate

    /// Errors in the words.
    package let words: ErrorRate

    /// Sentences that were spelled, and their length together in seconds.
    package let sentenceCount: Int
    package let seconds: Double

    /// The speakers, the one with most errors first.
    package let speakers: [Speaker]

    /// The sentences with most errors for each symbol, the worst first, at most ``worstLimit``.
    package let worst: [Sentence]

    /// Sentences that are named at most.
    package static let worstLimit = 20

    /// Spells all sentences of a store, greedily: the most probable symbol of each step.
    ///
    /// - Parameters:
    ///   - model: the model, to whose symbols the store was made.
    ///   - store: the sentences, at least one.
    ///   - namesFolders: whether sentences go by their paths rather than by their places in a folder.
    ///   - bootstrap: draws the intervals.
    ///   - threads: how many spell at a time; the result does not depend on it.
    ///   - onDone: hears how many sentences are done, on any thread.
    /// - Throws: `DataError.lostRecording`.
    package init(
        of model: SpeechModel, on store: SentenceStore, namesFolders: Bool = false,
        bootstrap: ClusterBootstrap,
        threads: Int, communicator: any Communicator = SingleProcess(),
        onDone: @Sendable (Int) -> Void = { _ in }
    ) throws(DataError) {
        precondition(!store.sentences.isEmpty, "no sentences to spell")
        let runner = SentenceRunner(
            model.preparedNetwork, over: store, frontEnd: model.frontEnd, normalizer: model.normalizer,
            threads: threads, communicator: communicator)
        let outcomes = try runner.map(onDone: onDone) { index, logits in
            let spelled = ctcGreedySymbols(logits, classCount: model.network.classCount)
            return Outcome(
                said: store.sentences[index].text, symbols: store.symbols[index], spelled: spelled,
                text: model.symbols.text(of: spelled))
        }
        var groups: [String: [Int]] = [:]
        for (index, sentence) in store.sentences.enumerated() {
            groups[sentence.speaker, default: []].append(index)
        }
        let speakers = groups.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
            name, indices in
            Speaker(
                name: name, sentences: indices.count,
                seconds: Double(indices.reduce(0) { $0 + store.sampleCounts[$1] }) / Double(store.sampleRate),
                symbolErrors: indices.reduce(0) { $0 + outcomes[$1].symbols.errors },
                symbols: indices.reduce(0) { $0 + outcomes[$1].symbolCount },
                wordErrors: indices.reduce(0) { $0 + outcomes[$1].words.errors },
                words: indices.reduce(0) { $0 + outcomes[$1].wordCount })
        }
        symbols = ErrorRate(
            outcomes.map(\.symbols), total: outcomes.reduce(0) { $0 + $1.symbolCount },
            clusters: speakers.map { ($0.symbolErrors, $0.symbols) }, bootstrap)
        words = ErrorRate(
            outcomes.map(\.words), total: outcomes.reduce(0) { $0 + $1.wordCount },
            clusters: speakers.map { ($0.wordErrors, $0.words) }, bootstrap)
        sentenceCount = outcomes.count
        seconds = store.seconds
        self.speakers = speakers.sorted {
            ($1.symbolErrorRate, $0.name) < ($0.symbolErrorRate, $1.name)
        }
        let order = outcomes.indices.sorted { (outcomes[$1].share, $0) < (outcomes[$0].share, $1) }
        worst = order.prefix(Self.worstLimit).filter { outcomes[$0].symbols.errors > 0 }.map { index in
            Sentence(
                name: store.sentences[index].name(withFolder: namesFolders),
                speaker: store.sentences[index].speaker,
                said: store.sentences[index].text, spelled: outcomes[index].text,
                symbolErrors: outcomes[index].symbols.errors, symbols: outcomes[index].symbolCount)
        }
    }

    /// How one sentence went.
    private struct Outcome: Codable, Sendable {
        let text: String
        let symbols: EditDistance
        let symbolCount: Int
        let words: EditDistance
        let wordCount: Int

        init(said: String, symbols: [Int], spelled: [Int], text: String) {
            func words(_ text: String) -> [Substring.UnicodeScalarView] {
                text.unicodeScalars.split(separator: SymbolTable.wordBoundary)
            }
            self.text = text
            self.symbols = EditDistance(from: spelled, to: symbols)
            symbolCount = symbols.count
            let said = words(said).map { String($0) }
            self.words = EditDistance(from: words(text).map { String($0) }, to: said)
            wordCount = said.count
        }

        /// Errors for each symbol.
        var share: Double { Double(symbols.errors) / Double(max(1, symbolCount)) }
    }
}

extension SpeechEvaluation.ErrorRate {
    fileprivate init(
        _ distances: [EditDistance], total: Int, clusters: [(errors: Int, total: Int)],
        _ bootstrap: ClusterBootstrap
    ) {
        substitutions = distances.reduce(0) { $0 + $1.substitutions }
        insertions = distances.reduce(0) { $0 + $1.insertions }
        deletions = distances.reduce(0) { $0 + $1.deletions }
        self.total = total
        value = Double(substitutions + insertions + deletions) / Double(max(1, total))
        let rates = Set(clusters.map { Double($0.errors) / Double(max(1, $0.total)) })
        interval =
            rates.count > 1
            ? bootstrap.interval(
                ratioOf: clusters.map { Double($0.errors) }, to: clusters.map { Double($0.total) })
            : nil
    }
}
