import MynahAudio
import MynahFeatures
import MynahModel
import MynahNetwork
import Testing

@testable import MynahData

@Suite struct SentenceStoreTests {
    private static let frontEnd = FrontEndPreset.mynahMel.configuration()
    private static let symbols = SymbolTable(of: ["abc "])
    private static let network = NetworkDescription(
        inputSize: frontEnd.featureCount, layers: [.gru(hiddenSize: 4, bidirectional: false)],
        readOut: .frame,
        classCount: symbols.classCount)

    private func store(
        _ texts: [(String, String)], threads: Int = 1, fitsFeatures: Bool = true
    ) throws -> (DataTestFolder, SentenceStore) {
        let folder = try DataTestFolder()
        var sentences: [Sentence] = []
        for (index, (contents, text)) in texts.enumerated() {
            try folder.write("\(index).wav", contents)
            sentences.append(
                Sentence(
                    path: "\(folder.path)/\(index).wav", name: "\(index).wav", speaker: "s", text: text,
                    byteCount: 1))
        }
        let store = SentenceStore(
            decoding: sentences,
            by: SentenceStore.Measure(
                symbols: Self.symbols, frontEnd: Self.frontEnd, network: Self.network,
                fitsFeatures: fitsFeatures),
            with: DataTestFolder.decoder, threads: threads)
        return (folder, store)
    }

    @Test func whatCannotBeUsedIsTold() throws {
        let (folder, store) = try store([
            ("16000 a", "a b"), ("no sound", "a"), ("1600 b", "abcabcabcabc"), ("16000", "axb"), ("0", "a"),
            ("16000 c", "c"),
        ])
        #expect(store.sentences.map(\.name) == ["0.wav", "5.wav"])
        #expect(store.symbols == [[2, 1, 3], [4]])
        #expect(store.sampleCounts == [16_000, 16_000])
        #expect(store.seconds == 2)
        let lines = store.passedOver.lines.map { String($0.dropFirst(folder.path.count + 1)) }
        #expect(
            lines == [
                "1.wav: is not audio",
                "2.wav: the text of 12 letters needs 12 steps of the network, and the recording has 8",
                "3.wav: the text holds 'x', which is no symbol of the model",
                "4.wav: no samples",
            ])
    }

    @Test func aStoreDoesNotDependOnTheNumberOfThreads() throws {
        let texts = (0..<100).map { ("\(8_000 + 100 * $0) \($0)", "a b") }
        let first = try store(texts).1
        let second = try store(texts, threads: 4).1
        #expect(first.sampleCounts == second.sampleCounts)
        #expect(try first.features.normalizer() == second.features.normalizer())
    }

    @Test func aRecordingThatChangesIsNoticed() throws {
        let (folder, store) = try store([("16000 a", "a")])
        #expect(try store.samples(of: 0).count == 16_000)
        try folder.write("0.wav", "8000 a")
        #expect(
            message { () throws(DataError) in _ = try store.samples(of: 0) }?
                .hasSuffix("(has 8000 samples, expected 16000)") == true)
    }

    @Test func variationsFollowFromSeedEpochAndSentence() throws {
        let (folder, store) = try store([("16000 a", "a"), ("24000 b", "b")])
        let loader = SentenceLoader(
            store: store, frontEnd: Self.frontEnd, normalizer: try store.features.normalizer(),
            augmentation: Augmentation(maximumSpeedChange: 0.2), masks: SpecAugment())
        let workspace = loader.makeWorkspace()
        let first = try loader.draw(0, seed: 1, epoch: 0, workspace)
        _ = try loader.draw(1, seed: 1, epoch: 0, workspace)
        #expect(try loader.draw(0, seed: 1, epoch: 0, workspace) == first)
        #expect(try loader.draw(0, seed: 1, epoch: 1, workspace) != first)
        #expect(try loader.draw(0, seed: 2, epoch: 0, workspace) != first)
        let plain = try loader.load(0, workspace)
        #expect(plain.frameCount == Self.frontEnd.frameCount(sampleCount: 16_000))
        #expect(abs(first.frameCount - plain.frameCount) <= plain.frameCount / 4)
        _ = folder
    }
}
