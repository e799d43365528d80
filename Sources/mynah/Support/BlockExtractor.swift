import MynahFeatures

/// A front end that takes a sound block by block or, where it cannot stream, in one block.
struct BlockExtractor: ~Copyable {
    private var streaming: StreamingMFCCExtractor?
    private var whole: MFCCExtractor?

    /// Plans the front end.
    init(_ configuration: MFCCConfiguration) throws(FeatureError) {
        do throws(FeatureError) {
            streaming = try StreamingMFCCExtractor(configuration)
            whole = nil
        } catch .notStreamable {
            streaming = nil
            whole = try MFCCExtractor(configuration)
        }
    }

    /// Takes the next samples, or all of them, and appends each row that they complete.
    mutating func append(_ samples: [Float], to rows: inout FeatureMatrix) {
        streaming?.push(samples.span, appendingTo: &rows)
        whole?.appendFeatures(of: samples.span, to: &rows)
    }

    /// Appends the rows that waited for more samples.
    mutating func finish(to rows: inout FeatureMatrix) {
        streaming?.finish(appendingTo: &rows)
    }
}

extension MFCCConfiguration {
    /// The middle of a frame, in seconds from the start of the sound.
    func frameTime(_ frame: Int) -> Double {
        let start = 2 * frame * framing.frameShiftSamples
        let isCentered = framing.edges == .centeredOnZeros || framing.edges == .centeredOnReflection
        return Double(start + (isCentered ? 0 : framing.frameLengthSamples)) / Double(2 * sampleRate)
    }

    /// The number of the first coefficient, or mel band, of a row.
    var firstCoefficient: Int { cepstrum?.zeroth == .omitted ? 1 : 0 }

    /// Names of the features of a row, `[featureCount]`: `c0` for a coefficient, `mel0` for a mel band, with `delta_` and
    /// `delta2_` before those of their derivatives.
    var featureNames: [String] {
        let names = (firstCoefficient..<firstCoefficient + coefficientCount).map {
            cepstrum == nil ? "mel\($0)" : "c\($0)"
        }
        return ["", "delta_", "delta2_"].prefix(1 + (deltas?.order ?? 0)).flatMap { prefix in
            names.map { prefix + $0 }
        }
    }
}
