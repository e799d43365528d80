public import MynahAudio
package import MynahFeatures
package import MynahNetwork

/// Why a sound could not be recognized.
public enum RecognitionError: Error, Equatable, CustomStringConvertible {
    /// The sound could not be read.
    case audio(AudioError)

    /// The model cannot be used in this way: its front end or network needs sound that is still to come, or more memory than
    /// there may be.
    case unusableModel(reason: String)

    /// One line: what, which file, expected, actual.
    public var description: String {
        switch self {
        case .audio(let error): error.description
        case .unusableModel(let reason): reason
        }
    }

    /// Takes over why a front end cannot be built.
    package static func frontEnd(_ error: FeatureError) -> RecognitionError {
        .unusableModel(reason: error.description)
    }

    /// Takes over why a network cannot be built.
    package static func network(_ error: NetworkError) -> RecognitionError {
        .unusableModel(reason: error.description)
    }
}
