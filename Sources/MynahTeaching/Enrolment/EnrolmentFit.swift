import Glibc
import MynahBase
import MynahModel
import MynahNetwork

/// Learns the words from vectors of their recordings, and says how well: once from all of them, and once more for each part of
/// them that is left out.
struct EnrolmentFit: Sendable {
    /// What each vector stands for: the words, and the two labels in front of them.
    static let standardLabels = [StandardLabel.silence, StandardLabel.unknown]

    /// Parts at most that the recordings of a word are divided into to be left out, one after the other.
    private static let foldLimit = 10

    /// What the negatives count together, the recordings counting 1.
    private static let negativeShare: Float = 0.1

    /// Divided by the size of a vector: the weight of the penalty.
    private static let decay: Float = 30

    /// `[C]`.
    let labels: [String]

    /// `[C, D]` and `[C]`, for vectors as the network gives them.
    let weights: [Float]
    let bias: [Float]

    /// What the logits are divided by.
    let temperature: Float

    /// How the words will be heard.
    let advice: EnrolmentAdvice

    /// Recordings that were recognized when they were left out, of those that were.
    let recognized: (count: Int, total: Int)

    /// Fits an output layer.
    ///
    /// - Parameters:
    ///   - takes: what is said in each recording, and by whom, in the order of the examples.
    ///   - isNoise: `[N]`, whether a negative holds noise alone.
    ///   - negativeWords: `[N]`, the word that is said in a negative, by any number; nil where there is none, or many.
    init(
        _ examples: EnrolmentExamples, takes: [RecordingsFolder.Take], isNoise: [Bool], negativeWords: [Int?],
        threads: Int
    ) {
        let words = Self.words(of: takes)
        labels = Self.standardLabels + words
        let classes = takes.map { take in 2 + (words.firstIndex(of: take.word) ?? 0) }
        let folds = Self.folds(classes)
        let foldCount = (folds.compactMap(\.self).max() ?? -1) + 1

        // Rows: each recording with its variations, then the negatives.
        var rows: [[Float]] = []
        var rowLabels: [Int] = []
        var rowFolds: [Int?] = []
        for take in takes.indices {
            for vector in [examples.plain[take]] + examples.varied[take] {
                rows.append(vector)
                rowLabels.append(classes[take])
                rowFolds.append(folds[take])
            }
        }
        let positiveCount = rows.count
        for (index, vector) in examples.negatives.enumerated() {
            rows.append(vector)
            rowLabels.append(isNoise[index] ? 0 : 1)
            rowFolds.append(foldCount > 0 ? index % foldCount : nil)
        }
        let size = rows.first?.count ?? 0
        let whitening = Whitening(examples.negatives, words: negativeWords)
        let scaled = concurrentMap(rows.count, threads: threads) { [rows] in whitening.apply(rows[$0]) }
        let problem = SoftmaxRegression(
            vectors: scaled.flatMap { $0 }, labels: rowLabels, classCount: labels.count, size: size,
            decay: Self.decay / Float(size))
        let importance = Self.importance(rowLabels, positiveCount: positiveCount)
        let leftOut = rowFolds
        // The last one leaves nothing out.
        let fits = concurrentMap(foldCount + 1, threads: threads) { fold in
            problem.fit(importance: importance.indices.map { leftOut[$0] == fold ? 0 : importance[$0] })
        }
        // What is said of each recording and of each negative by those that did not learn from it.
        let perTake = 1 + EnrolmentExamples.variationCount
        let asked =
            takes.indices.map { $0 * perTake }
            + (positiveCount..<rows.count)
        var logits = [[Float]](repeating: [], count: asked.count)
        for fold in 0...foldCount {
            let places = asked.indices.filter { (leftOut[asked[$0]] ?? foldCount) == fold }
            let found = problem.logits(fits[fold], rows: places.map { asked[$0] })
            for (place, values) in zip(places, found) { logits[place] = values }
        }
        let fair = asked.indices.filter { leftOut[asked[$0]] != nil }
        let temperature =
            fair.isEmpty ? 1 : Self.temperature(fair.map { logits[$0] }, fair.map { rowLabels[asked[$0]] })
        self.temperature = temperature
        let posteriors = logits.map { row in
            var row = row
            SoftmaxCrossEntropy.applySoftmax(
                to: &row, classCount: row.count, temperature: temperature)
            return row
        }
        let heard = HeldOut(
            takes: takes, classes: classes, labels: labels,
            positives: Array(posteriors.prefix(takes.count)),
            negatives: Array(posteriors.dropFirst(takes.count)),
            differing: Self.differing(takes.indices.map { scaled[$0 * perTake] }, classes),
            isLeftOut: folds.map { $0 != nil })
        advice = heard.advice
        recognized = heard.recognized
        (weights, bias) = whitening.undone(fits[foldCount], classCount: labels.count)
    }

    /// The words, by the bytes of their names.
    static func words(of takes: [RecordingsFolder.Take]) -> [String] {
        Set(takes.map(\.word)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The part of each recording: those of a word are dealt out in turn; nil for the only one of a word, without which there would be
    /// no such word.
    private static func folds(_ classes: [Int]) -> [Int?] {
        var counts: [Int: Int] = [:]
        for label in classes { counts[label, default: 0] += 1 }
        var seen: [Int: Int] = [:]
        return classes.map { label in
            defer { seen[label, default: 0] += 1 }
            return counts[label] == 1 ? nil : seen[label, default: 0] % foldLimit
        }
    }

    /// Every word counts the same, and so do other words and silence by their number.
    private static func importance(_ labels: [Int], positiveCount: Int) -> [Float] {
        var counts: [Int: Int] = [:]
        for label in labels.prefix(positiveCount) { counts[label, default: 0] += 1 }
        let negatives = labels.count - positiveCount
        return labels.map { label in
            label < 2
                ? negativeShare / Float(max(1, negatives))
                : 1 / Float(counts.count * max(1, counts[label] ?? 1))
        }
    }

    /// The temperature at which the truth is most probable, by golden section over its logarithm.
    ///
    /// Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017.
    private static func temperature(_ logits: [[Float]], _ truth: [Int]) -> Float {
        func loss(_ exponent: Float) -> Float {
            let temperature = expf(exponent)
            return zip(logits, truth).reduce(0) { sum, pair in
                let largest = pair.0.max() ?? 0
                let total = pair.0.reduce(Float(0)) { $0 + expf(($1 - largest) / temperature) }
                return sum + logf(total) - (pair.0[pair.1] - largest) / temperature
            }
        }
        var (low, high) = (logf(0.25), logf(4))
        let ratio: Float = 0.618_034
        for _ in 0..<20 {
            let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
            if loss(left) <= loss(right) { high = right } else { low = left }
        }
        return expf((low + high) / 2)
    }

    /// Recordings that are less like the others of their word than is usual there.
    ///
    /// Likeness is the cosine of the angle to another vector, the middle one of those to all others; what is below three fifths of the
    /// middle one of the word differs. Two recordings cannot tell which of them is another word.
    static func differing(_ vectors: [[Float]], _ classes: [Int]) -> Set<Int> {
        let unit = vectors.map { vector in
            let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return vector.map { $0 / max(length, 1e-6) }
        }
        var differing: Set<Int> = []
        for label in Set(classes) {
            let own = classes.indices.filter { classes[$0] == label }
            guard own.count >= 3 else { continue }
            let likeness = own.map { take in
                median(
                    own.filter { $0 != take }.map { other in
                        zip(unit[take], unit[other]).reduce(0) { $0 + $1.0 * $1.1 }
                    })
            }
            let usual = median(likeness)
            for (take, value) in zip(own, likeness) where value < leastLikeness * usual {
                differing.insert(take)
            }
        }
        return differing
    }

    private static let leastLikeness: Float = 0.6
}

/// The value in the middle, of an even number the lower one.
private func median(_ values: [Float]) -> Float {
    values.isEmpty ? 0 : values.sorted()[(values.count - 1) / 2]
}
