import MynahBase
import MynahFeatures
public import MynahModel
import MynahNetwork

/// What a training takes over from models that were trained before.
public struct ModelTransfer: Sendable {
    /// The model whose weights training starts from; nil for random ones.
    public var start: CommandModel?

    /// The model whose posteriors are learnt; nil for none.
    public var teacher: CommandModel?

    /// Takes nothing over, unless told otherwise.
    public init(start: CommandModel? = nil, teacher: CommandModel? = nil) {
        self.start = start
        self.teacher = teacher
    }

    /// The statistics of the features that these models were trained with; nil to fit new ones.
    var normalizer: FeatureNormalizer? { start?.normalizer ?? teacher?.normalizer }

    /// Makes sure that the models can be used for a plan and its labels.
    ///
    /// - Throws: `TrainingError.otherModel`, `ModelError.otherFrontEnd`.
    func check(_ plan: CommandTraining.Plan, labels: [String]) throws {
        for (role, model) in [("start", start), ("teacher", teacher)] {
            guard let model else { continue }
            try model.requireFrontEnd(plan.frontEnd)
            guard model.clipSampleCount == plan.clipSampleCount else {
                throw TrainingError.otherModel(
                    role: role,
                    difference:
                        "its clips have \(model.clipSampleCount) samples, expected \(plan.clipSampleCount)")
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
        if let start, let teacher, start.normalizer != teacher.normalizer {
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

    /// The weights to start from, for a network of the start's shape: those of the output layer belong to labels, and a
    /// label that the start does not know keeps the random ones of `initial`.
    func startParameters(labels: [String], network: NetworkDescription, initial: [Float]) -> [Float]? {
        guard let start else { return nil }
        var parameters = initial
        let layout = network.parameterLayout
        for (old, new) in zip(start.network.parameterLayout.entries, layout.entries) {
            guard new.part == .output else {
                parameters.replaceSubrange(new.range, with: start.parameters[old.range])
                continue
            }
            let rowSize = new.range.count / labels.count
            for (row, label) in labels.enumerated() {
                guard let source = start.labels.firstIndex(of: label) else { continue }
                let from = old.range.lowerBound + source * rowSize
                let to = new.range.lowerBound + row * rowSize
                parameters.replaceSubrange(to..<to + rowSize, with: start.parameters[from..<from + rowSize])
            }
        }
        return parameters
    }

    /// The teacher, with its classes in the order of `labels`.
    func teacher(labels: [String]) -> Teacher? {
        guard let teacher else { return nil }
        var parameters = teacher.parameters
        for entry in teacher.network.parameterLayout.entries where entry.part == .output {
            let rowSize = entry.range.count / labels.count
            for (row, label) in labels.enumerated() {
                guard let source = teacher.labels.firstIndex(of: label) else { continue }
                let from = entry.range.lowerBound + source * rowSize
                let to = entry.range.lowerBound + row * rowSize
                parameters.replaceSubrange(to..<to + rowSize, with: teacher.parameters[from..<from + rowSize])
            }
        }
        return Teacher(network: teacher.network, parameters: parameters)
    }
}
