package import MynahPlot
package import MynahTraining

/// How a training went, as a drawing: losses and validation errors over the epochs.
package struct TrainingCurves {
    private let epochs: [RunFolder.LogLine]

    /// Curves over epochs in their order.
    package init(_ epochs: [RunFolder.LogLine]) {
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
                        .line(Line(points: epochs.map { .init(x: Double($0.epoch), y: $0.trainingLoss) })),
                        .line(
                            Line(
                                points: epochs.map { .init(x: Double($0.epoch), y: $0.validationLoss) },
                                isJoined: false)),
                    ]),
                Chart(
                    title: "errors in validation", height: 180, xAxis: axis,
                    yAxis: Axis(label: "%", range: 0...max(errors.max() ?? 1, 1), tickCount: 5),
                    marks: [
                        .line(
                            Line(points: epochs.map { .init(x: Double($0.epoch), y: 100 * $0.errorRate) }))
                    ]),
            ])
    }

    private var axis: Axis {
        Axis(label: "epoch", range: 0...Double(max(1, epochs.last?.epoch ?? 1)), tickCount: 10)
    }
}

extension RunFolder.LogLine {
    /// Share of the validation that was wrong, 0 to 1; 1 where there is none.
    fileprivate var errorRate: Double { 1 - Double(validationCorrect) / Double(max(1, validationTotal)) }
}

extension RunFolder {
    /// Draws the log.
    package func writeCurves(of log: [LogLine]) throws {
        try write(TrainingCurves(log).figure.svg, to: .curves)
    }
}
