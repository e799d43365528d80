import Foundation
import MynahFeatures
import Testing

@Suite struct FeatureNormalizerTests {
    private func matrix(frames: Int, seed: UInt64) -> FeatureMatrix {
        var generator = TestGenerator(seed: seed)
        let values = (0..<frames * 3).map { Float($0 % 3) * 10 + Float.random(in: -1...1, using: &generator) }
        return FeatureMatrix(values: values, featureCount: 3)
    }

    @Test func fittedFramesHaveZeroMeanAndUnitVariance() throws {
        var fitter = FeatureNormalizer.Fitter(featureCount: 3)
        var frames = matrix(frames: 500, seed: 1)
        fitter.add(frames)
        #expect(fitter.frameCount == 500)
        try fitter.normalizer().normalize(&frames)
        for feature in 0..<3 {
            let column = (0..<500).map { Double(frames[$0, feature]) }
            let mean = column.reduce(0, +) / 500
            let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 500
            #expect(abs(mean) < 1e-5)
            #expect(abs(variance - 1) < 1e-4)
        }
    }

    @Test func rowsAndMatricesAgreeToTheBit() throws {
        var fitter = FeatureNormalizer.Fitter(featureCount: 3)
        var frames = matrix(frames: 50, seed: 2)
        fitter.add(frames)
        let normalizer = try fitter.normalizer()
        var rows: [Float] = []
        var row = [Float](repeating: 0, count: 3)
        for frame in 0..<50 {
            normalizer.normalize(Array(frames.row(frame)).span, into: &row)
            rows += row
        }
        normalizer.normalize(&frames)
        #expect(rows.map(\.bitPattern) == frames.values.map(\.bitPattern))
    }

    @Test func mergedPartsGiveTheStatisticsOfTheWhole() throws {
        let (first, second) = (matrix(frames: 100, seed: 3), matrix(frames: 70, seed: 4))
        var whole = FeatureNormalizer.Fitter(featureCount: 3)
        whole.add(first)
        whole.add(second)
        var parts = [FeatureNormalizer.Fitter](repeating: .init(featureCount: 3), count: 2)
        parts[0].add(first)
        parts[1].add(second)
        parts[0].merge(parts[1])
        #expect(parts[0].frameCount == 170)
        let (merged, direct) = (try parts[0].normalizer(), try whole.normalizer())
        for feature in 0..<3 {
            #expect(abs(merged.mean[feature] - direct.mean[feature]) < 1e-5)
            #expect(abs(merged.standardDeviation[feature] - direct.standardDeviation[feature]) < 1e-5)
        }
    }

    @Test func constantFeaturesAreNotDividedByZero() throws {
        var fitter = FeatureNormalizer.Fitter(featureCount: 1)
        fitter.add(FeatureMatrix(values: [-27.6, -27.6, -27.6], featureCount: 1))
        #expect(try fitter.normalizer(minimumStandardDeviation: 0.25).standardDeviation == [0.25])
    }

    @Test func nothingToFitIsRefused() {
        #expect(throws: FeatureError.invalidNormalizer(reason: "no frames were seen")) {
            _ = try FeatureNormalizer.Fitter(featureCount: 3).normalizer()
        }
        #expect(throws: FeatureError.self) {
            var fitter = FeatureNormalizer.Fitter(featureCount: 1)
            fitter.add(FeatureMatrix(values: [.nan], featureCount: 1))
            _ = try fitter.normalizer()
        }
    }

    @Test(arguments: [
        #"{"mean": [1, 2], "standardDeviation": [1]}"#,
        #"{"mean": [], "standardDeviation": []}"#,
        #"{"mean": [1], "standardDeviation": [0]}"#,
        #"{"mean": [1], "standardDeviation": [-1]}"#,
        #"{"mean": [1], "standardDeviation": [1e-45]}"#,
    ])
    func hostileStatisticsAreRefused(json: String) {
        #expect(throws: FeatureError.self) {
            _ = try JSONDecoder().decode(FeatureNormalizer.self, from: Data(json.utf8))
        }
    }

    @Test func jsonGivesBackTheStatistics() throws {
        let normalizer = FeatureNormalizer(mean: [0.1, -3], standardDeviation: [1e-3, 7.7])
        let data = try JSONEncoder().encode(normalizer)
        #expect(try JSONDecoder().decode(FeatureNormalizer.self, from: data) == normalizer)
    }
}
