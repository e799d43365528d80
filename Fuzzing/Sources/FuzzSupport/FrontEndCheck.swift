package import MynahFeatures

/// Computes features whole and, where the settings allow it, in chunks; traps where the two differ in a bit, where the
/// number of rows is not the one announced, or where a feature is not finite.
///
/// - Parameters:
///   - samples: `[sampleCount]`, any floats.
///   - chunkLength: Samples pushed at once, at least 1.
/// - Returns: The number of rows.
/// - Throws: `FeatureError` where the settings are refused.
@discardableResult
package func checkFeatures(
    of samples: [Float], _ configuration: FrontEndConfiguration, chunkLength: Int
) throws(FeatureError) -> Int {
    var extractor = try FeatureExtractor(configuration)
    let features = extractor.features(of: samples)
    check(
        features.frameCount == configuration.frameCount(sampleCount: samples.count),
        "\(features.frameCount) rows from \(samples.count) samples")
    check(features.values.allSatisfy(\.isFinite), "a feature is not finite")

    var stream: StreamingFeatureExtractor
    do {
        stream = try StreamingFeatureExtractor(configuration)
    } catch .notStreamable {
        return features.frameCount
    }
    var streamed = FeatureMatrix(featureCount: configuration.featureCount)
    var start = 0
    while start < samples.count {
        let end = min(start + chunkLength, samples.count)
        stream.push(samples.span.extracting(start..<end), appendingTo: &streamed)
        start = end
    }
    stream.finish(appendingTo: &streamed)
    check(streamed.values == features.values, "in chunks, other features come than at once")
    return features.frameCount
}
