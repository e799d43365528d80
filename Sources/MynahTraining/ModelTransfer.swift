import MynahBase
import MynahFeatures
public import MynahModel
import MynahNetwork

/// What a training takes over from models that were trained before.
public struct ModelTransfer: Sendable {
    /// The model whose weights training starts from; nil for random ones.
    public var start: CommandModel?

    /// The speech model whose layers training starts from, read-out and output being random; nil for none.
    package var speech: SpeechModel?

    /// The model whose posteriors are learnt; nil for none.
    public var teacher: CommandModel?

    /// Takes nothing over, unless told otherwise.
    public init(start: CommandModel? = nil, teacher: CommandModel? = nil) {
        self.start = start
        self.teacher = teacher
    }

    /// The statistics of the features that these models were trained with; nil to fit new ones.
    var normalizer: FeatureNormalizer? { (startModel ?? teacher)?.normalizer }

    /// Length of the clips that the models of commands hear, in seconds; nil without one.
    package var clipSeconds: Double? {
        (start ?? teacher).map { Double($0.clipSampleCount) / Double($0.frontEnd.sampleRate) }
    }

    /// The model that training starts from, of either kind.
    package var startModel: (any HearingModel)? { start ?? speech }

    /// Makes sure that the models can be used for a plan and its labels.
    ///
    /// - Throws: `TrainingError.otherModel`, `ModelError.otherFrontEnd`.
    func check(_ plan: CommandTraining.Plan, labels: [String]) throws {
        precondition(start == nil || speech == nil, "two models to start from")
        if let speech {
            try speech.requireFrontEnd(plan.frontEnd)
        }
        if let own = (start?.network ?? speech?.network)?.layers, Self.text(own) != Self.text(plan.layers) {
            throw TrainingError.otherModel(
                role: "start",
                difference: "its layers are \(Self.text(own)), expected \(Self.text(plan.layers))")
        }
        if let own = start?.network.readOut, own != plan.readOut {
            throw TrainingError.otherModel(
                role: "start", difference: "its read-out is \(own), expected \(plan.readOut)")
        }
        // Weights do not depend on the length of a clip; what a teacher says of one does.
        try start?.requireFrontEnd(plan.frontEnd)
        if let teacher {
            try teacher.requireFrontEnd(plan.frontEnd)
            guard teacher.clipSampleCount == plan.clipSampleCount else {
                throw TrainingError.otherModel(
                    role: "teacher",
                    difference:
                        "its clips have \(teacher.clipSampleCount) samples, expected \(plan.clipSampleCount)")
            }
        }
        if let start {
            let known = LookalikeNames(start.labels)
            for label in labels where !start.labels.contains(label) {
                guard let other = known.lookalike(of: label) else { continue }
                throw TrainingError.otherModel(
                    role: "start",
                    difference:
                        "its label \(other.quoted) differs from \(label.quoted) in case, blanks or invisible characters only"
                )
            }
        }
        if let startModel, let teacher, startModel.normalizer != teacher.normalizer {
            throw TrainingError.otherModel(
                role: "teacher", difference: "its features are normalized otherwise than those of the start")
        }
        if let teacher, Set(teacher.labels) != Set(labels) {
            throw TrainingError.otherModel(
                role: "teacher",
                difference:
                    "its labels are \(teacher.labels.joined(separator: " ")), expected \(labels.joined(separator: " "))"
            )
        }
    }

    private static func text(_ layers: [LayerDescription]) -> String {
        layers.map(\.description).joined(separator: ",")
    }

    /// The weights to start from, for a network with the layers of the start; nil for random ones.
    ///
    /// The rows of the output layer belong to labels, and a label that the start does not know keeps the random ones of
    /// `initial`, as all read-out and output do that starts from a speech model.
    func startParameters(labels: [String], network: NetworkDescription, initial: [Float]) -> [Float]? {
        if let speech { return Self.parameters(of: speech, network: network, initial: initial) }
        guard let start else { return nil }
        let own = start.network.withLayers(like: network, start.parameters)
        return network.parameterLayout.takingOver(
            own.parameters, laidOutBy: own.network.parameterLayout,
            sources: labels.map { start.labels.firstIndex(of: $0) }, into: initial)
    }

    /// `initial` with the layers of a speech model.
    private static func parameters(
        of speech: SpeechModel, network: NetworkDescription, initial: [Float]
    ) -> [Float] {
        var parameters = initial
        let own = speech.network.withLayers(like: network, speech.parameters)
        let isLayer: (ParameterLayout.Entry) -> Bool = { if case .layer = $0.part { true } else { false } }
        for (old, new) in zip(
            own.network.parameterLayout.entries.filter(isLayer),
            network.parameterLayout.entries.filter(isLayer))
        {
            parameters.replaceSubrange(new.range, with: own.parameters[old.range])
        }
        return parameters
    }

    /// The teacher, with its classes in the order of `labels`.
    func teacher(labels: [String]) -> Teacher? {
        guard let teacher else { return nil }
        let layout = teacher.network.parameterLayout
        let parameters = layout.takingOver(
            teacher.parameters, laidOutBy: layout, sources: labels.map { teacher.labels.firstIndex(of: $0) },
            into: teacher.parameters)
        return Teacher(network: teacher.network, parameters: parameters)
    }
}
