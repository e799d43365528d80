public import MynahAudio
public import MynahFeatures
public import MynahNetwork

/// Why a clip could not be recognized.
public enum RecognitionError: Error, CustomStringConvertible {
    /// The sound could not be read.
    case audio(AudioError)

    /// The model's front end cannot be built.
    case frontEnd(FeatureError)

    /// The model's network cannot be built.
    case network(NetworkError)

    /// One line: what, which file, expected, actual.
    public var description: String {
        switch self {
        case .audio(let error): error.description
        case .frontEnd(let error): error.description
        case .network(let error): error.description
        }
    }
}
