/// A JSON text as a tree that keeps what a decoder would not: the order of members, members of the same name, and numbers
/// as they are written, however large they are.
public indirect enum JSONTree: Equatable, Sendable {
    /// A name and its value.
    public struct Member: Equatable, Sendable {
        /// The name.
        public var name: String

        /// The value.
        public var value: JSONTree
    }

    case object([Member])
    case array([JSONTree])
    case string(String)

    /// A number, `true`, `false` or `null`, as it is written.
    case other(String)

    /// An array of whole numbers.
    static func numbers(_ values: [Int]) -> JSONTree { .array(values.map { .other("\($0)") }) }

    /// The first member of this name, if this is an object that has one.
    public subscript(name: String) -> JSONTree? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self, let newValue,
                let place = members.firstIndex(where: { $0.name == name })
            else { return }
            members[place].value = newValue
            self = .object(members)
        }
    }

    /// The text of the tree.
    public var text: String {
        switch self {
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.name)):\($0.value.text)" }.joined(separator: ",") + "}"
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .string(let text): Self.quoted(text)
        case .other(let text): text
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

// Changes of a tree.
extension JSONTree {
    /// Nodes of the tree, itself included.
    private var nodeCount: Int {
        switch self {
        case .object(let members): members.reduce(1) { $0 + $1.value.nodeCount }
        case .array(let values): values.reduce(1) { $0 + $1.nodeCount }
        case .string, .other: 1
        }
    }

    /// Changes one node at random.
    public mutating func mutate(using generator: inout some RandomNumberGenerator) {
        var index = Int.random(in: 0..<nodeCount, using: &generator)
        change(&index, using: &generator)
    }

    /// Changes the node that stands at a place of the tree, and makes the place negative when that is done.
    private mutating func change(_ index: inout Int, using generator: inout some RandomNumberGenerator) {
        if index == 0 {
            self = changed(using: &generator)
            index = -1
            return
        }
        index -= 1
        switch self {
        case .object(var members):
            for place in members.indices where index >= 0 {
                members[place].value.change(&index, using: &generator)
            }
            self = .object(members)
        case .array(var values):
            for place in values.indices where index >= 0 { values[place].change(&index, using: &generator) }
            self = .array(values)
        case .string, .other: break
        }
    }

    private func changed(using generator: inout some RandomNumberGenerator) -> JSONTree {
        func pick<Element>(_ elements: [Element], _ generator: inout some RandomNumberGenerator) -> Element {
            elements[Int.random(in: elements.indices, using: &generator)]
        }
        switch (self, Int.random(in: 0..<8, using: &generator)) {
        case (.object(var members), 1...) where !members.isEmpty:
            let place = Int.random(in: members.indices, using: &generator)
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: members.remove(at: place)
            case 1: members.append(members[place])
            default: members[place].name = pick(members.map(\.name) + ["", "x"], &generator)
            }
            return .object(members)
        case (.array(var values), 1...) where !values.isEmpty:
            let place = Int.random(in: values.indices, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: values.remove(at: place)
            case 1: values.insert(values[place], at: place)
            case 2: values.append(contentsOf: values)
            default: values.removeAll()
            }
            return .array(values)
        case (.string(let text), 1...):
            return .string(
                pick(["", text + text, "\u{1B}[2J", "\0", String(text.dropLast()), "x"], &generator))
        case (.other(let text), 1...):
            return .other(pick(Self.numbers(near: text), &generator))
        default:
            return pick(
                [
                    .other("null"), .other("true"), .other("0"), .other("-1"), .string("x"), .array([]),
                    .object([]),
                ],
                &generator)
        }
    }

    /// Numbers that a reader may believe or stumble over.
    private static func numbers(near text: String) -> [String] {
        let fixed = [
            "0", "1", "-1", "2", "3", "7", "100", "1000000", "2147483647", "2147483648", "4294967296",
            "4611686018427387904", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
            "18446744073709551615", "18446744073709551616", "0.5", "-0.0", "1e-40", "1e38", "1e39", "1e308",
            "1e400", "true", "null",
        ]
        guard let number = Double(text), abs(number) < 1e15 else { return fixed }
        let near =
            number.rounded() == number
            ? [number - 1, number + 1, number * 2].map { "\(Int($0))" } : ["\(number * 2)", "\(-number)"]
        return fixed + near + near
    }
}

// The reader.
extension JSONTree {
    /// Reads a text; nil when it is no JSON.
    public init?(parsing bytes: ArraySlice<UInt8>) {
        var rest = bytes
        guard let tree = Self.value(&rest) else { return nil }
        Self.skipBlanks(&rest)
        guard rest.isEmpty else { return nil }
        self = tree
    }

    private static func skipBlanks(_ bytes: inout ArraySlice<UInt8>) {
        bytes = bytes.drop { [0x20, 0x09, 0x0a, 0x0d].contains($0) }
    }

    /// Takes the next byte that is no blank away if it is this one.
    private static func take(_ mark: Unicode.Scalar, _ bytes: inout ArraySlice<UInt8>) -> Bool {
        skipBlanks(&bytes)
        guard bytes.first == UInt8(ascii: mark) else { return false }
        bytes.removeFirst()
        return true
    }

    private static func value(_ bytes: inout ArraySlice<UInt8>) -> JSONTree? {
        if take("{", &bytes) {
            var members: [Member] = []
            if take("}", &bytes) { return .object(members) }
            repeat {
                guard take("\"", &bytes), let name = string(&bytes), take(":", &bytes),
                    let value = value(&bytes)
                else { return nil }
                members.append(Member(name: name, value: value))
            } while take(",", &bytes)
            return take("}", &bytes) ? .object(members) : nil
        }
        if take("[", &bytes) {
            var values: [JSONTree] = []
            if take("]", &bytes) { return .array(values) }
            repeat {
                guard let value = value(&bytes) else { return nil }
                values.append(value)
            } while take(",", &bytes)
            return take("]", &bytes) ? .array(values) : nil
        }
        if take("\"", &bytes) { return string(&bytes).map { .string($0) } }
        let word = bytes.prefix { $0 > 0x20 && !Array(",]}".utf8).contains($0) }
        bytes = bytes.dropFirst(word.count)
        return word.isEmpty ? nil : .other(String(decoding: word, as: UTF8.self))
    }

    /// The rest of a string, behind its first quotation mark.
    private static func string(_ bytes: inout ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(validating: result, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = bytes.popFirst() else { return nil }
                switch escaped {
                case UInt8(ascii: "b"): result.append(0x08)
                case UInt8(ascii: "f"): result.append(0x0c)
                case UInt8(ascii: "n"): result.append(0x0a)
                case UInt8(ascii: "r"): result.append(0x0d)
                case UInt8(ascii: "t"): result.append(0x09)
                case UInt8(ascii: "u"):
                    // What Mynah writes needs no pairs of surrogates.
                    guard let code = UInt32(String(decoding: bytes.prefix(4), as: UTF8.self), radix: 16),
                        let scalar = Unicode.Scalar(code)
                    else { return nil }
                    bytes = bytes.dropFirst(4)
                    result += Array(String(Character(scalar)).utf8)
                default: result.append(escaped)
                }
            default: result.append(byte)
            }
        }
        return nil
    }
}
