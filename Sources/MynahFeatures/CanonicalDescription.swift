extension MFCCConfiguration {
    /// Every setting as one line `name=value`, in order of name: the text that a front-end hash is taken of.
    ///
    /// Numbers are in the shortest decimal form that gives back their exact value. Two configurations have the same
    /// text exactly when they are equal.
    package var canonicalDescription: String {
        settings.map { "\($0.name)=\($0.value)\n" }.joined()
    }

    /// The settings in which this configuration is not `expected`, such as `window: periodicHann, expected povey`.
    package func differences(from expected: MFCCConfiguration) -> [String] {
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
