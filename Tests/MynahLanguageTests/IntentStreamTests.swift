import MynahBase
import MynahModel
import MynahNetwork
import Testing

@testable import MynahLanguage

/// Words one by one, with a network of random weights: when it is safe does not depend on what it has learnt.
@Suite struct IntentStreamTests {
    private func model(layers: [LayerDescription], slots: [Slot]) throws -> IntentModel {
        let words = WordTable(words: ["light", "on"], bucketCount: 64)
        let network = NetworkDescription(
            inputSize: WordTable.rowsPerWord,
            layers: [.embedding(EmbeddingDescription(rows: words.rowCount, size: 6))] + layers,
            readOut: .mean,
            classCount: 2, stepClassCount: SlotLabels(slotCount: slots.count).count)
        var generator = SeededGenerator(seed: 3)
        return try IntentModel(
            intents: ["On", "Off"], slots: slots, slotsOfIntents: [Array(slots.indices), []], words: words,
            calibration: .none, network: network, parameters: network.initialParameters(using: &generator),
            provenance: TrainingProvenance(
                seed: 1, commandLine: "", data: .init(clips: []), dataHash: "", splitRule: "",
                mynahVersion: "",
                date: "", epochCount: 0, bestEpoch: 0, validationAccuracy: .init(correct: 0, total: 0),
                settings: []))
    }

    private let recurrent: [LayerDescription] = [.gru(hiddenSize: 5, bidirectional: true)]

    @Test func aSentenceIsForgottenOnceItIsUnderstood() throws {
        let parser = IntentParser(try model(layers: recurrent, slots: [Slot(name: "room")]))
        var stream = IntentStream(parser, confidence: 2)
        #expect(stream.finish() == nil)
        for word in ["light", "on", "please"] { #expect(stream.hear(word) == nil) }
        #expect(stream.finish() == (try parser.parse("light on please")))
        #expect(stream.words.isEmpty && stream.finish() == nil)
        // However long somebody talks, memory is bounded.
        let ends = (0..<1_000).count { _ in stream.hear("word") != nil }
        #expect(ends == 10 && stream.words.count < 100)
    }

    /// A sentence is over at the same moment however much sound is heard at once, and not while a word has begun.
    @Test func aPauseDoesNotDependOnBlocks() throws {
        // Without a slot that is filled nothing is safe before the pause.
        let parser = IntentParser(try model(layers: recurrent, slots: [Slot(name: "room")]))
        func times(block: Double) -> [[Double]] {
            var spoken = SpokenIntents(parser, pauseSeconds: 1)
            var heard: [SpokenIntents.Heard] = []
            var words = [(2.0, 2.4), (3.3, 3.6), (6.0, 6.3)]
            for number in 1...Int((10 / block).rounded()) {
                let time = Double(number) * block
                while let (start, end) = words.first, end <= time {
                    words.removeFirst()
                    let told = spoken.hear("please", start: start, end: end)
                    heard += [told.before, told.now].compactMap(\.self)
                }
                let pending = words.first.flatMap { $0.0 <= time ? $0.0 : nil }
                if let sentence = spoken.wait(until: time, pendingStart: pending) { heard.append(sentence) }
            }
            if let sentence = spoken.finish(at: 10) { heard.append(sentence) }
            return heard.map { [$0.start, $0.end] }
        }
        #expect(times(block: 0.02) == [[2, 4.6], [6, 7.3]])
        for block in [0.1, 0.5, 5, 10] { #expect(times(block: block) == times(block: 0.02), "\(block) s") }
    }

    /// Whatever the network says, an intent with an empty slot is not safe, and one without slots is as soon as it is sure.
    @Test func onlyASureIntentWithAllSlotsIsSafe() throws {
        let parser = IntentParser(try model(layers: recurrent, slots: [Slot(name: "room")]))
        let stream = IntentStream(parser, confidence: 0)
        let text = TokenizedText("light on")
        func reading(_ intent: Int, _ labels: [Int]) -> IntentParser.Reading {
            var logits = [Float](repeating: 0, count: labels.count * 3)
            for (word, label) in labels.enumerated() { logits[word * 3 + label] = 9 }
            return .init(
                posteriors: intent == 0 ? [0.9, 0.1] : [0.1, 0.9], logits: [], labelLogits: logits)
        }
        #expect(!stream.isSafe(reading(0, [0, 0]), text))
        #expect(stream.isSafe(reading(0, [1, 0]), text))
        // Without a list nobody knows whether the last word was all of the value.
        #expect(!stream.isSafe(reading(0, [0, 1]), text))
        #expect(stream.isSafe(reading(1, [0, 0]), text))
        #expect(!IntentStream(parser, confidence: 0.95).isSafe(reading(1, [0, 0]), text))
    }

    @Test func valuesOfListsTellWhetherTheyAreComplete() {
        let values = SlotValues([
            Slot(name: "color", values: [.init("warm white", synonyms: ["warm"]), .init("red")]),
            Slot(name: "any"),
        ])
        #expect(values.mayGoOn("warm", slot: 0) && !values.mayGoOn("Warm White", slot: 0))
        #expect(!values.mayGoOn("red", slot: 0) && values.mayGoOn("living", slot: 0))
        #expect(values.mayGoOn("red", slot: 1))
        #expect(
            values.value(of: "WARM", slot: 0) == "warm white" && values.value(of: "x y", slot: 1) == "x y")
    }

    /// The states that a page draws are those of the network as it reads on: a beginning has the same ones.
    @Test(arguments: [true, false])
    func theTraceIsThatOfEachBeginning(_ isBidirectional: Bool) throws {
        let layers: [LayerDescription] = [
            .recurrent(RecurrentDescription(cell: .lstm, hiddenSize: 4, bidirectional: isBidirectional))
        ]
        let parser = IntentParser(try model(layers: layers, slots: [Slot(name: "room")]))
        let trace = try #require(
            try SentenceTrace(TokenizedText("light, on in 7 rooms!"), parser: parser, confidence: 0.5))
        #expect(trace.states.count == 6 && trace.posteriors.count == 6 && trace.kept?.count == 6)
        #expect(trace.states.allSatisfy { $0.count == 4 } && trace.kept?.allSatisfy { $0.count == 4 } == true)
        let start = try #require(
            try SentenceTrace(TokenizedText("light , on"), parser: parser, confidence: 0.5))
        for (word, state) in start.states.enumerated() {
            for (value, other) in zip(state, trace.states[word]) {
                #expect(abs(value - other) < 1e-5)
            }
        }
        #expect(try SentenceTrace(TokenizedText("?!"), parser: parser, confidence: 0.5) == nil)
    }
}
