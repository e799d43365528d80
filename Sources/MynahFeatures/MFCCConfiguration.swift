/// Every setting of the MFCC front end.
public struct MFCCConfiguration: Codable, Hashable, Sendable {
    /// Input sample rate, in Hz.
    public var sampleRate: Int

    /// Number of cepstral coefficients kept, `D`.
    public var coefficientCount: Int

    /// Wraps the settings.
    public init(sampleRate: Int, coefficientCount: Int) {
        self.sampleRate = sampleRate
        self.coefficientCount = coefficientCount
    }
}
