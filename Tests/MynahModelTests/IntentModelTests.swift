import Foundation
import MynahBase
import MynahFeatures
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahModel

/// What a model of intents keeps, and every way in which it can be unusable.
@Suite struct IntentModelTests {
    private static let words = WordTable(words: ["licht", "turn"], bucketCount: 5)
    private static let slots = [
        Slot(name: "room", values: [.init("living room", synonyms: ["lounge"])]), Slot(name: "größe"),
    ]

    private static func network(
        rows: Int = words.rowCount, labels: Int? = 5, width: Int = WordTable.rowsPerWord
    )
        -> NetworkDescription
    {
        NetworkDescription(
            inputSize: width,
            layers: [
                .embedding(EmbeddingDescription(rows: rows, size: 3)),
                .gru(hiddenSize: 2, bidirectional: true),
            ],
            readOut: .mean, classCount: 2, stepClassCount: labels)
    }

    private func make(
        intents: [String] = ["LightOn", "_none_"], slots: [Slot] = slots,
        slotsOfIntents: [[Int]] = [[0, 1], []],
        words: WordTable = words, calibration: IntentCalibration = .init(temperature: 1.5, threshold: 0.7),
        network: NetworkDescription = network()
    ) throws(ModelError) -> IntentModel {
        var generator = SeededGenerator(seed: 7)
        return try IntentModel(
            intents: intents, slots: slots, slotsOfIntents: slotsOfIntents, words: words,
            calibration: calibration, network: network,
            parameters: network.initialParameters(using: &generator), provenance: TinyModel.provenance)
    }

    private func refused(_ reason: String, _ body: () throws -> IntentModel) {
        let error = #expect(throws: ModelError.self) { try body() }
        #expect(error?.description.contains(reason) == true, "\(error?.description ?? "")")
    }

    @Test func aModelIsReadAsItWasWritten() throws {
        let model = try make()
        let folder = try TemporaryFolder()
        let path = folder.file("home.safetensors")
        try model.write(to: path)
        let again = try IntentModel(contentsOf: path)
        #expect(again.intents == model.intents && again.slots == model.slots && again.words == model.words)
        #expect(again.slotsOfIntents == model.slotsOfIntents && again.calibration == model.calibration)
        #expect(again.network == model.network && again.parameters == model.parameters)
        #expect(again.provenance == model.provenance && again.hash == model.hash)
        #expect(ModelKind(ofFileAt: path) == .intents)
    }

    @Test func eachKindRefusesTheOthers() throws {
        let intents = try make().fileBytes
        refused("it is a model of intents, which reads words, expected a model of commands") {
            _ = try CommandModel(bytes: intents.span.bytes, name: "m")
            return try make()
        }
        refused("it is a model of intents, which reads words, expected a speech model") {
            _ = try SpeechModel(bytes: intents.span.bytes, name: "m")
            return try make()
        }
        let commands = try TinyModel.make().fileBytes
        refused("it is a model of commands, which names single words, expected a model of intents") {
            try IntentModel(bytes: commands.span.bytes, name: "m")
        }
    }

    /// A network that reads words is none that hears, whatever the file says that it is.
    @Test func aModelOfCommandsDoesNotReadWords() {
        let table = NetworkDescription(
            inputSize: 3, layers: [.embedding(EmbeddingDescription(rows: 4, size: 3))], readOut: .mean,
            classCount: 3)
        var generator = SeededGenerator(seed: 1)
        let parameters = table.initialParameters(using: &generator)
        #expect(
            throws: ModelError.invalidModel(
                file: nil,
                fault: .badNetwork(reason: "it reads words or labels them, expected one that reads sound"))
        ) { try TinyModel.make(network: table, parameters: parameters) }
    }

    @Test func partsMustFitToTheNetwork() {
        refused("3 labels for 2 classes") { try make(intents: ["a", "b", "c"]) }
        refused("two classes have the label") { try make(intents: ["a", "a"]) }
        refused("it has 3 labels of words, expected 5 for 2 slots") {
            try make(network: Self.network(labels: 3))
        }
        refused("it has 0 labels of words") { try make(network: Self.network(labels: nil)) }
        refused("slots of intents that do not fit") { try make(slotsOfIntents: [[2], []]) }
        refused("slots of intents that do not fit") { try make(slotsOfIntents: [[0]]) }
        refused("a slot twice") { try make(slots: [Self.slots[0], Self.slots[0]]) }
        refused("a slot called '\\u{1B}'") { try make(slots: [Slot(name: "\u{1B}"), Self.slots[0]]) }
        refused("empty or unprintable") {
            try make(slots: [Slot(name: "a", values: [.init("\n")]), Self.slots[0]])
        }
        refused("a temperature of 0.0") { try make(calibration: .init(temperature: 0, threshold: 0.5)) }
        refused("a threshold of nan") { try make(calibration: .init(temperature: 1, threshold: .nan)) }
        refused("rows of words and their parts, the network has 99") {
            try make(network: Self.network(rows: 99))
        }
        refused("7 rows a word, expected 40") { try make(network: Self.network(width: 7)) }
        refused("a word twice") { try make(words: WordTable(words: ["a", "a"], bucketCount: 5)) }
        refused("an empty word") { try make(words: WordTable(words: ["a", ""], bucketCount: 5)) }
        var bare = Self.network()
        bare.layers.removeFirst()
        refused("it does not begin with a table of words") { try make(network: bare) }
    }

    /// Files of which single bytes were changed are read or refused, in one line.
    @Test func damagedFilesLoadOrAreRefused() throws {
        let refused = try refusals(ofDamaged: make().fileBytes) { bytes in
            _ = try IntentModel(bytes: bytes.span.bytes, name: "m")
        }
        #expect(refused.count > 1_000)
        #expect(refused.longMessages.isEmpty)
    }
}

@Suite struct WordTableTests {
    private let table = WordTable(words: ["kitchen", "light"], bucketCount: 1_000)

    private func rows(_ text: String, isKnown: Bool = true) -> [Float] {
        table.rows(of: Word(text: text, shape: .lower), isKnown: isKnown)
    }

    @Test func aKnownWordHasARowOfItsOwnBesideThoseOfItsParts() {
        let shapes = Float(WordShape.allCases.count)
        let (known, unknown) = (rows("kitchen"), rows("kitchen", isKnown: false))
        #expect(known.count == WordTable.rowsPerWord && unknown.count == WordTable.rowsPerWord)
        #expect(known[1] == shapes && !unknown.contains(shapes))
        // <kitchen> has 7 parts of three, 6 of four and 5 of five letters.
        #expect(known.count { $0 >= 0 } == 1 + 1 + 18)
        #expect(known.max() ?? 0 < Float(table.rowCount))
    }

    @Test func wordsThatLookAlikeShareRows() {
        func shared(_ first: String, _ second: String) -> Int {
            Set(rows(first).dropFirst().filter { $0 >= 0 }).intersection(rows(second)).count
        }
        #expect(shared("kitchen", "kitchens") > 10)
        #expect(shared("kitchen", "garage") < 3)
    }

    @Test func longWordsAreCutAndEmptyOnesHaveNoParts() {
        #expect(rows(String(repeating: "ab", count: 5_000)).count == WordTable.rowsPerWord)
        #expect(rows("a").count { $0 >= 0 } == 1)
        #expect(WordTable(words: [], bucketCount: 0).rows(of: Word(text: "x", shape: .sign)).max() == 5)
        #expect(WordTable.partCount(of: ["ab", "ab"]) == 2)
    }
}
