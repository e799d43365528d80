internal import MynahBase
package import MynahNetwork

/// A trained network that reads a sentence word by word, and says what it asks for, with everything that it needs: one value, one
/// file.
///
/// Its classes are the intents; each step is labelled besides, see ``SlotLabels``. Every instance is sound: initializers check
/// all parts against each other, wherever they come from.
package struct IntentModel: Sendable {
    private let file: ModelFile<IntentDescription>

    /// Which rows of the network's table a word names.
    package let words: WordTable

    /// What it answers with, in the order of the classes; ``StandardLabel/none`` among them where it has learnt what asks for
    /// nothing.
    package var intents: [String] { file.description.intents }

    /// The slots, in the order of their labels.
    package var slots: [Slot] { file.description.slots }

    /// For each intent the slots, by their indices, that phrases of it have had.
    package var slotsOfIntents: [[Int]] { file.description.slotsOfIntents }

    /// How sure the model has to be.
    package var calibration: IntentCalibration { file.description.calibration }

    /// Shape of the network.
    package var network: NetworkDescription { file.description.network }

    /// `[network.parameterLayout.parameterCount]`, the weights in the order of that layout; all finite.
    package var parameters: [Float] { file.parameters }

    /// Where the model comes from; its clips are phrases, its labels intents.
    package var provenance: TrainingProvenance { file.description.provenance }

    /// The network with its weights laid out for recognition; done once, and shared by copies of the model.
    package var preparedNetwork: PreparedNetwork { file.preparedNetwork }

    /// Puts a model together.
    ///
    /// Traps unless there is one parameter for each place of the layout. Throws `ModelError.invalidModel` when a part
    /// is out of range or does not fit to the others, for instance when a weight is not finite.
    package init(
        intents: [String], slots: [Slot], slotsOfIntents: [[Int]], words: WordTable,
        calibration: IntentCalibration, network: NetworkDescription, parameters: [Float],
        provenance: TrainingProvenance
    ) throws(ModelError) {
        self.init(
            try ModelFile(
                IntentDescription(
                    intents: intents, slots: slots, slotsOfIntents: slotsOfIntents, words: words.words,
                    partRows: words.bucketCount, calibration: calibration, network: network,
                    provenance: provenance),
                parameters: parameters))
    }

    /// Reads a model file.
    ///
    /// Header, description and tensor shapes are checked before the weights are read.
    package init(contentsOf path: String) throws(ModelError) {
        self.init(try ModelFile(contentsOf: path))
    }

    /// Reads a model file from memory; `name` stands for it in errors.
    package init(bytes: RawSpan, name: String) throws(ModelError) {
        self.init(try ModelFile(bytes: bytes, name: name))
    }

    private init(_ file: ModelFile<IntentDescription>) {
        self.file = file
        words = file.description.wordTable
    }

    /// Writes the model under a temporary name and renames it, so that `path` never holds half a model.
    package func write(to path: String) throws(ModelError) { try file.write(to: path) }

    /// The model as a file; put together at each call.
    package var fileBytes: [UInt8] { file.fileBytes }

    /// SHA-256 of the model file, as 64 hexadecimal digits.
    package var hash: String { file.hash }
}

/// How sure a model of intents has to be, as it was found on phrases that it has not learnt from.
package struct IntentCalibration: Codable, Hashable, Sendable {
    /// What logits are divided by, 0.05 to 20.
    package var temperature: Float

    /// The probability below which an intent is ``StandardLabel/none``, `0 ... 1`.
    package var threshold: Float

    /// The probabilities as they come, whatever they are.
    package static let none = IntentCalibration(temperature: 1, threshold: 0)

    /// Brings both together.
    package init(temperature: Float, threshold: Float) {
        self.temperature = temperature
        self.threshold = threshold
    }

    /// What temperatures may be.
    package static let temperatures: ClosedRange<Float> = 0.05...20

    /// Why it cannot be used; nil if it can.
    var fault: String? {
        guard Self.temperatures.contains(temperature) else {
            return "a temperature of \(temperature), expected 0.05 to 20"
        }
        return (0...1).contains(threshold) ? nil : "a threshold of \(threshold), expected 0 to 1"
    }
}

/// Everything in the file of a model of intents beside the weights.
struct IntentDescription: ModelFileDescription {
    static let kind = ModelKind.intents

    var intents: [String]
    var slots: [Slot]
    var slotsOfIntents: [[Int]]
    var words: [String]

    /// Rows for the parts of words.
    var partRows: Int

    var calibration: IntentCalibration
    var network: NetworkDescription
    var provenance: TrainingProvenance

    var wordTable: WordTable { WordTable(words: words, bucketCount: partRows) }

    func checkOwnParts() throws(ModelFault) {
        guard let table = network.layers.first?.embedding else {
            throw .badNetwork(reason: "it does not begin with a table of words")
        }
        guard network.stepClassCount == SlotLabels(slotCount: slots.count).count else {
            throw .badNetwork(
                reason: """
                    it has \(network.stepClassCount ?? 0) labels of words, expected \(SlotLabels(slotCount: slots.count).count) \
                    for \(slots.count) slots
                    """)
        }
        try network.check(frameCount: IntentModel.maximumWordCount)
        try ModelDescription.check(labels: intents, classCount: network.classCount)
        if let fault = slots.lazy.compactMap(\.fault).first { throw .badWords(reason: fault) }
        guard Set(slots.map(\.name)).count == slots.count else { throw .badWords(reason: "a slot twice") }
        guard slotsOfIntents.count == intents.count,
            slotsOfIntents.allSatisfy({ $0.allSatisfy(slots.indices.contains) })
        else { throw .badWords(reason: "slots of intents that do not fit to the intents or the slots") }
        if let fault = calibration.fault { throw .badWords(reason: fault) }
        if let fault = wordTable.fault(network: .init(rows: table.rows, perStep: network.inputSize)) {
            throw .badWords(reason: fault)
        }
    }
}

extension IntentModel {
    /// The most words that a sentence may have.
    package static let maximumWordCount = 100

    /// Whether a model can have an intent of this name.
    package static func canName(intent: String) -> Bool { ModelDescription.canKeep(label: intent) }
}
