internal import MynahBase

/// The ways in which a file can break the safetensors format, one case each.
public enum SafetensorsFault: Error, Equatable, Sendable {
    /// Too few bytes for the header length.
    case fileTooShort(byteCount: Int)

    /// The header length is over the limit of the format.
    case headerTooLong(byteCount: UInt64, limit: Int)

    /// The header would end behind the end of the file.
    case headerBeyondFile(byteCount: UInt64, available: Int)

    /// The header does not begin with `{`.
    case headerNotObject

    /// The header is not JSON, or has a value of another type at this offset.
    case unexpectedHeader(offset: Int, expected: String)

    /// A string in the header is not UTF-8.
    case notUTF8(offset: Int)

    /// A number in the header is below zero.
    case negativeNumber(offset: Int)

    /// A number in the header does not fit into 63 bits.
    case numberTooLarge(offset: Int)

    /// A key stands twice in one object.
    case duplicateKey(key: String)

    /// More tensors than any network here could have.
    case tooManyTensors(limit: Int)

    /// A tensor lacks `dtype`, `shape` or `data_offsets`.
    case missingKey(tensor: String, key: String)

    /// A tensor has a key that the format does not know.
    case unknownKey(tensor: String, key: String)

    /// Values of a kind that the format does not have.
    case unsupportedDataType(tensor: String, dataType: String)

    /// The size of a shape in bytes does not fit into 63 bits.
    case shapeTooLarge(tensor: String, shape: [Int])

    /// The end of a tensor lies before its begin.
    case offsetsReversed(tensor: String, begin: Int, end: Int)

    /// A tensor has not as many bytes as its shape needs.
    case sizeMismatch(tensor: String, shape: [Int], expected: Int, actual: Int)

    /// A tensor ends behind the end of the file.
    case offsetsOutOfRange(tensor: String, end: Int, available: Int)

    /// Two tensors share bytes.
    case overlap(tensor: String, other: String)

    /// Bytes in front of a tensor belong to none.
    case hole(tensor: String, byteCount: Int)

    /// Bytes behind the last tensor belong to none.
    case dataAfterEnd(byteCount: Int)
}

extension SafetensorsFault: CustomStringConvertible {
    /// What is wrong, with the expected and the actual value.
    public var description: String {
        switch self {
        case .fileTooShort(let byteCount):
            "\(byteCount) bytes, expected at least 8"
        case .headerTooLong(let byteCount, let limit):
            "the header claims \(byteCount) bytes, allowed are \(limit)"
        case .headerBeyondFile(let byteCount, let available):
            "the header claims \(byteCount) bytes, the file has \(available) more"
        case .headerNotObject:
            "the header does not begin with '{'"
        case .unexpectedHeader(let offset, let expected):
            "expected \(expected) at byte \(offset) of the header"
        case .notUTF8(let offset):
            "the string at byte \(offset) of the header is not UTF-8"
        case .negativeNumber(let offset):
            "negative number at byte \(offset) of the header"
        case .numberTooLarge(let offset):
            "the number at byte \(offset) of the header does not fit into 63 bits"
        case .duplicateKey(let key):
            "the key \(key.quoted) stands twice in the header"
        case .tooManyTensors(let limit):
            "more than \(limit) tensors"
        case .missingKey(let tensor, let key):
            "tensor \(tensor.quoted) has no \(key.quoted)"
        case .unknownKey(let tensor, let key):
            "tensor \(tensor.quoted) has an unknown key \(key.quoted)"
        case .unsupportedDataType(let tensor, let dataType):
            "tensor \(tensor.quoted) holds \(dataType.quoted), expected a kind of values like F32"
        case .shapeTooLarge(let tensor, let shape):
            "tensor \(tensor.quoted) has the impossible shape \(shape.prefix(8))"
        case .offsetsReversed(let tensor, let begin, let end):
            "tensor \(tensor.quoted) ends at byte \(end), before its begin at byte \(begin)"
        case .sizeMismatch(let tensor, let shape, let expected, let actual):
            "tensor \(tensor.quoted) of shape \(shape.prefix(8)) has \(actual) bytes, expected \(expected)"
        case .offsetsOutOfRange(let tensor, let end, let available):
            "tensor \(tensor.quoted) ends at byte \(end) of the data, which has \(available) bytes"
        case .overlap(let tensor, let other):
            "tensors \(other.quoted) and \(tensor.quoted) overlap"
        case .hole(let tensor, let byteCount):
            "\(byteCount) bytes in front of tensor \(tensor.quoted) belong to no tensor"
        case .dataAfterEnd(let byteCount):
            "\(byteCount) bytes behind the last tensor"
        }
    }
}
