import MynahBase
import MynahNetwork
import Testing

@testable import MynahEvaluation

/// Whether 95 % intervals cover the true value in 95 % of evaluations, by simulation.
@Suite struct CoverageTests {
    static let evaluations = 2_000

    @Test(arguments: [(200, 0.8), (1_000, 0.93), (4_000, 0.97)])
    func wilsonCoversIndependentClips(clips: Int, accuracy: Float) {
        var generator = SeededGenerator(seed: 11, clips)
        let covered = (0..<Self.evaluations).count { _ in
            let correct = (0..<clips).count { _ in generator.uniform() < accuracy }
            return Interval.wilson(count: correct, total: clips).contains(Double(accuracy))
        }
        let share = Double(covered) / Double(Self.evaluations)
        #expect((0.93...0.97).contains(share), "covered \(share)")
    }

    /// Clips of three labels that are confused at random: two labels in 15 % of their clips, the third, a rare one,
    /// in 40 %.
    @Test func f1IntervalCoversIndependentClips() {
        let clipCount = 1_000
        let shares: [Float] = [0.5, 0.9, 1]
        let errors: [Float] = [0.15, 0.15, 0.4]
        // The rare label: 10 % of the clips, right in 6 %; heard by mistake in half of the 13.5 % of other errors.
        let truth = 2 * 0.06 / (0.1 + 0.06 + 0.9 * 0.15 / 2)
        var generator = SeededGenerator(seed: 13)
        let covered = (0..<Self.evaluations).count { _ in
            var (correct, concerned) = (0, 0)
            for _ in 0..<clipCount {
                let draw = generator.uniform()
                let label = shares.firstIndex { draw < $0 } ?? 2
                let isWrong = generator.uniform() < errors[label]
                let heard = isWrong ? (label + (generator.uniform() < 0.5 ? 1 : 2)) % 3 : label
                concerned += label == 2 || heard == 2 ? 1 : 0
                correct += label == 2 && heard == 2 ? 1 : 0
            }
            return Interval.f1(correct: correct, concerned: concerned).contains(truth)
        }
        let share = Double(covered) / Double(Self.evaluations)
        #expect((0.93...0.97).contains(share), "covered \(share)")
    }

    /// A hundred speakers, each with 5 to 40 clips; four in five are heard well and the fifth badly.
    ///
    /// The interval over speakers keeps its promise, the one that takes their clips for independent does not.
    @Test func bootstrapCoversSpeakersThatDiffer() {
        let (good, bad): (Float, Float) = (0.98, 0.78)
        let accuracy = Double(0.8 * good + 0.2 * bad)
        var covered = 0
        var coveredByWilson = 0
        for evaluation in 0..<Self.evaluations {
            var generator = SeededGenerator(seed: 12, evaluation)
            var correct: [Double] = []
            var total: [Double] = []
            for _ in 0..<100 {
                let clips = 5 + Int(generator.uniform() * 36)
                let skill = generator.uniform() < 0.2 ? bad : good
                correct.append(Double((0..<clips).count { _ in generator.uniform() < skill }))
                total.append(Double(clips))
            }
            let bootstrap = ClusterBootstrap(seed: UInt64(evaluation), replicateCount: 400)
            if bootstrap.interval(ratioOf: correct, to: total).contains(accuracy) { covered += 1 }
            let wilson = Interval.wilson(
                count: Int(correct.reduce(0, +)), total: Int(total.reduce(0, +)))
            if wilson.contains(accuracy) { coveredByWilson += 1 }
        }
        let share = Double(covered) / Double(Self.evaluations)
        #expect((0.93...0.97).contains(share), "covered \(share)")
        let wilsonShare = Double(coveredByWilson) / Double(Self.evaluations)
        #expect(wilsonShare < 0.9, "Wilson covered \(wilsonShare)")
    }
}
