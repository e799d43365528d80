package import MynahBase
package import MynahData
package import MynahNetwork

/// To name clips: windows of one length, with a label each.
package struct ClipTask<Training: ExampleSource, Validation: ExampleSource>: TrainingTask {
    package let network: NetworkDescription
    private let teacher: Teacher?
    private let training: Training
    private let validation: Validation

    /// Brings together what training needs.
    ///
    /// Throws when the network cannot be built; traps when the sources or the teacher do not fit to it.
    init(
        network: NetworkDescription, teacher: Teacher?, training: Training, validation: Validation
    ) throws(NetworkError) {
        try network.validate()
        try network.validate(frameCount: training.frameCount)
        precondition(
            training.featureCount == network.inputSize && validation.featureCount == network.inputSize,
            """
            examples of \(training.featureCount) and \(validation.featureCount) features for a network of \
            \(network.inputSize) inputs
            """)
        if let teacher {
            precondition(
                (teacher.network.inputSize, teacher.network.classCount) == (
                    network.inputSize, network.classCount
                ),
                """
                a teacher of \(teacher.network.inputSize) inputs and \(teacher.network.classCount) classes for a \
                network of \(network.inputSize) and \(network.classCount)
                """)
            try teacher.network.validate()
            try teacher.network.validate(frameCount: training.frameCount)
        }
        self.network = network
        self.teacher = teacher
        self.training = training
        self.validation = validation
    }

    package var exampleCount: Int { training.exampleCount(epoch: 0) }

    package var validationTotal: Int { validation.exampleCount(epoch: 0) }

    /// Clips that go through the network together: those of the settings, but not more than memory is allowed for.
    private func shardSize(batchSize: Int, settings: TrainingSettings) -> Int {
        [network, teacher?.network ?? network].reduce(settings.shardSize(batchSize: batchSize)) {
            $1.batchSize($0, frameCount: training.frameCount)
        }
    }

    package func carriedClipLimit(batchSize: Int, settings: TrainingSettings) -> Int {
        shardSize(batchSize: batchSize, settings: settings)
    }

    package func makeTeam(
        batchSize: Int, settings: TrainingSettings, communicator: any Communicator
    ) -> ClipTeam<Training, Validation> {
        let shardSize = shardSize(batchSize: batchSize, settings: settings)
        return ClipTeam(
            training: BatchTeam(
                source: training, network: network, settings: settings, teacher: teacher,
                batchSize: batchSize, shardSize: shardSize, communicator: communicator),
            validation: BatchTeam(
                source: validation, network: network, settings: settings, batchSize: batchSize,
                shardSize: shardSize, communicator: communicator))
    }
}

/// Threads that learn to name clips, and others that see how well.
package struct ClipTeam<Training: ExampleSource, Validation: ExampleSource>: TrainingTeam {
    let training: BatchTeam<Training>
    let validation: BatchTeam<Validation>

    package func gradient(
        of batch: Range<Int>, epoch: Int, parameters: [Float]
    ) throws -> (gradient: [Float], loss: Double) {
        let (gradient, sums) = try training.gradient(of: batch, epoch: epoch, parameters: parameters)
        return (gradient, sums.loss)
    }

    package func validate(parameters: [Float]) throws -> (loss: Double?, correct: Int) {
        let (sums, total) = try validation.evaluate(epoch: 0, parameters: parameters)
        return (sums.loss / Double(total), sums.correct)
    }

    package func gatherCarriedStates() -> [CarriedState] { training.gatherCarriedStates() }

    package func restore(_ states: [CarriedState]) { training.restore(states) }
}
