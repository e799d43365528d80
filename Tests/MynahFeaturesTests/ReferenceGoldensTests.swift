import Foundation
import MynahFeatures
import Testing

/// Features computed by the reference libraries; `Tools/make_feature_goldens.py` makes them.
struct ReferenceGoldens {
    struct Signal: Decodable {
        var name: String
        var sampleRate: Int
        var offset: Int
        var count: Int
    }

    struct Features: Decodable {
        var reference: String
        var signal: String
        var source: String
        var rows: Int
        var columns: Int
        var offset: Int
    }

    struct Index: Decodable {
        var signals: [Signal]
        var features: [Features]
    }

    let index: Index
    private let samples: [Int16]
    private let values: [Float]

    init() throws {
        index = try JSONDecoder().decode(Index.self, from: Self.data("goldens", "json"))
        samples = try Self.elements("signals", "i16")
        values = try Self.elements("goldens", "f32")
    }

    func samples(of signal: Signal) -> [Float] {
        samples[signal.offset..<signal.offset + signal.count].map { Float($0) / 32_768 }
    }

    func values(of features: Features) -> [Float] {
        Array(values[features.offset..<features.offset + features.rows * features.columns])
    }

    private static func data(_ name: String, _ fileExtension: String) throws -> Data {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: fileExtension, subdirectory: "Fixtures"))
        return try Data(contentsOf: url)
    }

    private static func elements<Element>(_ name: String, _ fileExtension: String) throws -> [Element] {
        try data(name, fileExtension).withUnsafeBytes { Array($0.bindMemory(to: Element.self)) }
    }
}

@Suite struct ReferenceGoldensTests {
    static let references = [
        "kaldi", "kaldi-fbank", "kaldi-formula", "htk", "librosa", "torchaudio", "tensorflow",
        "python-speech-features", "python-speech-features-deltas", "mynah",
    ]

    /// Largest absolute difference allowed, on the scale of the reference's own output.
    static let tolerance: Float = 1e-3

    /// Clips with bands 75 to 130 dB below the loudest bin of their frame, where the rounding of a transform in single
    /// precision shows; `goldens.json` tells how far the references themselves are off there.
    static let exceptions: [String: Float] = [
        "kaldi speech-flite": 4e-3, "kaldi chirp": 0.5, "kaldi-fbank chirp": 0.1,
        "kaldi-formula speech-flite": 4e-3, "kaldi-formula chirp": 0.5,
        "librosa chirp": 3e-3, "torchaudio dc-offset": 3e-3, "tensorflow chirp": 0.025,
    ]

    @Test(arguments: references)
    func everySignalMatchesTheReference(reference: String) throws {
        let goldens = try ReferenceGoldens()
        let compared = goldens.index.features.filter { $0.reference == reference }
        #expect(compared.count >= 9)
        for features in compared {
            let signal = try #require(goldens.index.signals.first { $0.name == features.signal })
            let configuration = try Self.configuration(reference, sampleRate: signal.sampleRate)
            var extractor = try FeatureExtractor(configuration)
            let actual = extractor.features(of: goldens.samples(of: signal))
            #expect(actual.frameCount == features.rows, "\(reference) \(signal.name)")
            #expect(actual.featureCount == features.columns, "\(reference) \(signal.name)")
            let expected = goldens.values(of: features)
            guard actual.values.count == expected.count else { continue }
            let worst = zip(actual.values, expected).map { abs($0 - $1) }.max() ?? 0
            if ProcessInfo.processInfo.environment["MYNAH_PRINT_FEATURE_ERRORS"] != nil {
                print("| \(reference) | \(signal.name) | \(worst) |")
            }
            let tolerance = Self.exceptions["\(reference) \(signal.name)"] ?? Self.tolerance
            #expect(worst <= tolerance, "\(reference) \(signal.name): off by \(worst), \(features.source)")
        }
    }

    private static func configuration(_ reference: String, sampleRate: Int) throws -> FrontEndConfiguration {
        switch reference {
        case "kaldi-formula":
            return FrontEndPreset.kaldi.configuration(sampleRate: sampleRate)
        case "kaldi-fbank":
            var configuration = FrontEndPreset.kaldi.configuration(sampleRate: sampleRate)
            configuration.cepstrum = nil
            return configuration
        case "python-speech-features-deltas":
            var configuration = FrontEndPreset.pythonSpeechFeatures.configuration(sampleRate: sampleRate)
            configuration.deltas = .init(order: 2)
            return configuration
        default:
            return try FrontEndPreset(name: reference).configuration(sampleRate: sampleRate)
        }
    }
}
