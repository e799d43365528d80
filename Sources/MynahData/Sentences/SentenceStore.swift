package import MynahBase
package import MynahFeatures
package import MynahModel
package import MynahNetwork
import Synchronization

/// Sentences that can be decoded and spelled: what is said in each, and how long it is.
///
/// Every recording is decoded once, to see that it can be; its samples are not kept, and are decoded again whenever they are
/// needed. So a store takes little memory, however long its recordings are together.
package struct SentenceStore: Sendable {
    /// The sentences, in the order in which they were given.
    package let sentences: [Sentence]

    /// `[sentences]`, the classes that each spells.
    package let symbols: [[Int]]

    /// `[sentences]`, samples at the rate of the decoder.
    package let sampleCounts: [Int]

    /// What was given and cannot be used.
    package let passedOver: PassedOver

    /// Statistics of the features of all sentences; of no frames where there was no front end to measure them with.
    package let features: FeatureNormalizer.Fitter

    private let decoder: ClipDecoder

    /// What a sentence is measured by.
    package struct Measure: Sendable {
        /// The symbols that texts are spelled with.
        package let symbols: SymbolTable

        /// The front end.
        package let frontEnd: FrontEndConfiguration

        /// The network that is to spell.
        package let network: NetworkDescription

        /// Whether to gather the statistics of the features.
        package let fitsFeatures: Bool

        /// Wraps the values.
        package init(
            symbols: SymbolTable, frontEnd: FrontEndConfiguration, network: NetworkDescription,
            fitsFeatures: Bool = false
        ) {
            self.symbols = symbols
            self.frontEnd = frontEnd
            self.network = network
            self.fitsFeatures = fitsFeatures
        }
    }

    /// What was found out about some sentences.
    private struct Group: Codable {
        /// Samples of each, or why it cannot be used.
        var outcomes: [ClipOutcome] = []
        var fitter: FeatureNormalizer.Fitter
    }

    /// Decodes each sentence once, on `threads` threads of each process; the result does not depend on their number.
    ///
    /// - Parameter onDecoded: hears how many are done in this process, on any thread.
    package init(
        decoding sentences: [Sentence], by measure: Measure, with decoder: ClipDecoder, threads: Int,
        communicator: any Communicator = SingleProcess(),
        onDecoded: @Sendable (Int) -> Void = { _ in }
    ) {
        let texts = measure.symbols.classes(of: sentences.map(\.text))
        let groupSize = 32
        let done = Atomic(0)
        let ranges = stride(from: 0, to: sentences.count, by: groupSize).map {
            $0..<min(sentences.count, $0 + groupSize)
        }
        let groups = communicator.map(
            ranges.count, costs: ranges.map { $0.reduce(0) { $0 + sentences[$1].byteCount } },
            threads: threads,
            makeContext: { FeatureWorkspace.make(measure.frontEnd, nil) }
        ) { workspace, group in
            var found = Group(fitter: .init(featureCount: measure.frontEnd.featureCount))
            for index in ranges[group] {
                defer { onDecoded(done.wrappingAdd(1, ordering: .relaxed).newValue) }
                found.outcomes.append(
                    ClipOutcome(
                        Self.check(
                            sentences[index], texts[index], measure, decoder, workspace: workspace,
                            fitter: &found.fitter)))
            }
            return found
        }
        var usable: [(sentence: Sentence, symbols: [Int], sampleCount: Int)] = []
        var passedOver = PassedOver()
        var fitter = FeatureNormalizer.Fitter(featureCount: measure.frontEnd.featureCount)
        for group in groups { fitter.merge(group.fitter) }
        for (index, outcome) in groups.flatMap(\.outcomes).enumerated() {
            switch outcome.result {
            case .success(let sampleCount):
                guard case .success(let symbols) = texts[index] else { continue }
                usable.append((sentences[index], symbols, sampleCount))
            case .failure(let failure):
                passedOver.add("\(sentences[index].path.printable): \(failure.reason.printable)")
            }
        }
        self.sentences = usable.map(\.sentence)
        symbols = usable.map(\.symbols)
        sampleCounts = usable.map(\.sampleCount)
        self.passedOver = passedOver
        features = fitter
        self.decoder = decoder
    }

    /// The samples of a sentence if it can be used, or why not.
    private static func check(
        _ sentence: Sentence, _ text: Result<[Int], SymbolTable.UnknownSymbol>, _ measure: Measure,
        _ decoder: ClipDecoder, workspace: FeatureWorkspace, fitter: inout FeatureNormalizer.Fitter
    ) -> Result<Int, ClipDecoder.Failure> {
        let symbols: [Int]
        switch text {
        case .success(let classes): symbols = classes
        case .failure(let unknown):
            return .failure(
                ClipDecoder.Failure(
                    reason: "the text holds \(unknown.symbol.quoted), which is no symbol of the model"))
        }
        return decoder.samples(of: sentence.path, maximumSeconds: SpeechModel.maximumSeconds).flatMap {
            samples in
            let frames = measure.frontEnd.frameCount(sampleCount: samples.count)
            let steps = measure.network.stepCount(frameCount: frames)
            let needed = CTCLoss.minimumStepCount(of: symbols)
            guard steps >= max(1, needed) else {
                return .failure(
                    ClipDecoder.Failure(
                        reason:
                            "the text of \(symbols.count) letters needs \(needed) steps of the network, and the "
                            + "recording has \(steps)"))
            }
            if measure.fitsFeatures {
                workspace.samples = [Float](repeating: 0, count: samples.count)
                samples.copy(from: 0, into: &workspace.samples)
                fitter.add(workspace.features())
            }
            return .success(samples.count)
        }
    }

    /// Length of all sentences together, in seconds.
    package var seconds: Double {
        Double(sampleCounts.reduce(0, +)) / Double(decoder.sampleRate)
    }

    /// Length of a sentence, in seconds.
    package func seconds(of index: Int) -> Double {
        Double(sampleCounts[index]) / Double(decoder.sampleRate)
    }

    /// Samples per second.
    package var sampleRate: Int { decoder.sampleRate }

    /// Decodes a sentence.
    ///
    /// - Throws: `DataError.lostRecording` when it is no longer what it was.
    package func samples(of index: Int) throws(DataError) -> QuantizedSamples {
        let path = sentences[index].path
        switch decoder.samples(of: path, maximumSeconds: SpeechModel.maximumSeconds) {
        case .success(let samples) where samples.count == sampleCounts[index]: return samples
        case .success(let samples):
            throw .lostRecording(
                path: path, reason: "has \(samples.count) samples, expected \(sampleCounts[index])")
        case .failure(let failure): throw .lostRecording(path: path, reason: failure.reason)
        }
    }
}
