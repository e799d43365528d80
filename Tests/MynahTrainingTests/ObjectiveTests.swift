import Glibc
import MynahNetwork
import Testing

@testable import MynahTraining

/// The gradient of what training minimizes, against differences of the loss written out as in the papers.
@Suite struct ObjectiveTests {
    private static let classCount = 3
    private static let labels = [0, 2]

    /// Two decisions of two clips; the last one is that at the end.
    private static let logits: [Float] = [
        0.3, -0.2, 0.9, 1.1, 0.4, -0.7,
        0.5, 0.1, -0.3, -0.4, 0.8, 0.2,
    ]

    private static func settings() -> TrainingSettings {
        var settings = TrainingSettings()
        settings.earlyDecisionShare = 0.4
        settings.labelSmoothing = 0.1
        settings.teacherShare = 0.7
        settings.teacherTemperature = 2
        return settings
    }

    private static func logSoftmax(_ values: [Double]) -> [Double] {
        let sum = log(values.reduce(0) { $0 + exp($1) })
        return values.map { $0 - sum }
    }

    /// Cross-entropy with a smoothed label.
    private static func labelLoss(_ logits: [Double], _ label: Int) -> Double {
        let logs = logSoftmax(logits)
        return -logs.indices.reduce(0) { sum, index in
            sum + (0.1 / Double(classCount) + (index == label ? 0.9 : 0)) * logs[index]
        }
    }

    /// The loss of both clips, with a teacher who counts for some of them.
    private static func loss(_ logits: [Double], teacher: [Float]?, follows: [Bool]) -> Double {
        labels.indices.reduce(0) { sum, clip in
            func row(_ decision: Int) -> [Double] {
                Array(logits[(decision * 2 + clip) * 3..<(decision * 2 + clip) * 3 + 3])
            }
            let label = labels[clip]
            var end = labelLoss(row(1), label)
            if let teacher, follows[clip] {
                let target = logSoftmax(teacher[clip * 3..<clip * 3 + 3].map { Double($0) / 2 }).map(exp)
                let own = logSoftmax(row(1).map { $0 / 2 })
                end = 0.3 * end - 0.7 * 4 * zip(target, own).reduce(0) { $0 + $1.0 * $1.1 }
            }
            return sum + 0.4 * labelLoss(row(0), label) + 0.6 * end
        }
    }

    private func expectGradient(teacher: [Float]?, follows: [Bool]) {
        let objective = Objective(classCount: Self.classCount, settings: Self.settings())
        let (_, gradient) = objective.evaluate(
            logits: Self.logits, labels: Self.labels, teacherLogits: teacher)
        for index in Self.logits.indices {
            var (above, below) = (Self.logits.map(Double.init), Self.logits.map(Double.init))
            above[index] += 1e-4
            below[index] -= 1e-4
            let slope =
                (Self.loss(above, teacher: teacher, follows: follows)
                    - Self.loss(below, teacher: teacher, follows: follows)) / 2e-4
            #expect(abs(Double(gradient[index]) - slope) < 1e-5, "logit \(index)")
        }
    }

    @Test func labelsAlone() {
        expectGradient(teacher: nil, follows: [false, false])
    }

    @Test func aTeacherWhoIsRight() {
        expectGradient(teacher: [2, 0.5, -1, -1, 0.3, 0.9], follows: [true, true])
    }

    /// The second clip is something else to the teacher, and its label alone counts.
    @Test func aTeacherCountsWhereItIsRight() {
        expectGradient(teacher: [2, 0.5, -1, 3, 0.3, 0.9], follows: [true, false])
    }
}
