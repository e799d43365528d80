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

    /// Settings of detection by the name of their strictness; nil where the model has none.
    let detection: [String: DetectionSettings]?
    let spellings: Spellings?
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
        let settings = Strictness.allCases.compactMap { strictness in
            model.detection(strictness).map { (strictness.rawValue, $0) }
        }
        detection = settings.isEmpty ? nil : Dictionary(uniqueKeysWithValues: settings)
        spellings = model.spellings
        network = model.network
        tensors = Self.tensors(of: model.network)
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
        var lines = [
            "model       \(file.printable)",
            "hash        \(hash)",
            "labels      \(labels.joined(separator: " "))",
        ]
        lines += Self.lines(frontEnd: frontEnd, hash: frontEndHash)
        lines += [
            "window      \(NumberText.fixed(clipSeconds, decimals: 2)) s",
            "temperature \(NumberText.fixed(Double(temperature), decimals: 3))",
        ]
        lines += detectionLines + spellingLines
        lines += [
            """
            network     \(NumberText.grouped(parameters)) parameters, \(NumberText.grouped(multiplyAccumulatesPerSecond)) \
            multiply–accumulates per second of audio, \(causal ? "causal" : "not causal"), read-out \(network.readOut)
            """
        ]
        lines += Self.lines(tensors: tensors) + Self.lines(training: provenance)
        lines += [
            """
            validation  \(NumberText.fixed(share, decimals: 2)) % (\(NumberText.grouped(accuracy.correct)) of \(NumberText.grouped(accuracy.total))), \
            split by \(provenance.splitRule)
            """,
            "data        hash \(provenance.dataHash)",
        ]
        lines += Self.lines(data: provenance)
        return lines.joined(separator: "\n")
    }
}

extension ModelInspection {
    /// The thresholds of each strictness, if there are any.
    private var detectionLines: [String] {
        let all = Strictness.allCases.compactMap { strictness in
            detection?[strictness.rawValue].map { (strictness.rawValue, $0) }
        }
        return all.enumerated().map { index, entry in
            let thresholds = labels.compactMap { label in
                entry.1.thresholds[label].map { "\(label) \(NumberText.fixed(Double($0), decimals: 3))" }
            }
            let others = "others \(NumberText.fixed(Double(entry.1.threshold), decimals: 3))"
            let isComplete = thresholds.count == labels.count(where: StandardLabel.isWord)
            let time = NumberText.wholeMilliseconds(entry.1.minimumSeconds)
            return (index == 0 ? "thresholds  " : "            ") + "\(entry.0), for \(time): "
                + (thresholds + (isComplete ? [] : [others])).joined(separator: ", ")
        }
    }
}

extension ModelInspection {
    /// What was spelled of the recordings of each word, if anything.
    private var spellingLines: [String] {
        guard let spellings else { return [] }
        return ["spelled     by the speech model \(spellings.speechModel)"]
            + labels.compactMap { label in
                spellings.words[label].map { heard in
                    let isWritten = spellings.written.contains(label)
                    return
                        "            \(label)\(isWritten ? "" : ", not as it is written"): \(heard.joined(separator: " "))"
                }
            }
    }
}

// What models of every kind have.
extension ModelInspection {
    static func tensors(of network: NetworkDescription) -> [Tensor] {
        network.parameterLayout.entries.map {
            Tensor(name: $0.name, shape: $0.shape, parameters: $0.range.count)
        }
    }

    static func lines(frontEnd: FrontEndConfiguration, hash: String) -> [String] {
        [
            """
            front end   \(frontEnd.sampleRate) Hz, frames of \(NumberText.fixed(frontEnd.frameLengthMilliseconds, decimals: 0)) ms \
            every \(NumberText.fixed(frontEnd.frameShiftMilliseconds, decimals: 0)) ms, \(frontEnd.mel.bandCount) mel bands, \
            \(frontEnd.featureCount) features
            """,
            "            hash \(hash)",
        ]
    }

    static func lines(tensors: [Tensor]) -> [String] {
        let nameWidth = tensors.map(\.name.count).max() ?? 0
        return tensors.map { tensor in
            let padding = String(repeating: " ", count: nameWidth - tensor.name.count)
            return
                "            \(tensor.name)\(padding)  \(tensor.shape)  \(NumberText.grouped(tensor.parameters))"
        }
    }

    static func lines(training provenance: TrainingProvenance) -> [String] {
        // A model that was taught words, or is the mean of others, was not trained itself.
        let epochs =
            provenance.epochCount == 0
            ? "" : ", best of \(provenance.epochCount) epochs: \(provenance.bestEpoch)"
        return [
            "trained     \(provenance.date) by mynah \(provenance.mynahVersion), seed \(provenance.seed)\(epochs)",
            "            \(provenance.commandLine)",
        ]
    }

    /// - Parameter noun: what is counted, where it is no clips.
    static func lines(data provenance: TrainingProvenance, noun: String = "") -> [String] {
        var lines = provenance.data.clips.map {
            "            \($0.label): \(NumberText.grouped($0.training)) training, \(NumberText.grouped($0.validation)) validation, \(NumberText.grouped($0.testing)) testing\(noun)"
        }
        if let attribution = provenance.attribution { lines.append("            \(attribution)") }
        lines.append(
            "settings    " + provenance.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", "))
        return lines
    }
}
