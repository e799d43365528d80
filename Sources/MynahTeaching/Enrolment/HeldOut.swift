import Glibc
import MynahBase
import MynahModel

/// What was said of recordings and negatives by output layers that had not learnt from them: thresholds and advice follow.
struct HeldOut {
    let takes: [RecordingsFolder.Take]

    /// `[takes]`, a label each.
    let classes: [Int]

    /// `[C]`.
    let labels: [String]

    /// `[takes][C]` and `[N][C]`.
    let positives: [[Float]]
    let negatives: [[Float]]

    /// Recordings that differ from the others of their word.
    let differing: Set<Int>

    /// `[takes]`: whether each was left out; the only one of a word was not.
    let isLeftOut: [Bool]

    /// Thresholds are held within what a stream can reach and what is not heard by chance.
    private static let allowedThresholds: ClosedRange<Float> = 0.5...0.95

    /// The threshold of a word of which there is but one recording.
    private static let usualThreshold: Float = 0.7

    /// Share of the negatives in which a word may be heard.
    private static let falseAlarmShare = 0.002

    /// How much less probable than the word another one may be to count as close.
    private static let closeShare: Float = 0.1

    /// Recordings whose label was the most probable.
    var recognized: (count: Int, total: Int) {
        let asked = takes.indices.filter { isLeftOut[$0] }
        return (asked.count { positives[$0].indexOfLargest == classes[$0] }, asked.count)
    }

    var advice: EnrolmentAdvice {
        EnrolmentAdvice(
            words: labels.indices.dropFirst(EnrolmentFit.standardLabels.count).map(advice),
            negativeCount: negatives.count)
    }

    private func advice(of label: Int) -> EnrolmentAdvice.Word {
        let own = takes.indices.filter { classes[$0] == label }
        let canTell = own.allSatisfy { isLeftOut[$0] }
        let threshold = canTell ? threshold(of: label, own) : Self.usualThreshold
        let heard = own.count {
            positives[$0].indexOfLargest == label && positives[$0][label] >= threshold
        }
        let closest = canTell ? closest(to: label, own) : nil
        let falseAlarms = negatives.count { $0.indexOfLargest == label && $0[label] >= threshold }
        let speakers = Set(own.map { takes[$0].speaker }).count
        return EnrolmentAdvice.Word(
            word: labels[label], takeCount: own.count, speakerCount: speakers,
            heardCount: canTell ? heard : nil, closest: closest, falseAlarmCount: falseAlarms,
            threshold: threshold, differingTakes: own.filter(differing.contains).map { takes[$0].name },
            help: help(
                takeCount: own.count, speakerCount: speakers, heard: canTell ? heard : 0, closest: closest))
    }

    /// Halfway, in log odds, between what negatives reach and what the word's own recordings do.
    ///
    /// The first is the probability that all but 0.2 % of the negatives stay below, the second the least of the word's
    /// recordings, but for one in twenty and for those that differ from the others. Where the word's recordings do not reach above the negatives, it has to be heard all the
    /// same, and the second decides.
    private func threshold(of label: Int, _ own: [Int]) -> Float {
        let others = negatives.map { $0[label] }.sorted(by: >)
        let alike = own.filter { !differing.contains($0) }
        let reached = (alike.isEmpty ? own : alike).map { positives[$0][label] }.sorted()
        let upper = reached[reached.count / 20]
        let lower = others.isEmpty ? 0 : others[Int(Self.falseAlarmShare * Double(others.count))]
        let middle =
            upper > lower ? probability((logOdds(upper) + logOdds(lower)) / 2) : min(upper, lower)
        // Two decimals, as a person would choose it.
        let rounded = (middle * 100).rounded() / 100
        return max(Self.allowedThresholds.lowerBound, min(Self.allowedThresholds.upperBound, rounded))
    }

    private func logOdds(_ probability: Float) -> Float {
        let held = max(1e-6, min(1 - 1e-6, probability))
        return logf(held / (1 - held))
    }

    private func probability(_ logOdds: Float) -> Float { 1 / (1 + expf(-logOdds)) }

    /// The other word that comes within a tenth of the word's own probability, or above it, in most of its recordings.
    private func closest(to label: Int, _ own: [Int]) -> EnrolmentAdvice.Neighbour? {
        let counts = labels.indices.dropFirst(EnrolmentFit.standardLabels.count).filter { $0 != label }.map {
            other in
            (other, own.count { positives[$0][other] >= Self.closeShare * positives[$0][label] })
        }
        guard let most = counts.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }), most.1 > 0 else { return nil }
        return EnrolmentAdvice.Neighbour(word: labels[most.0], count: most.1)
    }

    private func help(
        takeCount: Int, speakerCount: Int, heard: Int, closest: EnrolmentAdvice.Neighbour?
    ) -> EnrolmentAdvice.Help {
        if let closest, 2 * closest.count > takeCount, takeCount >= 5 { return .anotherWord }
        if takeCount < 5 || 10 * heard < 9 * takeCount { return .moreTakes }
        return speakerCount == 1 ? .furtherSpeakers : .none
    }
}
