import Foundation
import MynahModel
import MynahTestSupport
import Testing

/// One file for every way in which a header can lie.
struct SafetensorsFaultTests {
    struct Lie: CustomTestStringConvertible {
        let what: String
        let bytes: [UInt8]
        let fault: SafetensorsFault

        init(_ what: String, _ bytes: [UInt8], _ fault: SafetensorsFault) {
            self.what = what
            self.bytes = bytes
            self.fault = fault
        }

        init(_ what: String, _ header: String, data: Int = 0, _ fault: SafetensorsFault) {
            self.init(what, safetensors(header: header, dataByteCount: data), fault)
        }

        var testDescription: String { what }
    }

    private static func tensor(
        _ name: String = "t", type: String = "\"F32\"", shape: String = "[2]", offsets: String = "[0,8]"
    ) -> String {
        "\"\(name)\":{\"dtype\":\(type),\"shape\":\(shape),\"data_offsets\":\(offsets)}"
    }

    static let length: [Lie] = [
        Lie("no bytes", [], .fileTooShort(byteCount: 0)),
        Lie("seven bytes", [1, 0, 0, 0, 0, 0, 0], .fileTooShort(byteCount: 7)),
        Lie(
            "header too long", [1, 0xE1, 0xF5, 5, 0, 0, 0, 0],
            .headerTooLong(byteCount: 100_000_001, limit: 100_000_000)),
        Lie(
            "length of all ones", [UInt8](repeating: 255, count: 16),
            .headerTooLong(byteCount: .max, limit: 100_000_000)),
        Lie(
            "header beyond file", [3, 0, 0, 0, 0, 0, 0, 0, 123, 125],
            .headerBeyondFile(byteCount: 3, available: 2)),
        Lie(
            "text", Array("RIFF, but not really, just some text".utf8),
            .headerTooLong(byteCount: 0x7562_202C_4646_4952, limit: 100_000_000)),
        Lie("empty header", "", .headerNotObject),
    ]

    static let grammar: [Lie] = [
        Lie("white space first", " {}", .headerNotObject),
        Lie("array", "[]", .headerNotObject),
        Lie("not closed", "{", .unexpectedHeader(offset: 1, expected: "a key")),
        Lie("text behind", "{} x", .unexpectedHeader(offset: 3, expected: "the end of the header")),
        Lie("trailing comma", "{\"__metadata__\":{},}", .unexpectedHeader(offset: 19, expected: "a key")),
        Lie("no colon", "{\"t\" 1", .unexpectedHeader(offset: 5, expected: "':'")),
        Lie("no comma", "{\"__metadata__\":{} \"t\"", .unexpectedHeader(offset: 19, expected: "',' or '}'")),
        Lie("string not closed", "{\"abc", .unexpectedHeader(offset: 5, expected: "the end of a string")),
        Lie(
            "string ends in an escape", "{\"abc\\",
            .unexpectedHeader(offset: 6, expected: "the end of a string")),
        Lie(
            "line break in a string", "{\"a\nc\"",
            .unexpectedHeader(offset: 3, expected: "the end of a string")),
        Lie("unknown escape", "{\"\\x", .unexpectedHeader(offset: 3, expected: "an escape")),
        Lie("bad digit", "{\"\\u00g0\"", .unexpectedHeader(offset: 6, expected: "a hexadecimal digit")),
        Lie("digits end", "{\"\\u00", .unexpectedHeader(offset: 6, expected: "a hexadecimal digit")),
        Lie("lone surrogate", "{\"\\ud834\"", .unexpectedHeader(offset: 4, expected: "a pair of surrogates")),
        Lie(
            "two lead surrogates", "{\"\\ud834\\ud834\"",
            .unexpectedHeader(offset: 4, expected: "a pair of surrogates")),
        Lie(
            "trail surrogate first", "{\"\\udd1e\\ud834\"",
            .unexpectedHeader(offset: 4, expected: "a pair of surrogates")),
        Lie(
            "not UTF-8",
            safetensors(header: Array("{\"".utf8) + [0xFF] + Array("\":{}}".utf8), dataByteCount: 0),
            .notUTF8(offset: 2)),
        Lie(
            "overlong UTF-8",
            safetensors(header: Array("{\"".utf8) + [0xC0, 0x80] + Array("\":{}}".utf8), dataByteCount: 0),
            .notUTF8(offset: 2)),
        Lie(
            "bomb of objects", String(repeating: "{\"a\":", count: 200_000),
            .unknownKey(tensor: "a", key: "a")),
        Lie(
            "bomb of arrays", "{\"t\":{\"shape\":" + String(repeating: "[", count: 1_000_000),
            .unexpectedHeader(offset: 15, expected: "a number")),
        Lie("duplicate tensor", "{\(tensor()),\(tensor())}", data: 8, .duplicateKey(key: "t")),
        Lie(
            "duplicate metadata", "{\"__metadata__\":{},\"__metadata__\":{}}",
            .duplicateKey(key: "__metadata__")),
        Lie("duplicate text", "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", .duplicateKey(key: "a")),
        Lie("duplicate shape", "{\"t\":{\"shape\":[],\"shape\":[]}}", .duplicateKey(key: "shape")),
        Lie(
            "metadata of numbers", "{\"__metadata__\":{\"a\":1}}",
            .unexpectedHeader(offset: 21, expected: "a string")),
        Lie("metadata null", "{\"__metadata__\":null}", .unexpectedHeader(offset: 16, expected: "an object")),
    ]

    static let tensors: [Lie] = [
        Lie("number for tensor", "{\"t\":1}", .unexpectedHeader(offset: 5, expected: "an object")),
        Lie(
            "no type", "{\"t\":{\"shape\":[],\"data_offsets\":[0,4]}}", data: 4,
            .missingKey(tensor: "t", key: "dtype")),
        Lie(
            "no shape", "{\"t\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", data: 4,
            .missingKey(tensor: "t", key: "shape")),
        Lie(
            "no offsets", "{\"t\":{\"dtype\":\"F32\",\"shape\":[]}}", data: 4,
            .missingKey(tensor: "t", key: "data_offsets")),
        Lie("unknown key", "{\"t\":{\"stride\":[1]}}", .unknownKey(tensor: "t", key: "stride")),
        Lie(
            "a precision that is none", "{\(tensor(type: "\"F7\""))}", data: 8,
            .unsupportedDataType(tensor: "t", dataType: "F7")),
        Lie(
            "two bytes a value, and four given", "{\(tensor(type: "\"BF16\"", shape: "[1]"))}", data: 8,
            .sizeMismatch(tensor: "t", shape: [1], expected: 2, actual: 8)),
        Lie(
            "type a number", "{\(tensor(type: "32"))}", data: 8,
            .unexpectedHeader(offset: 14, expected: "a string")),
        Lie("negative size", "{\(tensor(shape: "[-2]"))}", data: 8, .negativeNumber(offset: 29)),
        Lie(
            "size with a fraction", "{\(tensor(shape: "[2.0]"))}", data: 8,
            .unexpectedHeader(offset: 30, expected: "',' or ']'")),
        Lie(
            "size with an exponent", "{\(tensor(shape: "[2e0]"))}", data: 8,
            .unexpectedHeader(offset: 30, expected: "',' or ']'")),
        Lie(
            "size with a leading zero", "{\(tensor(shape: "[02]"))}", data: 8,
            .unexpectedHeader(offset: 29, expected: "a number")),
        Lie(
            "no size", "{\(tensor(shape: "[,2]"))}", data: 8,
            .unexpectedHeader(offset: 29, expected: "a number")),
        Lie(
            "size of 64 bits", "{\(tensor(shape: "[9223372036854775808]"))}", data: 8,
            .numberTooLarge(offset: 29)),
        Lie(
            "size of a million digits", "{\(tensor(shape: "[\(String(repeating: "9", count: 1_000_000))]"))}",
            data: 8, .numberTooLarge(offset: 29)),
        Lie(
            "bytes overflow", "{\(tensor(shape: "[9223372036854775807]"))}", data: 8,
            .shapeTooLarge(tensor: "t", shape: [.max])),
        Lie(
            "product overflows to zero", "{\(tensor(shape: "[4294967296,4294967296]", offsets: "[0,0]"))}",
            .shapeTooLarge(tensor: "t", shape: [1 << 32, 1 << 32])),
        Lie(
            "one offset", "{\(tensor(offsets: "[8]"))}", data: 8,
            .unexpectedHeader(offset: 47, expected: "two offsets")),
        Lie(
            "three offsets", "{\(tensor(offsets: "[0,4,8]"))}", data: 8,
            .unexpectedHeader(offset: 47, expected: "two offsets")),
        Lie("negative offset", "{\(tensor(offsets: "[-8,0]"))}", data: 8, .negativeNumber(offset: 48)),
        Lie(
            "reversed", "{\(tensor(offsets: "[8,0]"))}", data: 8,
            .offsetsReversed(tensor: "t", begin: 8, end: 0)),
        Lie(
            "too few bytes for the shape", "{\(tensor(shape: "[3]"))}", data: 8,
            .sizeMismatch(tensor: "t", shape: [3], expected: 12, actual: 8)),
        Lie(
            "bytes for no values", "{\(tensor(shape: "[0,7]"))}", data: 8,
            .sizeMismatch(tensor: "t", shape: [0, 7], expected: 0, actual: 8)),
    ]

    static let layout: [Lie] = [
        Lie("data cut", "{\(tensor())}", data: 7, .offsetsOutOfRange(tensor: "t", end: 8, available: 7)),
        Lie(
            "far outside", "{\(tensor(offsets: "[9223372036854775799,9223372036854775807]"))}", data: 8,
            .offsetsOutOfRange(tensor: "t", end: .max, available: 8)),
        Lie(
            "empty tensor outside", "{\(tensor(shape: "[0]", offsets: "[4,4]"))}",
            .offsetsOutOfRange(tensor: "t", end: 4, available: 0)),
        Lie("same bytes", "{\(tensor("a")),\(tensor("b"))}", data: 16, .overlap(tensor: "b", other: "a")),
        Lie(
            "partly the same bytes", "{\(tensor("b", offsets: "[4,12]")),\(tensor("a"))}", data: 12,
            .overlap(tensor: "b", other: "a")),
        Lie(
            "empty tensor within another", "{\(tensor("a")),\(tensor("b", shape: "[0]", offsets: "[4,4]"))}",
            data: 8, .overlap(tensor: "b", other: "a")),
        Lie("hole in front", "{\(tensor(offsets: "[4,12]"))}", data: 12, .hole(tensor: "t", byteCount: 4)),
        Lie(
            "hole between", "{\(tensor("a")),\(tensor("b", offsets: "[12,20]"))}", data: 20,
            .hole(tensor: "b", byteCount: 4)),
        Lie("data behind", "{\(tensor())}", data: 11, .dataAfterEnd(byteCount: 3)),
        Lie("data without tensors", "{}", data: 5, .dataAfterEnd(byteCount: 5)),
    ]

    @Test(arguments: length + grammar + tensors + layout)
    func lieIsNamed(_ lie: Lie) throws {
        #expect(throws: ModelError.notSafetensors(file: "lie", fault: lie.fault)) {
            try SafetensorsFile(bytes: lie.bytes, name: "lie")
        }
        // From a folder, the header alone must be enough to find the lie.
        let folder = try TemporaryFolder()
        let path = folder.file("lie.safetensors")
        try Data(lie.bytes).write(to: URL(fileURLWithPath: path))
        #expect(throws: ModelError.notSafetensors(file: path, fault: lie.fault)) {
            try SafetensorsFile(contentsOf: path)
        }
        #expect(!lie.fault.description.contains("\n"))
    }

    @Test func crowdOfTensorsIsRefused() {
        let entries = (0...10_000).map { Self.tensor("\($0)", shape: "[0]", offsets: "[0,0]") }
        let bytes = safetensors(header: "{\(entries.joined(separator: ","))}", dataByteCount: 0)
        #expect(throws: ModelError.notSafetensors(file: "lie", fault: .tooManyTensors(limit: 10_000))) {
            try SafetensorsFile(bytes: bytes, name: "lie")
        }
    }

    @Test func errorsPrintNoControlCharactersAndNoFloods() {
        let name = "\u{1B}[2J" + String(repeating: "x", count: 1000)
        let text = ModelError.notSafetensors(
            file: "a\nb", fault: .unsupportedDataType(tensor: name, dataType: "\u{202E}")
        ).description
        #expect(text.hasPrefix("a\\nb is not a valid safetensors file: tensor '\\u{1B}[2Jxxx"))
        #expect(text.hasSuffix("…' holds '\\u{202E}', expected a kind of values like F32"))
        #expect(text.count < 200)
    }
}
