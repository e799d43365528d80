import MynahBase
package import MynahModel
import MynahNetwork

/// What the file of a model of intents holds: intents, slots, words, layers, cost, and where it comes from.
package struct IntentModelInspection: Encodable {
    let file: String
    let kind: String
    let hash: String
    let intents: [String]
    let slots: [Slot]
    let slotsOfIntents: [[Int]]

    /// Words with a row of their own in the table, and rows for the parts of words.
    let words: Int
    let partRows: Int
    let calibration: IntentCalibration
    let network: NetworkDescription
    let tensors: [ModelInspection.Tensor]
    let parameters: Int
    let multiplyAccumulatesPerWord: Int
    let causal: Bool
    let provenance: TrainingProvenance

    /// Looks at a model that is called `name`.
    package init(of model: IntentModel, name: String) {
        file = name
        kind = ModelKind.intents.rawValue
        hash = model.hash
        intents = model.intents
        slots = model.slots
        slotsOfIntents = model.slotsOfIntents
        words = model.words.words.count
        partRows = model.words.bucketCount
        calibration = model.calibration
        network = model.network
        tensors = ModelInspection.tensors(of: model.network)
        parameters = model.parameters.count
        multiplyAccumulatesPerWord = model.network.multiplyAccumulatesPerFrame
        causal = model.network.isCausal
        provenance = model.provenance
    }

    /// The same for a person, without a line break at the end.
    package var text: String {
        let accuracy = provenance.validationAccuracy
        let share = NumberText.percent(Double(accuracy.correct) / Double(max(1, accuracy.total)))
        let lines =
            [
                "model       \(file.printable), \(ModelKind.intents.sentence)",
                "hash        \(hash)",
            ]
            + zip(intents, slotsOfIntents).enumerated().map { index, intent in
                let names = intent.1.map { slots[$0].name.printable }
                return (index == 0 ? "intents     " : "            ") + intent.0.printable
                    + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
            }
            + [
                """
                words       \(NumberText.grouped(words)) known, \(NumberText.grouped(partRows)) rows for the parts of all others
                """,
                """
                calibration temperature \(NumberText.fixed(Double(calibration.temperature), decimals: 2)), threshold \
                \(NumberText.fixed(Double(calibration.threshold), decimals: 2))
                """,
                """
                network     \(NumberText.grouped(parameters)) parameters, \(NumberText.grouped(multiplyAccumulatesPerWord)) \
                multiply–accumulates a word, \(causal ? "causal" : "not causal"), read-out \(network.readOut)
                """,
            ] + ModelInspection.lines(tensors: tensors) + ModelInspection.lines(training: provenance) + [
                accuracy.total == 0
                    ? "validation  none, \(provenance.splitRule)"
                    : """
                    validation  \(share) read rightly (\(NumberText.grouped(accuracy.correct)) of \
                    \(NumberText.grouped(accuracy.total))), split by \(provenance.splitRule)
                    """,
                "data        hash \(provenance.dataHash)",
            ]
        return (lines + ModelInspection.lines(data: provenance, noun: " phrases")).joined(separator: "\n")
    }
}
