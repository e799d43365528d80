import MynahBase
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahServer

/// Words that become intents, by a network of random weights: what it says does not matter here, but when.
struct IntentTests {
    private func model() throws -> IntentModel {
        let words = WordTable(words: ["yes", "stop"], bucketCount: 64)
        let slots = [Slot(name: "room")]
        let network = NetworkDescription(
            inputSize: WordTable.rowsPerWord,
            layers: [
                .embedding(EmbeddingDescription(rows: words.rowCount, size: 6)),
                .gru(hiddenSize: 5, bidirectional: true),
            ],
            readOut: .mean, classCount: 2, stepClassCount: SlotLabels(slotCount: slots.count).count)
        var generator = SeededGenerator(seed: 3)
        return try IntentModel(
            intents: ["On", "Off"], slots: slots, slotsOfIntents: [[0], [0]], words: words,
            calibration: .none, network: network, parameters: network.initialParameters(using: &generator),
            provenance: TrainingProvenance(
                seed: 1, commandLine: "", data: .init(clips: []), dataHash: "", splitRule: "",
                mynahVersion: "", date: "", epochCount: 0, bestEpoch: 0,
                validationAccuracy: .init(correct: 0, total: 0), settings: []))
    }

    /// The same lines in the same order, however large the chunks are and by whichever way they come: a sentence is over before the
    /// next one begins.
    @Test func intentsAreTheSameByAllWays() throws {
        let server = try TestServer(intents: IntentListening(try model(), pauseSeconds: 0.8))
        let silence = [Float](repeating: 0, count: 24_000)
        let samples = try Talk.samples("yes-espeak-us.wav") + silence + Talk.samples()
        let file = WAVFile(samples, sampleRate: 16_000)
        var streams: [[String]] = []
        for pieces in [641, 9_999, 200_000] {
            streams.append(
                try server.webSocket().lines(
                    of: file.data, start: "{\"rate\":16000,\"intents\":true}", pieces: pieces))
        }
        let answer = try server.http().request(
            "POST", "/v1/detect?intents=true", fields: ["Accept: application/x-ndjson"], body: file.bytes)
        #expect(streams[1] == streams[0] && streams[2] == streams[0])
        #expect(answer.text == streams[0].map { $0 + "\n" }.joined())

        let sentences = streams[0].compactMap {
            $0.firstMatch(of: /"intent".*"text":"([a-z ]+)"/).map { String($0.1) }
        }
        let words = streams[0].compactMap { $0.firstMatch(of: /"word":"([a-z]+)"/).map { String($0.1) } }
        #expect(sentences.count > 1 && sentences.first == "yes")
        #expect(sentences.joined(separator: " ") == words.joined(separator: " "))
        // No line tells of something that was known after what the next one tells of.
        let ends = streams[0].compactMap { $0.firstMatch(of: /"end":([0-9.]+)/).flatMap { Double($0.1) } }
        #expect(ends.count == streams[0].count && ends == ends.sorted())
    }
}
