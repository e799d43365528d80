/// What can go wrong between samples and features.
package enum FeatureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A front-end setting outside its legal range.
    case invalidSetting(name: String, value: String, expected: String)

    /// A front end that needs more than the past, given to the streaming extractor.
    case notStreamable(setting: String, reason: String)

    /// Samples at another rate than the front end's.
    case wrongSampleRate(actualHz: Int, expectedHz: Int)

    /// A preset name that does not exist.
    case unknownPreset(name: String, known: [String])

    /// Normalizer statistics that cannot be used.
    case invalidNormalizer(reason: String)

    /// One readable line.
    package var description: String {
        switch self {
        case .invalidSetting(let name, let value, let expected):
            "front-end setting \(name) is \(value), expected \(expected)"
        case .notStreamable(let setting, let reason):
            "front end cannot stream: \(setting) \(reason)"
        case .wrongSampleRate(let actual, let expected):
            "samples are at \(actual) Hz, the front end expects \(expected) Hz"
        case .unknownPreset(let name, let known):
            "no front-end preset is named \"\(name)\", expected one of \(known.joined(separator: ", "))"
        case .invalidNormalizer(let reason):
            "normalizer is unusable: \(reason)"
        }
    }
}
