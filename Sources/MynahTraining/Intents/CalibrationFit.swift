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

    private static let allowedTemperatures: ClosedRange<Float> = 0.25...10

    /// The fewest phrases to find a threshold with.
    private static let fewestPhrases = 20

    /// The temperature at which the probabilities fit best to what is asked for (Guo et al., ICML 2017), and the threshold that
    /// turns away one in a hundred phrases that would be read rightly.
    ///
    /// - Parameter none: the class of what asks for nothing, if there is one.
    static func fit(_ outcomes: [Outcome], none: Int?) -> IntentCalibration {
        guard !outcomes.isEmpty else { return usual }
        let rows = outcomes.map { LogitRow($0.logits.map(Double.init), label: $0.intent) }
        let temperature = temperature(of: rows)
        let probabilities = zip(outcomes, rows)
            .filter { outcome, _ in
                outcome.intent != none && outcome.logits.indexOfLargest == outcome.intent
            }
            .map { Float($1.confidence(inverseTemperature: 1 / Double(temperature))) }.sorted()
        let threshold =
            probabilities.count < fewestPhrases
            ? usualThreshold : probabilities[Int(Double(probabilities.count) * rejectedShare)]
        return IntentCalibration(temperature: temperature, threshold: threshold)
    }

    /// Where all phrases are right the loss falls without end as T does, so that T ends at the least that is allowed.
    private static func temperature(of rows: [LogitRow]) -> Float {
        if let best = LogitRow.bestTemperature(of: rows, in: allowedTemperatures) { return best }
        func loss(_ temperature: Float) -> Double {
            rows.reduce(0) { $0 + $1.loss(inverseTemperature: 1 / Double(temperature)) }
        }
        let (least, most) = (allowedTemperatures.lowerBound, allowedTemperatures.upperBound)
        return loss(least) <= loss(most) ? least : most
    }
}
