import MynahBase
import MynahFeatures
package import MynahModel
import MynahNetwork

/// What the file of a speech model holds: symbols, front end, layers, cost, and where it comes from.
package struct SpeechModelInspection: Encodable {
    let file: String
    let kind: String
    let hash: String
    let symbols: [String]
    let frontEnd: FrontEndConfiguration
    let frontEndHash: String
    let stepSeconds: Double
    let network: NetworkDescription
    let tensors: [ModelInspection.Tensor]
    let parameters: Int
    let multiplyAccumulatesPerSecond: Int
    let causal: Bool
    let movedSpeakers: [MovedSpeaker]
    let provenance: TrainingProvenance

    /// Looks at a model that is called `name`.
    package init(of model: SpeechModel, name: String) {
        file = name
        kind = ModelKind.speech.rawValue
        hash = model.hash
        symbols = model.symbols.symbols
        frontEnd = model.frontEnd
        frontEndHash = model.frontEndHash
        stepSeconds = model.stepSeconds
        network = model.network
        tensors = ModelInspection.tensors(of: model.network)
        parameters = model.parameters.count
        let framesPerSecond = 1000 / model.frontEnd.frameShiftMilliseconds
        multiplyAccumulatesPerSecond = Int(
            Double(model.network.multiplyAccumulatesPerFrame) * framesPerSecond
                + Double(model.network.multiplyAccumulatesPerDecision) / model.stepSeconds)
        causal = model.network.isCausal
        movedSpeakers = model.movedSpeakers
        provenance = model.provenance
    }

    /// The same for a person, without a line break at the end.
    package var text: String {
        let accuracy = provenance.validationAccuracy
        let rate = 100 * Double(accuracy.total - accuracy.correct) / Double(max(1, accuracy.total))
        let lines =
            [
                "model       \(file.printable), \(ModelKind.speech.sentence)",
                "hash        \(hash)",
                "symbols     \(SymbolTable(symbols: symbols).shown)",
            ] + ModelInspection.lines(frontEnd: frontEnd, hash: frontEndHash) + [
                "step        \(NumberText.milliseconds(stepSeconds))",
                """
                network     \(NumberText.grouped(parameters)) parameters, \(NumberText.grouped(multiplyAccumulatesPerSecond)) \
                multiply–accumulates per second of audio, \(causal ? "causal" : "not causal"), read-out \(network.readOut)
                """,
            ] + ModelInspection.lines(tensors: tensors) + ModelInspection.lines(training: provenance) + [
                accuracy.total == 0
                    ? "validation  none, \(provenance.splitRule)"
                    : """
                    validation  symbol error rate \(NumberText.fixed(rate, decimals: 2)) % (\(NumberText.grouped(accuracy.total - accuracy.correct)) \
                    of \(NumberText.grouped(accuracy.total))), split by \(provenance.splitRule)
                    """,
                "data        hash \(provenance.dataHash)",
            ]
        return (lines + ModelInspection.lines(data: provenance, noun: " sentences")).joined(separator: "\n")
    }
}
