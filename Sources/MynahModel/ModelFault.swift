internal import MynahBase

/// The ways in which a sound safetensors file can fail to be a usable model, one case each.
public enum ModelFault: Error, Equatable, Sendable {
    /// The metadata lack a text.
    case missingMetadata(key: String)

    /// The metadata name another format than `mynah`.
    case foreignFormat(actual: String)

    /// The file is of a version that this program does not know.
    case unsupportedVersion(actual: String, expected: String)

    /// The model is of another kind; both are given by the names that metadata have for them.
    case otherKind(actual: String, expected: String)

    /// The description is longer than any real one.
    case descriptionTooLong(byteCount: Int, limit: Int)

    /// The description is not JSON, or lacks a value, or has one of another type.
    case badDescription(reason: String)

    /// The front end that is described is not the one whose hash the file stores, the one of training.
    ///
    /// The differences say in which settings, if it was trained with a preset; otherwise there are none.
    case frontEndHashMismatch(stored: String, computed: String, differences: [String])

    /// A setting of the front end is out of range.
    case badFrontEnd(reason: String)

    /// A size of the network is out of range.
    case badNetwork(reason: String)

    /// Front end and network disagree about the number of features per frame.
    case featureCount(frontEnd: Int, network: Int)

    /// The normalizer has another number of features than the network takes.
    case normalizerSize(actual: Int, expected: Int)

    /// The normalizer cannot be used.
    case badNormalizer(reason: String)

    /// The clip length is out of range.
    case clipSampleCount(actual: Int, allowed: ClosedRange<Int>)

    /// The temperature is out of range.
    case temperature(actual: Float, allowed: ClosedRange<Float>)

    /// There is not one label per class.
    case labelCount(actual: Int, expected: Int)

    /// A label is the empty text.
    case emptyLabel(index: Int)

    /// A label is longer than 128 bytes.
    case labelTooLong(index: Int, byteCount: Int, limit: Int)

    /// A label has characters that a terminal could take for commands.
    case unprintableLabel(index: Int, label: String)

    /// Two classes have the same label.
    case duplicateLabel(label: String)

    /// A value of the provenance is out of range, or not printable.
    case badProvenance(reason: String)

    /// A setting of detection is out of range, or for a word that the model does not know.
    case badDetection(reason: String)

    /// The paths of the state do not fit to the network, or go beyond all bounds.
    case badStatePaths(reason: String)

    /// The calibration of clips that are not over does not fit to the network.
    case badEarlyCalibration(reason: String)

    /// What was spelled of recordings is no word, or of a word that the model does not know.
    case badSpellings(reason: String)

    /// A symbol of a speech model is none, or there are not as many as the network has classes.
    case badSymbols(reason: String)

    /// A speaker whom a speech model names cannot be printed, or is in a split that is none.
    case badSpeakers(reason: String)

    /// Words, slots or the calibration of a model of intents cannot be used.
    case badWords(reason: String)

    /// A weight tensor of the network is not in the file.
    case missingTensor(name: String)

    /// A tensor of the file belongs to no weight of the network.
    case extraTensor(name: String)

    /// A weight tensor has another shape than the network needs.
    case tensorShape(name: String, actual: [Int], expected: [Int])

    /// A weight tensor holds values of another kind than 32-bit floating point.
    case tensorDataType(name: String, actual: String)

    /// A weight is infinite or not a number.
    case notFinite(tensor: String, index: Int, value: Float)
}

extension ModelFault: CustomStringConvertible {
    /// What is wrong, with the expected and the actual value.
    public var description: String {
        switch self {
        case .missingMetadata(let key):
            "the metadata have no \(key.quoted)"
        case .foreignFormat(let actual):
            "the metadata name the format \(actual.quoted), expected 'mynah'"
        case .unsupportedVersion(let actual, let expected):
            "version \(actual.quoted) of the format, expected \(expected.quoted)"
        case .otherKind(let actual, let expected):
            "it is \(ModelKind.sentence(of: actual)), expected \(ModelKind.sentence(of: expected))"
        case .descriptionTooLong(let byteCount, let limit):
            "a description of \(byteCount) bytes, allowed are \(limit)"
        case .badDescription(let reason):
            "bad description: \(reason.printable)"
        case .frontEndHashMismatch(let stored, let computed, let differences):
            "the settings of its front end were changed after training, or mean another front end to this version: "
                + (differences + ["their hash is \(computed), that of training is \(stored.quoted)"])
                .joined(separator: "; ")
        case .badFrontEnd(let reason):
            "bad front end: \(reason)"
        case .badNetwork(let reason):
            "bad network: \(reason)"
        case .featureCount(let frontEnd, let network):
            "the front end gives \(frontEnd) features per frame, the network takes \(network)"
        case .normalizerSize(let actual, let expected):
            "the normalizer has \(actual) features, expected \(expected)"
        case .badNormalizer(let reason):
            "bad normalizer: \(reason)"
        case .clipSampleCount(let actual, let allowed):
            "clips of \(actual) samples, expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .temperature(let actual, let allowed):
            "temperature \(actual), expected \(allowed.lowerBound) to \(allowed.upperBound)"
        case .labelCount(let actual, let expected):
            "\(actual) labels for \(expected) classes"
        case .emptyLabel(let index):
            "label \(index) is empty"
        case .labelTooLong(let index, let byteCount, let limit):
            "label \(index) has \(byteCount) bytes, allowed are \(limit)"
        case .unprintableLabel(let index, let label):
            "label \(index) has unprintable characters: \(label.quoted)"
        case .duplicateLabel(let label):
            "two classes have the label \(label.quoted)"
        case .badProvenance(let reason):
            "bad provenance: \(reason)"
        case .badDetection(let reason):
            "bad detection settings: \(reason.printable)"
        case .badEarlyCalibration(let reason):
            "the calibration of clips that are not over cannot be used: \(reason)"
        case .badSpellings(let reason):
            "bad spellings: \(reason.printable)"
        case .badStatePaths(let reason):
            "bad paths of the state: \(reason)"
        case .badSymbols(let reason):
            "bad symbols: \(reason)"
        case .badSpeakers(let reason):
            "bad list of speakers: \(reason)"
        case .badWords(let reason):
            "bad words or slots: \(reason)"
        case .missingTensor(let name):
            "the weights have no tensor \(name.quoted)"
        case .extraTensor(let name):
            "tensor \(name.quoted) belongs to no layer of the network"
        case .tensorShape(let name, let actual, let expected):
            "tensor \(name.quoted) has shape \(actual.prefix(8)), expected \(expected)"
        case .tensorDataType(let name, let actual):
            "tensor \(name.quoted) holds \(actual.printable), expected F32"
        case .notFinite(let tensor, let index, let value):
            "value \(index) of tensor \(tensor.quoted) is \(value), expected a finite number"
        }
    }
}
