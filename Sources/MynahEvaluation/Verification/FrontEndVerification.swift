import MynahBase
import MynahFeatures
import MynahModel
import MynahRecognition

/// The checks of a model's front end, whatever kind of model it is.
struct FrontEndVerification {
    private let frontEnd: FrontEndConfiguration

    /// The hash of the settings in training.
    private let hash: String

    init(_ frontEnd: FrontEndConfiguration, hash: String) {
        self.frontEnd = frontEnd
        self.hash = hash
    }

    /// Whether the settings are those of training.
    func settingsCheck() -> VerificationCheck {
        VerificationCheck(
            "front end settings", frontEnd.settingsHash == hash,
            "SHA-256 \(hash), as the model file states")
    }

    /// Whether the features of a known sound are what they were when Mynah was released.
    func featureCheck() throws(RecognitionError) -> VerificationCheck {
        let name = "front end features"
        guard let preset = FrontEndPreset.allCases.first(where: { $0.configuration() == frontEnd }),
            let golden = FrontEndFingerprint.golden[preset]
        else {
            return VerificationCheck(
                name: name, outcome: .skipped,
                detail:
                    "golden values exist only for presets at 16,000 Hz, and the front end is not one of them")
        }
        let difference: Float
        do {
            difference = try FrontEndFingerprint(of: frontEnd).difference(from: golden)
        } catch {
            throw .frontEnd(error)
        }
        return VerificationCheck(
            name, difference <= FrontEndFingerprint.tolerance,
            """
            those of a known sound differ from the golden values of preset \(preset.rawValue) by at most \
            \(NumberText.scientific(difference)) of their size (limit \
            \(NumberText.scientific(FrontEndFingerprint.tolerance)))
            """)
    }
}
