internal import FoundationEssentials
internal import MynahFeatures

extension MFCCConfiguration {
    /// SHA-256 over all settings, as 64 lower-case hexadecimal digits.
    ///
    /// Two front ends with the same hash give the same features.
    func settingsHash() throws(ModelFault) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return SHA256.hexDigest(of: Array(try encoder.encode(self)))
        } catch {
            throw .badFrontEnd(reason: String(describing: error))
        }
    }

    /// Checks the settings of a front end that comes from a file.
    func check() throws(ModelFault) {
        guard (1...768_000).contains(sampleRate) else {
            throw .badFrontEnd(reason: "sample rate \(sampleRate) Hz, expected 1 to 768000 Hz")
        }
        guard (1...4096).contains(coefficientCount) else {
            throw .badFrontEnd(reason: "\(coefficientCount) coefficients, expected 1 to 4096")
        }
    }
}
