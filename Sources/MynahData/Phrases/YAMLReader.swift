internal import CYAML
import MynahBase

/// A YAML document as its values, read by libyaml.
///
/// Only what training data needs: texts, lists and maps. Anchors, tags and further documents are refused, so that a small file
/// cannot stand for a large one.
indirect enum YAMLValue {
    case text(String, line: Int)
    case list([YAMLValue], line: Int)
    case map([(key: String, value: YAMLValue)], line: Int)

    /// Where it begins, from 1.
    var line: Int {
        switch self {
        case .text(_, let line), .list(_, let line), .map(_, let line): line
        }
    }

    /// The text; nil for others.
    var text: String? {
        if case .text(let text, _) = self { text } else { nil }
    }

    /// The value of a key; nil for others than maps.
    subscript(key: String) -> YAMLValue? {
        guard case .map(let pairs, _) = self else { return nil }
        return pairs.first { $0.key == key }?.value
    }
}

/// What is wrong with a YAML file.
struct YAMLFault: Error {
    let line: Int
    let reason: String
}

/// libyaml's parser at work on bytes.
struct YAMLReader: ~Copyable {
    private static let depthLimit = 20

    /// In memory of its own, since it refers to its own place.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    /// Reads a document.
    static func read(_ bytes: [UInt8]) throws(YAMLFault) -> YAMLValue {
        var reader = try YAMLReader(bytes)
        return try reader.document()
    }

    private init(_ content: [UInt8]) throws(YAMLFault) {
        let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLFault(line: 1, reason: "there is no memory to read it")
        }
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, content.count))
        _ = bytes.initialize(from: content)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, content.count)
        (self.parser, self.bytes) = (parser, bytes)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        bytes.deallocate()
    }

    /// What libyaml says next.
    private enum Event {
        case start
        case end
        case text(String)
        case listStart, listEnd, mapStart, mapEnd
    }

    private mutating func next() throws(YAMLFault) -> (event: Event, line: Int) {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            let problem = parser.pointee.problem.map { String(cString: $0) } ?? "is no YAML"
            let line = max(parser.pointee.problem_mark.line, parser.pointee.mark.line)
            throw YAMLFault(line: Int(line) + 1, reason: "is no YAML: \(problem)")
        }
        defer { yaml_event_delete(&event) }
        let line = Int(event.start_mark.line) + 1
        switch event.type {
        case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT: return (.start, line)
        case YAML_DOCUMENT_END_EVENT, YAML_STREAM_END_EVENT: return (.end, line)
        case YAML_SEQUENCE_START_EVENT: return (.listStart, line)
        case YAML_SEQUENCE_END_EVENT: return (.listEnd, line)
        case YAML_MAPPING_START_EVENT: return (.mapStart, line)
        case YAML_MAPPING_END_EVENT: return (.mapEnd, line)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return (.text(String(decoding: text, as: UTF8.self)), line)
        default: throw YAMLFault(line: line, reason: "refers to another place in the file, which is not read")
        }
    }

    private mutating func document() throws(YAMLFault) -> YAMLValue {
        var (event, line) = try next()
        while case .start = event { (event, line) = try next() }
        let value = try value(event, line, depth: 0)
        guard case .end = try next().event else {
            throw YAMLFault(line: line, reason: "holds several values")
        }
        return value
    }

    private mutating func value(_ event: Event, _ line: Int, depth: Int) throws(YAMLFault) -> YAMLValue {
        guard depth < Self.depthLimit else {
            throw YAMLFault(line: line, reason: "has more than \(Self.depthLimit) lists within each other")
        }
        switch event {
        case .text(let text): return .text(text, line: line)
        case .listStart:
            var values: [YAMLValue] = []
            while true {
                let (event, place) = try next()
                if case .listEnd = event { return .list(values, line: line) }
                values.append(try value(event, place, depth: depth + 1))
            }
        case .mapStart:
            var pairs: [(key: String, value: YAMLValue)] = []
            while true {
                let (event, place) = try next()
                if case .mapEnd = event { return .map(pairs, line: line) }
                guard case .text(let key) = event else {
                    throw YAMLFault(line: place, reason: "has a key that is no text")
                }
                let (inner, innerLine) = try next()
                pairs.append((key, try value(inner, innerLine, depth: depth + 1)))
            }
        case .start, .end, .listEnd, .mapEnd: return .text("", line: line)
        }
    }
}
