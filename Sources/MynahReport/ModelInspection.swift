import MynahBase
import MynahFeatures
package import MynahModel
import MynahNetwork

/// What a model file holds: labels, front end, layers, cost, and where it comes from.
package struct ModelInspection: Encodable {
    struct Tensor: Encodable {
        let name: String
        let shape: [Int]
        let parameters: Int
    }

    let file: String
    let hash: String
    let labels: [String]
    let frontEnd: FrontEndConfiguration
    let frontEndHash: String
    let clipSeconds: Double
    let temperature: Float
    let network: NetworkDescription
    let tensors: [Tensor]
    let parameters: Int
    let multiplyAccumulatesPerSecond: Int
    let causal: Bool
    let provenance: TrainingProvenance

    /// Looks at a model that is called `name`.
    package init(of model: CommandModel, name: String) {
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

    /// The same for a person, without a line break at the end.
    package var text: String {
        let accuracy = provenance.validationAccuracy
        let share = 100 * Double(accuracy.correct) / Double(max(1, accuracy.total))
        let nameWidth = tensors.map(\.name.count).max() ?? 0
        var lines = [
            "model       \(file.printable)",
            "hash        \(hash)",
            "labels      \(labels.joined(separator: " "))",
            """
            front end   \(frontEnd.sampleRate) Hz, frames of \(NumberText.fixed(frontEnd.frameLengthMilliseconds, decimals: 0)) ms \
            every \(NumberText.fixed(frontEnd.frameShiftMilliseconds, decimals: 0)) ms, \(frontEnd.mel.bandCount) mel bands, \
            \(frontEnd.featureCount) features
            """,
            "            hash \(frontEndHash)",
            "window      \(NumberText.fixed(clipSeconds, decimals: 2)) s",
            "temperature \(NumberText.fixed(Double(temperature), decimals: 3))",
            """
            network     \(NumberText.grouped(parameters)) parameters, \(NumberText.grouped(multiplyAccumulatesPerSecond)) \
            multiply–accumulates per second of audio, \(causal ? "causal" : "not causal"), read-out \(network.readOut)
            """,
        ]
        lines += tensors.map { tensor in
            let padding = String(repeating: " ", count: nameWidth - tensor.name.count)
            return
                "            \(tensor.name)\(padding)  \(tensor.shape)  \(NumberText.grouped(tensor.parameters))"
        }
        lines += [
            """
            trained     \(provenance.date) by mynah \(provenance.mynahVersion), seed \(provenance.seed), best of \
            \(provenance.epochCount) epochs: \(provenance.bestEpoch)
            """,
            "            \(provenance.commandLine)",
            """
            validation  \(NumberText.fixed(share, decimals: 2)) % (\(NumberText.grouped(accuracy.correct)) of \(NumberText.grouped(accuracy.total))), \
            split by \(provenance.splitRule)
            """,
            "data        hash \(provenance.dataHash)",
        ]
        lines += provenance.data.clips.map {
            "            \($0.label): \(NumberText.grouped($0.training)) training, \(NumberText.grouped($0.validation)) validation, \(NumberText.grouped($0.testing)) testing"
        }
        if let attribution = provenance.attribution { lines.append("            \(attribution)") }
        lines += [
            "settings    " + provenance.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        ]
        return lines.joined(separator: "\n")
    }
}
