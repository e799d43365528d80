/// The clips of an evaluation in the groups that a bootstrap draws: those of one speaker together, those without a
/// speaker each alone.
struct SpeakerClusters {
    /// How often each pair of labels, true and heard, stands in a cluster.
    typealias Outcomes = [(label: Int, heard: Int, count: Int)]

    private struct Pair: Hashable { let label, heard: Int }

    /// One list per cluster, in an order that does not depend on that of the clips.
    let clusters: [Outcomes]

    /// How many of the clusters are speakers; the others are clips without one.
    let speakerCount: Int

    /// Groups clips by who speaks in them.
    init(outcomes: some Sequence<(speaker: String?, label: Int, heard: Int)>) {
        var named: [String: [Pair: Int]] = [:]
        var alone: [Pair: Int] = [:]
        for outcome in outcomes {
            let pair = Pair(label: outcome.label, heard: outcome.heard)
            if let speaker = outcome.speaker {
                named[speaker, default: [:]][pair, default: 0] += 1
            } else {
                alone[pair, default: 0] += 1
            }
        }
        func sorted(_ counts: [Pair: Int]) -> Outcomes {
            counts.map { (label: $0.key.label, heard: $0.key.heard, count: $0.value) }
                .sorted { ($0.label, $0.heard) < ($1.label, $1.heard) }
        }
        clusters =
            named.sorted { $0.key < $1.key }.map { sorted($0.value) }
            + sorted(alone).flatMap { outcome in
                repeatElement([(label: outcome.label, heard: outcome.heard, count: 1)], count: outcome.count)
            }
        speakerCount = named.count
    }

    /// Groups the clips of one evaluation.
    init(clips: [ScoredClip]) {
        self.init(outcomes: clips.lazy.map { (speaker: $0.speaker, label: $0.label, heard: $0.heard) })
    }

    /// The share of all clips that are right; nil when there is no clip.
    var accuracy: Proportion? {
        let counts = correctAndTotal
        return Proportion(
            count: Int(counts.correct.reduce(0, +)), total: Int(counts.total.reduce(0, +)))
    }

    /// The 95 % interval of the accuracy, whole clusters being drawn.
    ///
    /// Nil where drawing shows no spread: with fewer than two speakers, or when all clusters have the same accuracy.
    func accuracyInterval(bootstrap: ClusterBootstrap) -> Interval? {
        let counts = correctAndTotal
        let shares = Set(zip(counts.correct, counts.total).map { $0 / $1 })
        guard speakerCount > 1, shares.count > 1 else { return nil }
        return bootstrap.interval(ratioOf: counts.correct, to: counts.total)
    }

    private var correctAndTotal: (correct: [Double], total: [Double]) {
        (
            clusters.map { $0.reduce(0) { $0 + ($1.label == $1.heard ? Double($1.count) : 0) } },
            clusters.map { $0.reduce(0) { $0 + Double($1.count) } }
        )
    }

    /// The 95 % interval of macro F1 over `labelCount` labels, whole clusters being drawn.
    ///
    /// As over all clips, a draw's mean is taken over the labels that its clips have or in which they were heard.
    func macroF1Interval(labelCount: Int, bootstrap: ClusterBootstrap) -> Interval {
        bootstrap.interval(clusterCount: clusters.count) { draws in
            var correct = [Int](repeating: 0, count: labelCount)
            // Clips with the label, plus clips in which it was heard: 2 TP + FP + FN.
            var mentions = correct
            for (cluster, times) in zip(clusters, draws) where times > 0 {
                for outcome in cluster {
                    let count = times * outcome.count
                    mentions[outcome.label] += count
                    mentions[outcome.heard] += count
                    if outcome.label == outcome.heard { correct[outcome.label] += count }
                }
            }
            var (sum, defined) = (0.0, 0)
            for (correct, mentions) in zip(correct, mentions) where mentions > 0 {
                sum += 2 * Double(correct) / Double(mentions)
                defined += 1
            }
            return sum / Double(defined)
        }
    }
}
