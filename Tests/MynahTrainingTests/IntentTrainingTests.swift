import Foundation
import MynahBase
import MynahData
import MynahLanguage
import MynahModel
import MynahNetwork
import MynahTestSupport
import Synchronization
import Testing

@testable import MynahTraining

/// A small house, removed with the last reference to it.
private final class PhraseHouse: Sendable {
    let path: String

    static let files = [
        "LightOn.txt": """
        (turn|switch) on the light in the {room}
        [please] (turn|switch) the {room} light on
        {room} light on
        it is dark in the {room}
        """,
        "LightOff.txt": """
        (turn|switch) off the light in the {room}
        [please] (turn|switch) the {room} light off
        {room} light off
        nobody is in the {room}
        """,
        "Heat.txt": (0..<30).map {
            "heat the [\(["kitchen", "attic", "hall"][$0 % 3])](room) to \($0 + 10) degrees"
        }
        .joined(separator: "\n"),
        "_none_.txt": """
        (hello|thanks|yes|no)
        I (like|hate) (rain|snow)
        we (went|drove) home
        """,
        "lists/room.txt": "kitchen\nliving room = lounge\nhall\ngarage\n",
    ]

    init(_ files: [String: String] = files) throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "mynah-house-\(UUID().uuidString)")
        path = folder.path
        for (name, text) in files {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite struct IntentTrainingTests {
    private func plan(
        epochs: Int, threads: Int = 1, validates: Bool = true, layers: String = "bilstm:12"
    ) throws -> IntentTraining.Plan {
        var settings = TrainingSettings.intents
        settings.epochCount = epochs
        settings.learningRate = 1e-2
        settings.shardSize = 5
        settings.batchSize = 16
        settings.averagingDecay = 0.9
        settings.dropout = DropoutRates(layers: 0.2, recurrent: 0.1)
        settings.threadCount = threads
        return IntentTraining.Plan(
            wordSize: 12, layers: [try LayerDescription(parsing: layers)],
            readOut: .attention(heads: 1, size: 8),
            settings: settings, validates: validates)
    }

    private func training(_ house: PhraseHouse, _ plan: IntentTraining.Plan) throws -> IntentTraining {
        try IntentTraining(
            PhraseCollection(reading: house.path), plan: plan,
            origin: CommandTraining.Origin(commandLine: "test"))
    }

    private func run(_ training: IntentTraining) throws -> IntentModel {
        try #require(try training.run(shouldStop: { false }) { _, _ in })
    }

    @Test(.timeLimit(.minutes(2))) func learnsToReadPhrasesThatItHasNotMet() throws {
        let training = try training(PhraseHouse(), plan(epochs: 40, threads: 2))
        #expect(training.summary.intents.map(\.intent) == ["Heat", "LightOff", "LightOn", "_none_"])
        #expect(training.exampleCounts.validation == 3)
        let model = try run(training)
        let parser = IntentParser(model, threshold: 0)
        let heard = try parser.parse("Please switch on the light in the LOUNGE!")
        #expect(heard.intent == "LightOn" && heard.probability > 0.5)
        #expect(heard.slots == [.init(slot: "room", text: "LOUNGE", value: "living room", range: 34..<40)])
        #expect(try parser.parse("garage light off").intent == "LightOff")
        // A room that no phrase of this intent names.
        #expect(try parser.parse("heat the garage to 20 degrees").slots.map(\.text) == ["garage"])
        #expect(try parser.parse("we drove home").intent == StandardLabel.none)
        #expect(try parser.parse("").intent == StandardLabel.none)
        #expect(throws: LanguageError.tooManyWords(actual: 101, limit: 100)) {
            try parser.parse(String(repeating: "a ", count: 101))
        }
        // What is written is read again as it was.
        let bytes = model.fileBytes
        #expect(try IntentModel(bytes: bytes.span.bytes, name: "again").hash == model.hash)
        // But for the digits of some figures, it is as large as was foreseen.
        #expect(abs(model.fileBytes.count - training.fileByteCounts.model) < 100)
    }

    @Test(arguments: ["bilstm:12", "gru:9"])
    func theModelDoesNotDependOnTheNumberOfThreads(_ layers: String) throws {
        let house = try PhraseHouse()
        let one = try run(training(house, plan(epochs: 2, layers: layers)))
        for threads in [2, 5] {
            let other = try run(training(house, plan(epochs: 2, threads: threads, layers: layers)))
            #expect(other.parameters == one.parameters && other.calibration == one.calibration)
        }
    }

    @Test func anInterruptedTrainingGoesOnToTheSameWeights() throws {
        let house = try PhraseHouse()
        let peaceful = try run(training(house, plan(epochs: 2)))
        let training = try training(house, plan(epochs: 2))
        let path = "\(house.path)/checkpoint"
        let steps = Mutex(0)
        _ = try training.run(shouldStop: { steps.withLock { $0 } == 7 }) { event, _ in
            switch event {
            case .step: steps.withLock { $0 += 1 }
            case .stopped(let checkpoint):
                try CheckpointFile.write(checkpoint(), training: training.fingerprint, to: path)
            case .epoch: break
            }
        }
        let resumed = try training.run(from: path, shouldStop: { false }) { _, _ in }
        #expect(resumed?.parameters == peaceful.parameters)
        // Another training does not take it.
        var other = try plan(epochs: 2)
        other.variation = .none
        let stranger = try self.training(house, other)
        #expect(throws: TrainingError.otherTraining(path: path)) {
            try stranger.run(from: path, shouldStop: { false }) { _, _ in }
        }
    }

    @Test func allPhrasesAreLearntFromWithoutValidation() throws {
        let training = try training(PhraseHouse(), plan(epochs: 1, validates: false))
        #expect(training.exampleCounts.validation == 0)
        #expect(try run(training).calibration == IntentCalibration(temperature: 1, threshold: 0.5))
        #expect(training.notes.contains { $0.contains("no phrases are kept for choices") })
    }

    @Test func whatCannotBeLearntIsRefused() throws {
        func fault(_ files: [String: String]) throws -> String {
            let house = try PhraseHouse(files)
            let error = #expect(throws: DataError.self) { try training(house, plan(epochs: 1)) }
            return (error?.description ?? "").replacingOccurrences(of: house.path + "/", with: "")
        }
        #expect(
            try fault(["A.txt": "one\ntwo", "B.txt": "# none yet\nthree"])
                == "B.txt:2: the intent 'B' has one phrase, expected two or more")
        #expect(try fault(["A.txt": "one\ntwo"]).contains("there is one intent, 'A', expected two or more"))
    }

    /// Everything that varies a phrase keeps its labels where its words are.
    @Test func variedPhrasesKeepTheirLabels() throws {
        let house = try PhraseHouse()
        let collection = try PhraseCollection(reading: house.path)
        let classes = PhraseClasses(intents: collection.intents, slots: collection.slots)
        var variation = PhraseVariation()
        (variation.exchangeShare, variation.cutShare, variation.lowercaseShare) = (1, 0.3, 0.5)
        let examples = PhraseExamples(
            collection.lines, classes: classes, table: WordTable(words: ["kitchen"], bucketCount: 64),
            counts: [:],
            variation: variation)
        let rooms: Set = ["kitchen", "hall", "garage", "attic", "living", "room", "lounge"]
        var seen: Set<String> = []
        for index in 0..<examples.count {
            var generator = SeededGenerator(seed: 1, index)
            let (example, features) = examples.draw(index, using: &generator)
            #expect(example.words.count == example.labels.count && !example.words.isEmpty)
            #expect(features.count == example.words.count * WordTable.rowsPerWord)
            for (word, label) in zip(example.words, example.labels) {
                #expect(rooms.contains(word.text) == (label != SlotLabels.outside), "\(word.text)")
                if label != SlotLabels.outside { seen.insert(word.text) }
            }
        }
        #expect(seen == rooms)
    }
}
