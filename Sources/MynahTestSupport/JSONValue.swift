import FoundationEssentials

/// Any JSON, as a tree whose values can be changed one by one.
package indirect enum JSONValue: Codable, Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case unsigned(UInt64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Reads a document; nil for what is not JSON.
    package init?(parsing text: String) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else { return nil }
        self = value
    }

    /// The document, with the keys of each object in order.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else {
            preconditionFailure("a number of a JSON document is not finite")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Reads any JSON.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    /// Writes the same JSON.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let values): try container.encode(values)
        case .object(let values): try container.encode(values)
        }
    }
}

extension JSONValue {
    /// Changes one value in a way in which a program or an attacker may get it wrong: its number, its type, its presence, or
    /// how many elements it has.
    package mutating func mutateField(using generator: inout some RandomNumberGenerator) {
        // Objects are entered more often than not, since what matters most lies deep in them.
        switch self {
        case .object(var values) where !values.isEmpty && Int.random(in: 0..<12, using: &generator) > 0:
            let keys = values.keys.sorted()
            let key = keys[Int.random(in: keys.indices, using: &generator)]
            values[key]?.mutateField(using: &generator)
            self = .object(values)
        case .array(var values) where !values.isEmpty && Int.random(in: 0..<4, using: &generator) > 0:
            let index = Int.random(in: values.indices, using: &generator)
            values[index].mutateField(using: &generator)
            self = .array(values)
        default:
            replace(using: &generator)
        }
    }

    private mutating func replace(using generator: inout some RandomNumberGenerator) {
        if Int.random(in: 0..<10, using: &generator) == 0 {
            let others: [JSONValue] = [
                .null, .bool(true), .integer(0), .number(0.5), .string("text"), .array([]), .object([:]),
            ]
            self = others[Int.random(in: others.indices, using: &generator)]
            return
        }
        switch self {
        case .null: self = .integer(1)
        case .bool(let value): self = .bool(!value)
        case .integer(let value): self = Self.number(like: value, using: &generator)
        case .unsigned(let value): self = .unsigned(value &+ UInt64.random(in: 0...3, using: &generator))
        case .number(let value): self = Self.number(like: value, using: &generator)
        case .string(let value): self = Self.string(like: value, using: &generator)
        case .array(var values):
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: values = []
            case 1: values += values
            case 2: if let first = values.first { values = Array(repeating: first, count: 1_000) }
            case 3: if let last = values.last { values.append(last) }
            default: if !values.isEmpty { values.removeLast() }
            }
            self = .array(values)
        case .object(var values):
            let keys = values.keys.sorted()
            guard !keys.isEmpty else { return }
            let key = keys[Int.random(in: keys.indices, using: &generator)]
            if Bool.random(using: &generator) {
                values[key] = nil
            } else {
                values[key] = values[keys[Int.random(in: keys.indices, using: &generator)]]
            }
            self = .object(values)
        }
    }

    private static func number(
        like value: Int, using generator: inout some RandomNumberGenerator
    ) -> JSONValue {
        let numbers = [
            0, 1, -1, 2, 3, 16, 100, 1_000, 4_096, 65_536, 1_000_000, 1 << 31, 1 << 32, 1 << 53, .max, .min,
            value &+ 1, value &- 1, value &* 2, value / 2, value / 3, value &* 100, 0 &- value,
        ]
        return .integer(numbers[Int.random(in: numbers.indices, using: &generator)])
    }

    private static func number(
        like value: Double, using generator: inout some RandomNumberGenerator
    ) -> JSONValue {
        let numbers = [
            0, 1, -1, 0.5, 1e-45, 1e-30, 1e9, 1e30, 3.4e38, 1e39, -1e39, 1e308, value * 2, value / 2, -value,
            value.nextUp,
        ].filter(\.isFinite)
        return .number(numbers[Int.random(in: numbers.indices, using: &generator)])
    }

    private static func string(
        like value: String, using generator: inout some RandomNumberGenerator
    ) -> JSONValue {
        let strings = [
            "", value + value, String(value.dropLast()), value.uppercased(), "\u{200B}", "\u{0}",
            String(repeating: "x", count: 200), "_unknown_", "gru", "last", "natural",
        ]
        return .string(strings[Int.random(in: strings.indices, using: &generator)])
    }
}
