import Glibc
import MynahBase
import MynahModel

/// How sure a model has to be, found on phrases that it has not learnt from.
enum CalibrationFit {
    /// What the network says of a phrase.
    struct Outcome {
        /// `[C]`, before the softmax.
        let logits: [Float]

        /// What the phrase asks for.
        let intent: Int
    }

    /// Share of the phrases that ask for something, and are read rightly, which the threshold may turn away.
    static let rejectedShare = 0.01

    /// What is taken where there are no phrases to find it with.
    static let usual = IntentCalibration(temperature: 1, threshold: usualThreshold)

    /// The threshold where there are too few phrases to find one.
    private static let usualThreshold: Float = 0.5

    /// The fewest phrases to find a threshold with.
    private static let fewestPhrases = 20

    /// The temperature at which the probabilities fit best to what is asked for (Guo et al., ICML 2017), and the threshold that
    /// turns away one in a hundred phrases that would be read rightly.
    ///
    /// - Parameter none: the class of what asks for nothing, if there is one.
    static func fit(_ outcomes: [Outcome], none: Int?) -> IntentCalibration {
        guard !outcomes.isEmpty else { return usual }
        let temperature = temperature(of: outcomes)
        let probabilities = outcomes.filter { $0.intent != none && $0.logits.indexOfLargest == $0.intent }
            .map { Float($0.probability(temperature: Double(temperature))) }.sorted()
        let threshold =
            probabilities.count < fewestPhrases
            ? usualThreshold : probabilities[Int(Double(probabilities.count) * rejectedShare)]
        return IntentCalibration(temperature: temperature, threshold: threshold)
    }

    /// By golden-section search: the loss is convex in 1/T.
    ///
    /// Where all phrases are right it falls without end, so that T ends at 0.25.
    private static func temperature(of outcomes: [Outcome]) -> Float {
        func loss(_ inverse: Double) -> Double { outcomes.reduce(0) { $0 + $1.loss(inverse: inverse) } }
        let ratio = (5.0.squareRoot() - 1) / 2
        var (lower, upper) = (0.1, 4.0)
        var (first, second) = (upper - ratio * (upper - lower), lower + ratio * (upper - lower))
        var (firstLoss, secondLoss) = (loss(first), loss(second))
        for _ in 0..<40 {
            if firstLoss < secondLoss {
                (upper, second, secondLoss) = (second, first, firstLoss)
                first = upper - ratio * (upper - lower)
                firstLoss = loss(first)
            } else {
                (lower, first, firstLoss) = (first, second, secondLoss)
                second = lower + ratio * (upper - lower)
                secondLoss = loss(second)
            }
        }
        return Float(2 / (lower + upper))
    }
}

extension CalibrationFit.Outcome {
    private func logSum(inverse: Double) -> Double {
        let largest = Double(logits.max() ?? 0) * inverse
        return largest + log(logits.reduce(0) { $0 + exp(Double($1) * inverse - largest) })
    }

    fileprivate func loss(inverse: Double) -> Double {
        logSum(inverse: inverse) - Double(logits[intent]) * inverse
    }

    /// The probability of the most probable intent.
    fileprivate func probability(temperature: Double) -> Double {
        exp(Double(logits.max() ?? 0) / temperature - logSum(inverse: 1 / temperature))
    }
}
