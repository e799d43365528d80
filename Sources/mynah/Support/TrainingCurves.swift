import MynahPlot

/// How a training went, as a drawing: losses and validation accuracy over the epochs.
struct TrainingCurves {
    private let log: [RunFolder.LogLine]

    init(_ log: [RunFolder.LogLine]) {
        self.log = log
    }

    var figure: Figure {
        let losses = log.flatMap { [$0.trainingLoss, $0.validationLoss] }
        let errors = log.map(errorPercent)
        return Figure(
            title: "training and validation",
            charts: [
                Chart(
                    title: "loss: training (augmented, joined), validation (points)", height: 180,
                    xAxis: epochs,
                    yAxis: Axis(label: "nats", range: 0...max(losses.max() ?? 1, 0.1), tickCount: 5),
                    marks: [
                        .line(Line(points: log.map { .init(x: Double($0.epoch), y: $0.trainingLoss) })),
                        .line(
                            Line(
                                points: log.map { .init(x: Double($0.epoch), y: $0.validationLoss) },
                                isJoined: false)),
                    ]),
                Chart(
                    title: "validation clips not recognized", height: 180, xAxis: epochs,
                    yAxis: Axis(label: "%", range: 0...max(errors.max() ?? 1, 1), tickCount: 5),
                    marks: [
                        .line(Line(points: log.map { .init(x: Double($0.epoch), y: errorPercent($0)) }))
                    ]),
            ])
    }

    private var epochs: Axis {
        Axis(label: "epoch", range: 0...Double(max(1, log.last?.epoch ?? 1)), tickCount: 10)
    }

    private func errorPercent(_ line: RunFolder.LogLine) -> Double {
        100 * (1 - Double(line.validationCorrect) / Double(max(1, line.validationTotal)))
    }
}
