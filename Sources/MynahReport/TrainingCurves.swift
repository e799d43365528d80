package import MynahPlot

/// How a training went, as a drawing: losses and validation errors over the epochs.
package struct TrainingCurves {
    /// What is drawn of one epoch.
    package struct Epoch {
        /// Counted from 1.
        let number: Int

        /// In nats, of augmented clips.
        let trainingLoss: Double

        /// In nats, of validation clips as they are.
        let validationLoss: Double

        /// Share of the validation clips that were not recognized, 0 to 1.
        let errorRate: Double

        /// Wraps the figures of an epoch.
        package init(number: Int, trainingLoss: Double, validationLoss: Double, errorRate: Double) {
            self.number = number
            self.trainingLoss = trainingLoss
            self.validationLoss = validationLoss
            self.errorRate = errorRate
        }
    }

    private let epochs: [Epoch]

    /// Curves over epochs in their order.
    package init(_ epochs: [Epoch]) {
        self.epochs = epochs
    }

    /// The drawing.
    package var figure: Figure {
        let losses = epochs.flatMap { [$0.trainingLoss, $0.validationLoss] }
        let errors = epochs.map { 100 * $0.errorRate }
        return Figure(
            title: "training and validation",
            charts: [
                Chart(
                    title: "loss: training (augmented, joined), validation (points)", height: 180,
                    xAxis: axis,
                    yAxis: Axis(label: "nats", range: 0...max(losses.max() ?? 1, 0.1), tickCount: 5),
                    marks: [
                        .line(Line(points: epochs.map { .init(x: Double($0.number), y: $0.trainingLoss) })),
                        .line(
                            Line(
                                points: epochs.map { .init(x: Double($0.number), y: $0.validationLoss) },
                                isJoined: false)),
                    ]),
                Chart(
                    title: "validation clips not recognized", height: 180, xAxis: axis,
                    yAxis: Axis(label: "%", range: 0...max(errors.max() ?? 1, 1), tickCount: 5),
                    marks: [
                        .line(
                            Line(points: epochs.map { .init(x: Double($0.number), y: 100 * $0.errorRate) }))
                    ]),
            ])
    }

    private var axis: Axis {
        Axis(label: "epoch", range: 0...Double(max(1, epochs.last?.number ?? 1)), tickCount: 10)
    }
}
