// What the rows and columns of a feature matrix stand for.

extension MFCCConfiguration {
    /// The middle of a frame, in seconds from the start of the sound.
    package func frameTime(_ frame: Int) -> Double {
        let start = 2 * frame * framing.frameShiftSamples
        let isCentered = framing.edges == .centeredOnZeros || framing.edges == .centeredOnReflection
        return Double(start + (isCentered ? 0 : framing.frameLengthSamples)) / Double(2 * sampleRate)
    }

    /// The number of the first coefficient, or mel band, of a row.
    package var firstCoefficient: Int { cepstrum?.zeroth == .omitted ? 1 : 0 }

    /// Names of the features of a row, `[featureCount]`: `c0` for a coefficient, `mel0` for a mel band, with `delta_` and
    /// `delta2_` before those of their derivatives.
    package var featureNames: [String] {
        let names = (firstCoefficient..<firstCoefficient + coefficientCount).map {
            cepstrum == nil ? "mel\($0)" : "c\($0)"
        }
        return ["", "delta_", "delta2_"].prefix(1 + (deltas?.order ?? 0)).flatMap { prefix in
            names.map { prefix + $0 }
        }
    }
}
