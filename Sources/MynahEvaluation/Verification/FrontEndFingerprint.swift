import Glibc
import MynahBase
import MynahFeatures

/// Eight numbers that follow from every feature of one second of a known sound: what the front end of a preset computed
/// where its models were trained, to be compared with what it computes here.
///
/// Each is the mean over frames and features of the feature with a sign of its own, so that no change cancels in all of
/// them. A hash of the features' bits would tell processors apart that round differently; these numbers agree within
/// ``tolerance`` wherever the front end is the same.
struct FrontEndFingerprint {
    /// The largest difference that counts as the same, as a share of the mean size of the features.
    static let tolerance: Float = 1e-5

    private static let projectionCount = 8

    /// The numbers, `[8]`.
    let values: [Float]

    /// The mean absolute feature.
    let scale: Float

    /// Computes the features of the sound and sums them up.
    ///
    /// - Throws: `FeatureError` when the front end cannot be built.
    init(of frontEnd: FrontEndConfiguration) throws(FeatureError) {
        var sound = VerificationSound(seed: 1, sampleRate: frontEnd.sampleRate)
        let samples = sound.samples(frontEnd.sampleRate)
        var extractor = try FeatureExtractor(frontEnd)
        let features = extractor.features(of: samples).values
        var signs = SeededGenerator(seed: 2)
        var sums = [Double](repeating: 0, count: Self.projectionCount)
        for feature in features {
            let bits = signs.next()
            for index in sums.indices {
                sums[index] += bits >> (63 - index) & 1 == 0 ? Double(feature) : -Double(feature)
            }
        }
        let count = Double(max(1, features.count))
        values = sums.map { Float($0 / count) }
        scale = Float(features.reduce(0) { $0 + Double(abs($1)) } / count)
    }

    /// The largest difference from other values, as a share of the mean size of the features.
    func difference(from golden: [Float]) -> Float {
        guard scale > 0, golden.count == values.count else { return .infinity }
        return zip(values, golden).reduce(0) { largest, pair in
            let difference = abs(pair.0 - pair.1) / scale
            return difference.isNaN ? .infinity : max(largest, difference)
        }
    }

    /// What the presets gave at 16 kHz on the machine on which they were compared with their references.
    static let golden: [FrontEndPreset: [Float]] = [
        .mynah: [
            0.09392247, 0.0053264643, 0.0022794711, -0.019927273, -0.094573624, 0.08096786, 0.07001743,
            -0.12551852,
        ],
        .mynahMel: [
            -0.04843732, 0.033345606, -0.028848153, 0.05687959, -0.11668588, -0.07434194, 0.053893678,
            0.13886274,
        ],
        .kaldi: [
            -1.4964693, 1.5511012, -0.5034639, -0.11404478, -0.7193958, -1.4008319, -1.9215767, 1.0435246,
        ],
        .htk: [
            0.0745304, 0.047295857, 0.5405526, 0.19684176, -0.269726, 0.05513496, 0.3022866, 0.61353534,
        ],
        .librosa: [
            -0.05433555, 1.2903049, -2.3923016, -1.6339409, -3.0038905, -0.66029835, 1.84892, 3.514597,
        ],
        .torchaudio: [
            -1.1729357, 1.0812589, -0.8168164, 1.9996071, -1.1087234, 1.4275873, -0.82027423, -1.3843979,
        ],
        .tensorflow: [
            0.32748705, 0.027837949, -0.16956943, 0.29288602, 0.05616504, 0.2838518, 0.4006728, 0.07809304,
        ],
        .pythonSpeechFeatures: [
            -0.8194791, 0.8708215, -0.46519053, -0.03144497, 0.06530242, -0.77763593, -0.7653595, 0.09624434,
        ],
    ]
}
