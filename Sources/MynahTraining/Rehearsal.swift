import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork

/// Has a model of random weights put together and reads it again, so that what is wrong with it shows before training.
///
/// - Parameters:
///   - validationCount: what a validation counts, all of which the model is said to get right.
///   - model: puts the model together.
/// - Returns: the size of its file, in bytes.
func rehearse<Model: StoredModel>(
    _ network: NetworkDescription, seed: UInt64, validationCount: Int,
    _ model: (TrainedWeights) throws(ModelError) -> Model
) throws(ModelError) -> Int {
    var generator = SeededGenerator(seed: seed)
    let weights = TrainedWeights(
        parameters: network.initialParameters(using: &generator),
        summary: EpochSummary(
            epoch: 0, trainingLoss: 0, validationLoss: 0, validationCorrect: validationCount,
            validationTotal: validationCount),
        epochsTrained: 1)
    let bytes = try model(weights).fileBytes
    _ = try Model(bytes: bytes.span.bytes, name: "the model of this training")
    return bytes.count
}

extension FeatureNormalizer {
    /// Leaves features as they are: what a model is rehearsed with, before any feature is known.
    static func identity(featureCount: Int) -> FeatureNormalizer {
        FeatureNormalizer(
            mean: [Float](repeating: 0, count: featureCount),
            standardDeviation: [Float](repeating: 1, count: featureCount))
    }
}
