import Foundation
import MynahFeatures
import Testing

@Suite struct FrontEndConfigurationTests {
    @Test func presetsAreValidAtCommonRates() throws {
        #expect(FrontEndConfiguration.presets.count == 8)
        for preset in FrontEndPreset.allCases {
            for rate in [8_000, 11_025, 16_000, 22_050, 44_100, 48_000] {
                try preset.configuration(sampleRate: rate).validate()
            }
        }
    }

    @Test func framesAreExactInBothUnits() {
        #expect(FrontEndConfiguration.mynah.frameLengthMilliseconds == 30)
        #expect(FrontEndConfiguration.mynah.frameShiftMilliseconds == 10)
        #expect(FrontEndConfiguration.librosa.framing.frameLengthSamples == 2_048)
        #expect(FrontEndConfiguration.librosa.framing.frameShiftSamples == 512)
    }

    @Test func unknownPresetIsNamedWithTheKnownOnes() {
        let error = #expect(throws: FeatureError.self) { _ = try FrontEndPreset(name: "kaldy") }
        #expect(error?.description.contains("kaldy") == true)
        #expect(error?.description.contains("python-speech-features") == true)
    }

    @Test func jsonGivesBackEveryPreset() throws {
        for configuration in FrontEndConfiguration.presets.values {
            let data = try JSONEncoder().encode(configuration)
            #expect(try JSONDecoder().decode(FrontEndConfiguration.self, from: data) == configuration)
        }
    }

    /// A change of any leaf of the JSON form must show in the canonical description and in the differences.
    @Test func everySettingCountsInTheCanonicalDescription() throws {
        var full = FrontEndConfiguration.kaldi
        full.logarithm = .init(kind: .decibels, floor: 1e-10, topDecibels: 80)
        full.deltas = .init(order: 1)
        let root = try #require(
            JSONSerialization.jsonObject(with: JSONEncoder().encode(full)) as? [String: Any])
        let paths = Self.leafPaths(of: root)
        #expect(paths.count == 27)
        for path in paths {
            let changed = Self.changing(path[...], in: root)
            let other = try JSONDecoder().decode(
                FrontEndConfiguration.self, from: JSONSerialization.data(withJSONObject: changed))
            #expect(other.canonicalDescription != full.canonicalDescription, "\(path)")
            let differences = other.differences(from: full)
            #expect(differences.count == 1, "\(path)")
            #expect(differences.first?.hasPrefix(path.joined(separator: ".") + ": ") == true)
        }
    }

    @Test func differencesNameTheSettingAndBothValues() {
        var other = FrontEndConfiguration.kaldi
        other.window = .periodicHann
        other.cepstrum = nil
        let differences = other.differences(from: .kaldi)
        #expect(differences.contains("window: periodicHann, expected povey"))
        #expect(differences.contains("cepstrum.coefficientCount: none, expected 13"))
        #expect(FrontEndConfiguration.kaldi.differences(from: .kaldi).isEmpty)
    }

    @Test func canonicalDescriptionIsSortedAndStable() {
        let lines = FrontEndConfiguration.mynah.canonicalDescription.split(separator: "\n")
        #expect(lines == lines.sorted())
        #expect(lines.contains("logarithm.floor=1e-06"))
        #expect(lines.contains("mel.highFrequencyHz=7600.0"))
    }

    @Test(arguments: hostileChanges)
    func hostileValuesAreRefused(setting: String, change: @Sendable (inout FrontEndConfiguration) -> Void) {
        var configuration = FrontEndConfiguration.kaldi
        configuration.deltas = .init(order: 1)
        change(&configuration)
        let error = #expect(throws: FeatureError.self) { try configuration.validate() }
        guard case .invalidSetting(let name, _, _)? = error else {
            Issue.record("\(String(describing: error)) is no invalid setting")
            return
        }
        #expect(name == setting)
        #expect(throws: FeatureError.self) { _ = try FeatureExtractor(configuration).configuration }
        #expect(throws: FeatureError.self) { _ = try StreamingFeatureExtractor(configuration).configuration }
    }

    static let hostileChanges: [(String, @Sendable (inout FrontEndConfiguration) -> Void)] = [
        ("sampleRate", { $0.sampleRate = 0 }),
        ("sampleRate", { $0.sampleRate = .min }),
        ("sampleRate", { $0.sampleRate = .max }),
        ("framing.frameLengthSamples", { $0.framing.frameLengthSamples = 1 }),
        ("framing.frameLengthSamples", { $0.framing.frameLengthSamples = .max }),
        ("framing.frameShiftSamples", { $0.framing.frameShiftSamples = 0 }),
        ("framing.frameShiftSamples", { $0.framing.frameShiftSamples = -160 }),
        ("framing.frameShiftSamples", { $0.framing.frameShiftSamples = .max }),
        ("fftLength", { $0.fftLength = 256 }),
        ("fftLength", { $0.fftLength = 1 << 30 }),
        ("fftLength", { $0.fftLength = 401 }),
        ("preEmphasis.coefficient", { $0.preEmphasis?.coefficient = .nan }),
        ("preEmphasis.coefficient", { $0.preEmphasis?.coefficient = -0.0 }),
        (
            "preEmphasis.scope",
            {
                $0.preEmphasis?.scope = .signal
                $0.framing.edges = .centeredOnZeros
            }
        ),
        ("mel.bandCount", { $0.mel.bandCount = 0 }),
        ("mel.bandCount", { $0.mel.bandCount = 1 << 40 }),
        ("mel.lowFrequencyHz", { $0.mel.lowFrequencyHz = -1 }),
        ("mel.lowFrequencyHz", { $0.mel.lowFrequencyHz = $0.mel.highFrequencyHz }),
        ("mel.highFrequencyHz", { $0.mel.highFrequencyHz = 8_001 }),
        ("mel.highFrequencyHz", { $0.mel.highFrequencyHz = .infinity }),
        ("mel.isAreaNormalized", { ($0.mel.triangles, $0.mel.isAreaNormalized) = (.flooredToBins, true) }),
        ("logarithm.floor", { $0.logarithm.floor = .nan }),
        ("logarithm.floor", { $0.logarithm.floor = 0 }),
        ("logarithm.floor", { $0.logarithm.floor = 1e-40 }),
        ("logarithm.topDecibels", { $0.logarithm.topDecibels = 80 }),
        ("logarithm.topDecibels", { ($0.logarithm.kind, $0.logarithm.topDecibels) = (.decibels, .nan) }),
        ("cepstrum.coefficientCount", { $0.cepstrum?.coefficientCount = 0 }),
        ("cepstrum.coefficientCount", { $0.cepstrum?.coefficientCount = 24 }),
        (
            "cepstrum.coefficientCount",
            {
                $0.cepstrum?.coefficientCount = 23
                $0.cepstrum?.zeroth = .omitted
            }
        ),
        ("cepstrum.lifter", { $0.cepstrum?.lifter = -1 }),
        ("cepstrum.lifter", { $0.cepstrum?.lifter = .max }),
        ("deltas.order", { $0.deltas?.order = 3 }),
        ("deltas.windowFrames", { $0.deltas?.windowFrames = 0 }),
        ("deltas.windowFrames", { $0.deltas?.windowFrames = .max }),
    ]

    private static func leafPaths(of object: [String: Any]) -> [[String]] {
        object.keys.sorted().flatMap { key in
            (object[key] as? [String: Any]).map { leafPaths(of: $0).map { [key] + $0 } } ?? [[key]]
        }
    }

    /// The object with another value for one leaf.
    private static func changing(_ path: ArraySlice<String>, in object: [String: Any]) -> [String: Any] {
        guard let key = path.first else { return object }
        var changed = object
        if path.count > 1, let nested = object[key] as? [String: Any] {
            changed[key] = changing(path.dropFirst(), in: nested)
        } else if let text = object[key] as? String {
            changed[key] = otherNames[text]
        } else if let number = object[key] as? NSNumber {
            changed[key] =
                ["removesDCOffset", "isAreaNormalized"].contains(key)
                ? !number.boolValue : number.intValue + 1
        }
        return changed
    }

    private static let otherNames = [
        "int16": "unit", "snipped": "zeroPaddedTail", "frame": "signal", "povey": "hamming",
        "power": "magnitude",
        "htk": "slaney", "linearInMel": "linearInHertz", "any": "roundedAboveLowFrequency",
        "decibels": "natural",
        "orthonormal": "uniform", "logFrameEnergy": "cepstral",
    ]
}
