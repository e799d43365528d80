/// Reads the JSON of a safetensors header, value by value.
///
/// A header holds one shape of JSON only, so the reader asks for the value that must come next. Anything else ends the
/// reading at once, which leaves nothing to a bomb of nested arrays; keys that stand twice are seen as well.
struct HeaderScanner {
    private let bytes: [UInt8]
    private let start: Int
    private let end: Int
    private var position: Int

    /// Reads `bytes[range]`.
    init(_ bytes: [UInt8], in range: Range<Int>) {
        precondition(
            0 <= range.lowerBound && range.upperBound <= bytes.count,
            "range \(range) of \(bytes.count) bytes")
        self.bytes = bytes
        start = range.lowerBound
        end = range.upperBound
        position = start
    }

    /// Bytes read so far.
    var offset: Int { position - start }

    /// The next byte that is not white space, which it does not take; nil at the end.
    mutating func peek() -> UInt8? {
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): position += 1
            case let byte: return byte
            }
        }
        return nil
    }

    /// Takes `byte` if it comes next and says whether it did.
    mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    /// Reads an object and gives each key to `readValue`, which must read the value.
    mutating func readObject(
        _ what: String,
        _ readValue: (inout HeaderScanner, String) throws(SafetensorsFault) -> Void
    ) throws(SafetensorsFault) {
        guard take("{") else { throw .unexpectedHeader(offset: offset, expected: what) }
        if take("}") { return }
        var keys: Set<String> = []
        repeat {
            let key = try readString("a key")
            guard keys.insert(key).inserted else { throw .duplicateKey(key: key) }
            guard take(":") else { throw .unexpectedHeader(offset: offset, expected: "':'") }
            try readValue(&self, key)
        } while take(",")
        guard take("}") else { throw .unexpectedHeader(offset: offset, expected: "',' or '}'") }
    }

    /// Reads an array of integers from zero to `Int.max`.
    mutating func readIntegers(_ what: String) throws(SafetensorsFault) -> [Int] {
        guard take("[") else { throw .unexpectedHeader(offset: offset, expected: what) }
        if take("]") { return [] }
        var integers: [Int] = []
        repeat { integers.append(try readInteger()) } while take(",")
        guard take("]") else { throw .unexpectedHeader(offset: offset, expected: "',' or ']'") }
        return integers
    }

    private mutating func readInteger() throws(SafetensorsFault) -> Int {
        guard let first = peek(), first != UInt8(ascii: "-") else {
            throw position < end
                ? .negativeNumber(offset: offset) : .unexpectedHeader(offset: offset, expected: "a number")
        }
        let begin = position
        var value = 0
        while position < end, case let digit = Int(bytes[position]) - 48, (0...9).contains(digit) {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(digit)
            guard !overflow, !carry else { throw .numberTooLarge(offset: begin - start) }
            value = sum
            position += 1
        }
        // JSON knows neither an empty number nor leading zeros.
        guard position > begin, position == begin + 1 || first != UInt8(ascii: "0") else {
            throw .unexpectedHeader(offset: begin - start, expected: "a number")
        }
        return value
    }

    /// Reads a string.
    mutating func readString(_ what: String) throws(SafetensorsFault) -> String {
        guard take("\"") else { throw .unexpectedHeader(offset: offset, expected: what) }
        let begin = offset
        var text: [UInt8] = []
        while true {
            let run = position
            while position < end, bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\""),
                bytes[position] != UInt8(ascii: "\\")
            {
                position += 1
            }
            text.append(contentsOf: bytes[run..<position])
            guard position < end, bytes[position] >= 0x20 else {
                throw .unexpectedHeader(offset: offset, expected: "the end of a string")
            }
            position += 1
            if bytes[position - 1] == UInt8(ascii: "\"") { break }
            try readEscape(into: &text)
        }
        guard let string = String(validating: text, as: UTF8.self) else { throw .notUTF8(offset: begin) }
        return string
    }

    /// Reads what follows a backslash.
    private mutating func readEscape(into text: inout [UInt8]) throws(SafetensorsFault) {
        guard position < end else {
            throw .unexpectedHeader(offset: offset, expected: "the end of a string")
        }
        position += 1
        switch bytes[position - 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[position - 1])
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: try readUnicodeEscape().utf8)
        default: throw .unexpectedHeader(offset: offset - 1, expected: "an escape")
        }
    }

    /// Reads what follows `\u`: four hexadecimal digits, or two surrogates that make one scalar.
    private mutating func readUnicodeEscape() throws(SafetensorsFault) -> Character {
        let begin = offset
        var units = [try readCodeUnit()]
        if UTF16.isLeadSurrogate(units[0]), position + 1 < end, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            units.append(try readCodeUnit())
        }
        guard let text = String(validating: units, as: UTF16.self), let character = text.first else {
            throw .unexpectedHeader(offset: begin, expected: "a pair of surrogates")
        }
        return character
    }

    private mutating func readCodeUnit() throws(SafetensorsFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard position < end, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw .unexpectedHeader(offset: offset, expected: "a hexadecimal digit")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
