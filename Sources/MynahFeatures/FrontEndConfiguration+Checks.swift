import MynahAudio
import MynahBase

extension FrontEndConfiguration {
    /// Refuses settings that no front end can have, before anything is allocated for them.
    ///
    /// - Throws: ``FeatureError/invalidSetting(name:value:expected:)`` for the first setting outside its range.
    package func validate() throws(FeatureError) {
        try require("sampleRate", sampleRate, in: AudioReader.supportedSampleRates, "Hz")
        try require("framing.frameLengthSamples", framing.frameLengthSamples, in: 2...65_536, "samples")
        try require("framing.frameShiftSamples", framing.frameShiftSamples, in: 1...65_536, "samples")
        try require("fftLength", fftLength, in: framing.frameLengthSamples...65_536, "samples")
        guard fftLength.isMultiple(of: 2) else {
            throw .invalidSetting(name: "fftLength", value: "\(fftLength)", expected: "an even number")
        }
        if let preEmphasis {
            try require("preEmphasis.coefficient", preEmphasis.coefficient, in: 0...1)
            if preEmphasis.scope == .signal && framing.edges.isCentered {
                throw .invalidSetting(
                    name: "preEmphasis.scope", value: "signal", expected: "frame where frames are centred")
            }
        }
        try validateMel()
        try validateLogarithm()
        try validateCepstrum()
        if let deltas {
            try require("deltas.order", deltas.order, in: 1...2, "")
            try require("deltas.windowFrames", deltas.windowFrames, in: 1...16, "frames")
        }
    }

    /// Refuses settings that need the future or the whole clip.
    ///
    /// - Throws: ``FeatureError/notStreamable(setting:reason:)``.
    package func validateStreamable() throws(FeatureError) {
        if framing.edges.isCentered {
            throw .notStreamable(
                setting: "framing.edges \(framing.edges)",
                reason: "centres each frame on its time and so needs samples that are still to come")
        }
        if logarithm.topDecibels != nil {
            throw .notStreamable(
                setting: "logarithm.topDecibels", reason: "limits each frame by the loudest of the whole clip"
            )
        }
    }

    private func validateMel() throws(FeatureError) {
        try require("mel.bandCount", mel.bandCount, in: 1...1_024, "bands")
        let nyquist = Double(sampleRate) / 2
        try require("mel.highFrequencyHz", mel.highFrequencyHz, in: 0...nyquist)
        try require("mel.lowFrequencyHz", mel.lowFrequencyHz, in: 0...nyquist)
        guard mel.lowFrequencyHz < mel.highFrequencyHz else {
            throw .invalidSetting(
                name: "mel.lowFrequencyHz", value: "\(mel.lowFrequencyHz)",
                expected: "less than mel.highFrequencyHz, \(mel.highFrequencyHz)")
        }
        if mel.triangles == .flooredToBins && mel.isAreaNormalized {
            throw .invalidSetting(
                name: "mel.isAreaNormalized", value: "true", expected: "false with triangles floored to bins")
        }
    }

    private func validateLogarithm() throws(FeatureError) {
        try require("logarithm.floor", logarithm.floor, in: 1e-37...1e30)
        if let topDecibels = logarithm.topDecibels {
            try require("logarithm.topDecibels", topDecibels, in: 0...1_000)
            guard logarithm.kind == .decibels else {
                throw .invalidSetting(
                    name: "logarithm.topDecibels", value: "\(topDecibels)",
                    expected: "none unless in decibels")
            }
        }
    }

    private func validateCepstrum() throws(FeatureError) {
        guard let cepstrum else { return }
        let available = cepstrum.zeroth == .omitted ? mel.bandCount - 1 : mel.bandCount
        guard cepstrum.coefficientCount >= 1, cepstrum.coefficientCount <= available else {
            throw .invalidSetting(
                name: "cepstrum.coefficientCount", value: "\(cepstrum.coefficientCount)",
                expected: "1 to \(available), given \(mel.bandCount) mel bands")
        }
        try require("cepstrum.lifter", cepstrum.lifter, in: 0...1_000, "")
    }

    private func require(
        _ name: String, _ value: Int, in range: ClosedRange<Int>, _ unit: String
    ) throws(FeatureError) {
        guard range.contains(value) else {
            let bounds = "\(range.lowerBound) to \(range.upperBound)"
            throw .invalidSetting(
                name: name, value: "\(value)", expected: unit.isEmpty ? bounds : "\(bounds) \(unit)")
        }
    }

    /// Not-a-number lies in no range, and a negative zero would be a second spelling of 0.
    private func require(
        _ name: String, _ value: Double, in range: ClosedRange<Double>
    ) throws(FeatureError) {
        guard range.contains(value), value.sign == .plus else {
            throw .invalidSetting(
                name: name, value: NumberText.plain(value),
                expected: "\(NumberText.plain(range.lowerBound)) to \(NumberText.plain(range.upperBound))")
        }
    }
}

extension FrontEndConfiguration.FrameEdges {
    var isCentered: Bool { self == .centeredOnZeros || self == .centeredOnReflection }
}

extension FrontEndConfiguration {
    /// Every setting as one line `name=value`, in order of name: the text that a front-end hash is taken of.
    ///
    /// Numbers are in the shortest decimal form that gives back their exact value. Two configurations have the same
    /// text exactly when they are equal.
    package var canonicalDescription: String {
        settings.map { "\($0.name)=\($0.value)\n" }.joined()
    }

    /// The settings in which this configuration is not `expected`, such as `window: periodicHann, expected povey`.
    package func differences(from expected: FrontEndConfiguration) -> [String] {
        let actual = Dictionary(uniqueKeysWithValues: settings.map { ($0.name, $0.value) })
        let wanted = Dictionary(uniqueKeysWithValues: expected.settings.map { ($0.name, $0.value) })
        return Set(actual.keys).union(wanted.keys).sorted().compactMap { name in
            let (value, expectation) = (actual[name] ?? "none", wanted[name] ?? "none")
            return value == expectation ? nil : "\(name): \(value), expected \(expectation)"
        }
    }

    /// Names as in the JSON form, sorted; the settings of an absent stage are absent.
    private var settings: [(name: String, value: String)] {
        var all: [(name: String, value: String)] = [
            ("fftLength", "\(fftLength)"),
            ("framing.edges", framing.edges.rawValue),
            ("framing.frameLengthSamples", "\(framing.frameLengthSamples)"),
            ("framing.frameShiftSamples", "\(framing.frameShiftSamples)"),
            ("logarithm.floor", "\(logarithm.floor)"),
            ("logarithm.kind", logarithm.kind.rawValue),
            ("mel.bandCount", "\(mel.bandCount)"),
            ("mel.highFrequencyHz", "\(mel.highFrequencyHz)"),
            ("mel.isAreaNormalized", "\(mel.isAreaNormalized)"),
            ("mel.lowFrequencyHz", "\(mel.lowFrequencyHz)"),
            ("mel.lowestBin", mel.lowestBin.rawValue),
            ("mel.scale", mel.scale.rawValue),
            ("mel.triangles", mel.triangles.rawValue),
            ("removesDCOffset", "\(removesDCOffset)"),
            ("sampleRate", "\(sampleRate)"),
            ("sampleScale", sampleScale.rawValue),
            ("spectrum", spectrum.rawValue),
            ("window", window.rawValue),
        ]
        if let topDecibels = logarithm.topDecibels { all.append(("logarithm.topDecibels", "\(topDecibels)")) }
        if let preEmphasis {
            all.append(("preEmphasis.coefficient", "\(preEmphasis.coefficient)"))
            all.append(("preEmphasis.scope", preEmphasis.scope.rawValue))
        }
        if let cepstrum {
            all.append(("cepstrum.coefficientCount", "\(cepstrum.coefficientCount)"))
            all.append(("cepstrum.lifter", "\(cepstrum.lifter)"))
            all.append(("cepstrum.normalization", cepstrum.normalization.rawValue))
            all.append(("cepstrum.zeroth", cepstrum.zeroth.rawValue))
        }
        if let deltas {
            all.append(("deltas.order", "\(deltas.order)"))
            all.append(("deltas.windowFrames", "\(deltas.windowFrames)"))
        }
        return all.sorted { $0.name < $1.name }
    }
}
