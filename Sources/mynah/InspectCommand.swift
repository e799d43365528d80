import ArgumentParser
import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition

/// `mynah inspect`: what is in a model file.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a model file holds: labels, front end, layers, cost, and where it comes from.",
        discussion: """
            EXAMPLE
              mynah inspect my-words.safetensors
              mynah inspect
            """)

    @Argument(help: "A model file; without it, the model built into mynah.")
    var model: String?

    @Flag(help: "Print the same as JSON.")
    var json = false

    func run() throws {
        let loaded = try model.map { try CommandModel(contentsOf: $0) } ?? CommandModel.builtIn()
        let inspection = ModelInspection(loaded, name: model ?? "built-in")
        try Terminal.print(json ? jsonText(inspection, pretty: true) : inspection.text)
    }
}

/// What `mynah inspect` shows.
private struct ModelInspection: Encodable {
    struct Tensor: Encodable {
        let name: String
        let shape: [Int]
        let parameters: Int
    }

    let file: String
    let hash: String
    let labels: [String]
    let frontEnd: MFCCConfiguration
    let frontEndHash: String
    let clipSeconds: Double
    let temperature: Float
    let network: NetworkDescription
    let tensors: [Tensor]
    let parameters: Int
    let multiplyAccumulatesPerSecond: Int
    let causal: Bool
    let provenance: TrainingProvenance

    init(_ model: CommandModel, name: String) {
        file = name
        hash = model.hash
        labels = model.labels
        frontEnd = model.frontEnd
        frontEndHash = model.frontEndHash
        clipSeconds = Double(model.clipSampleCount) / Double(model.frontEnd.sampleRate)
        temperature = model.temperature
        network = model.network
        tensors = model.network.parameterLayout.entries.map {
            Tensor(name: $0.name, shape: $0.shape, parameters: $0.range.count)
        }
        parameters = model.parameters.count
        let framesPerSecond = 1000 / model.frontEnd.frameShiftMilliseconds
        multiplyAccumulatesPerSecond = Int(
            Double(model.network.multiplyAccumulatesPerFrame) * framesPerSecond
                + Double(model.network.multiplyAccumulatesPerDecision) / clipSeconds)
        causal = model.network.isCausal
        provenance = model.provenance
    }

    var text: String {
        let accuracy = provenance.validationAccuracy
        let share = 100 * Double(accuracy.correct) / Double(max(1, accuracy.total))
        let nameWidth = tensors.map(\.name.count).max() ?? 0
        var lines = [
            "model       \(file.printable)",
            "hash        \(hash)",
            "labels      \(labels.joined(separator: " "))",
            """
            front end   \(frontEnd.sampleRate) Hz, frames of \(fixed(frontEnd.frameLengthMilliseconds, digits: 0)) ms \
            every \(fixed(frontEnd.frameShiftMilliseconds, digits: 0)) ms, \(frontEnd.mel.bandCount) mel bands, \
            \(frontEnd.featureCount) features
            """,
            "            hash \(frontEndHash)",
            "window      \(fixed(clipSeconds, digits: 2)) s",
            "temperature \(fixed(Double(temperature), digits: 3))",
            """
            network     \(grouped(parameters)) parameters, \(grouped(multiplyAccumulatesPerSecond)) \
            multiply–accumulates per second of audio, \(causal ? "causal" : "not causal"), read-out \(network.readOut)
            """,
        ]
        lines += tensors.map { tensor in
            let padding = String(repeating: " ", count: nameWidth - tensor.name.count)
            return "            \(tensor.name)\(padding)  \(tensor.shape)  \(grouped(tensor.parameters))"
        }
        lines += [
            """
            trained     \(provenance.date) by mynah \(provenance.mynahVersion), seed \(provenance.seed), best of \
            \(provenance.epochCount) epochs: \(provenance.bestEpoch)
            """,
            "            \(provenance.commandLine)",
            """
            validation  \(fixed(share, digits: 2)) % (\(grouped(accuracy.correct)) of \(grouped(accuracy.total))), \
            split by \(provenance.splitRule)
            """,
            "data        hash \(provenance.dataHash)",
        ]
        lines += provenance.data.clips.map {
            "            \($0.label): \(grouped($0.training)) training, \(grouped($0.validation)) validation, \(grouped($0.testing)) testing"
        }
        if let attribution = provenance.attribution { lines.append("            \(attribution)") }
        lines += [
            "settings    " + provenance.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        ]
        return lines.joined(separator: "\n")
    }
}
