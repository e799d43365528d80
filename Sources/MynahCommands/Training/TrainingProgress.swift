import MynahBase
import MynahTraining

/// What is told of a training while it goes on: a line for each epoch, and, on a terminal, how far it has come.
struct TrainingProgress<Job: ToldTraining> {
    let epochCount: Int

    /// The best model so far, of this run.
    private(set) var written: Job.Model?

    init(epochCount: Int) {
        self.epochCount = epochCount
    }

    /// Tells how far a run has come.
    mutating func tell(_ progress: TrainingRun<Job>.Progress) {
        switch progress {
        case .step(let epoch, let done, let count, let perSecond):
            show(epoch: epoch, done: done, count: count, perSecond: perSecond)
        case .stopped: Terminal.clearStatus()
        case .epoch(let log, let best):
            Terminal.clearStatus()
            if let best { written = best }
            if let line = log.last { tell(line) }
        }
    }

    private func tell(_ line: RunFolder.LogLine) {
        let validationLoss =
            line.validationTotal > 0
            ? "validation loss \(NumberText.fixed(line.validationLoss, decimals: 3)), " : ""
        Terminal.note(
            """
            epoch \(line.epoch)/\(epochCount): loss \
            \(NumberText.fixed(line.trainingLoss, decimals: 3)), \(validationLoss)\
            \(Job.validated(line.validationCorrect, line.validationTotal)), \
            \(Self.rate(line.clipsPerSecond))\(line.isBest ? ", best so far" : "")
            """)
    }

    private func show(epoch: Int, done: Int, count: Int, perSecond: Double) {
        Terminal.showStatus { columns in
            let left = Double((epochCount - epoch) * count - done) / max(perSecond, 1e-9)
            let text =
                "epoch \(epoch + 1)/\(epochCount) \(Self.rate(perSecond)), at most \(Self.duration(left)) left"
            let bar = Terminal.bar(
                filled: count == 0 ? 1 : Double(done) / Double(count),
                columns: min(40, columns - text.displayWidth - 1))
            return bar.isEmpty ? text : "\(bar) \(text)"
        }
    }

    private static func rate(_ perSecond: Double) -> String {
        "\(NumberText.fixed(perSecond, decimals: perSecond < 100 ? 1 : 0)) \(Job.examples)/s"
    }

    private static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e7 else { return "?" }
        let whole = Int(seconds)
        return whole >= 3600
            ? "\(whole / 3600) h \(whole % 3600 / 60) min"
            : whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
    }
}

/// A training that can be told of.
protocol ToldTraining: TrainingJob {
    /// What the examples are called.
    static var examples: String { get }

    /// The result of a validation in words.
    static func validated(_ correct: Int, _ total: Int) -> String
}

extension CommandTraining: ToldTraining {
    static var examples: String { "clips" }

    static func validated(_ correct: Int, _ total: Int) -> String {
        let share = 100 * Double(correct) / Double(max(1, total))
        return
            "\(NumberText.fixed(share, decimals: 2)) % of validation (\(NumberText.grouped(correct)) of \(NumberText.grouped(total)))"
    }
}

extension SpeechTraining: ToldTraining {
    static var examples: String { "sentences" }

    static func validated(_ correct: Int, _ total: Int) -> String {
        guard total > 0 else { return "no validation" }
        let share = 100 * Double(total - correct) / Double(total)
        return
            "symbol error rate \(NumberText.fixed(share, decimals: 2)) % in validation (\(NumberText.grouped(total - correct)) of \(NumberText.grouped(total)))"
    }
}

extension IntentTraining: ToldTraining {
    static var examples: String { "phrases" }

    static func validated(_ correct: Int, _ total: Int) -> String {
        guard total > 0 else { return "no validation" }
        let share = 100 * Double(correct) / Double(total)
        return
            "\(NumberText.fixed(share, decimals: 2)) % of validation read rightly (\(NumberText.grouped(correct)) of \(NumberText.grouped(total)))"
    }
}
