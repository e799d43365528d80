import MynahBase

/// Reads a phrase as a person writes it, in the manner of Home Assistant's hassil and of Rhasspy.
///
/// - `[kitchen](room)` names a detail, and `[lounge](room:living room)` one that means something else: a bracket with a name in
///   parentheses right behind it;
/// - `[the]` may be left out: any other bracket;
/// - `(turn|switch)` is one of several; so may `[please|kindly]` be;
/// - `{room}` is a value of the list of that name, and `{room:from}` one that fills the slot `from`;
/// - a backslash takes the character behind it as it is.
struct TemplateParser {
    /// What is wrong with a phrase.
    struct Fault: Error, Hashable {
        let reason: String
    }

    /// Pieces within pieces, at most.
    private static let depthLimit = 16

    private let scalars: [Unicode.Scalar]
    private let list: (String) -> ValueList?

    /// Whether there are alternatives and lists; without, only details are marked, as in Rasa's files.
    private let isTemplate: Bool

    private var place = 0

    private init(_ text: String, isTemplate: Bool, list: @escaping (String) -> ValueList?) {
        scalars = Array(text.unicodeScalars)
        self.isTemplate = isTemplate
        self.list = list
    }

    /// Reads a template.
    ///
    /// - Parameter list: finds the list of a name.
    static func template(_ text: String, list: @escaping (String) -> ValueList?) throws(Fault)
        -> PhraseTemplate
    {
        try read(text, isTemplate: true, list: list)
    }

    /// Reads a phrase that only marks details: `[NYC](city)` or `[NYC]{"entity": "city", "value": "New York"}`.
    static func phrase(_ text: String) throws(Fault) -> PhraseTemplate {
        try read(text, isTemplate: false) { _ in nil }
    }

    private static func read(
        _ text: String, isTemplate: Bool, list: @escaping (String) -> ValueList?
    ) throws(Fault) -> PhraseTemplate {
        var parser = TemplateParser(text, isTemplate: isTemplate, list: list)
        let pieces = try parser.alternatives(until: nil, depth: 0)
        guard pieces.count == 1 else {
            throw Fault(reason: "a | outside of parentheses, expected alternatives as (one|other), or \\|")
        }
        let template = PhraseTemplate(pieces[0])
        guard !template.phrase(0).text.isEmpty || template.count > 1 else {
            throw Fault(reason: "no words")
        }
        return template
    }

    /// What stands until a closing mark, cut at each `|`.
    private mutating func alternatives(until end: Unicode.Scalar?, depth: Int) throws(Fault)
        -> [PhraseTemplate.Piece]
    {
        guard depth <= Self.depthLimit else {
            throw Fault(reason: "more than \(Self.depthLimit) brackets within each other")
        }
        let opening = place
        var rows: [[PhraseTemplate.Piece]] = [[]]
        var text = ""
        func closeText() {
            guard !text.isEmpty else { return }
            rows[rows.count - 1].append(.text(text))
            text = ""
        }
        while place < scalars.count {
            let scalar = scalars[place]
            place += 1
            if scalar == end {
                closeText()
                return rows.map { $0.count == 1 ? $0[0] : .row($0) }
            }
            switch scalar {
            case "\\":
                guard place < scalars.count else { throw Fault(reason: "a backslash at the end") }
                text.unicodeScalars.append(scalars[place])
                place += 1
            case "[":
                closeText()
                rows[rows.count - 1].append(try bracket(depth: depth))
            case "|" where isTemplate:
                closeText()
                rows.append([])
            case "(" where isTemplate:
                closeText()
                rows[rows.count - 1].append(.oneOf(try alternatives(until: ")", depth: depth + 1)))
            case "{" where isTemplate:
                closeText()
                rows[rows.count - 1].append(try listed())
            case _ where scalar == "]" || isTemplate && (scalar == ")" || scalar == "}"):
                throw Fault(reason: "a \(scalar) at character \(place) that closes nothing")
            default: text.unicodeScalars.append(scalar)
            }
        }
        if let end {
            throw Fault(reason: "a bracket at character \(opening) that does not close, expected \(end)")
        }
        closeText()
        return rows.map { $0.count == 1 ? $0[0] : .row($0) }
    }

    /// What is in a bracket, which is open: a detail, or words that may be left out.
    private mutating func bracket(depth: Int) throws(Fault) -> PhraseTemplate.Piece {
        let start = place
        if let detail = try detail() { return detail }
        place = start
        guard isTemplate else {
            throw Fault(
                reason:
                    "a bracket at character \(start) without the name of a slot behind it, as in [kitchen](room)"
            )
        }
        return .oneOf([.text("")] + (try alternatives(until: "]", depth: depth + 1)))
    }

    /// `kitchen](room)`; nil where it is something else.
    private mutating func detail() throws(Fault) -> PhraseTemplate.Piece? {
        var text = ""
        while place < scalars.count, scalars[place] != "]" {
            if scalars[place] == "[" { return nil }
            if scalars[place] == "\\", place + 1 < scalars.count { place += 1 }
            text.unicodeScalars.append(scalars[place])
            place += 1
        }
        guard place + 1 < scalars.count else { return nil }
        place += 1
        let opening = scalars[place]
        if opening == "{", !isTemplate { return try describedDetail(text) }
        guard opening == "(", let name = enclosed(until: ")") else { return nil }
        let parts = name.split(separator: ":", maxSplits: 1).map { String($0.trimmingBlanks) }
        guard let slot = parts.first, Self.isName(slot) else { return nil }
        guard !text.trimmingBlanks.isEmpty else {
            throw Fault(reason: "an empty value of the slot \(slot.quoted)")
        }
        return .detail(text, slot: slot, value: parts.count > 1 ? parts[1] : nil)
    }

    /// `{"entity": "city", "value": "New York"}` behind the text of a detail.
    private mutating func describedDetail(_ text: String) throws(Fault) -> PhraseTemplate.Piece {
        guard let json = enclosed(until: "}"), let description = EntityDescription(json: "{\(json)}"),
            Self.isName(description.entity)
        else {
            throw Fault(reason: #"no {"entity": "name"} behind \#(text.quoted)"#)
        }
        return .detail(text, slot: description.entity, value: description.value)
    }

    /// `room}` or `room:slot}`, whose brace is open.
    private mutating func listed() throws(Fault) -> PhraseTemplate.Piece {
        let opening = place
        place -= 1
        guard let name = enclosed(until: "}") else {
            throw Fault(reason: "a bracket at character \(opening) that does not close, expected }")
        }
        let parts = name.split(separator: ":", omittingEmptySubsequences: false).map {
            String($0.trimmingBlanks)
        }
        guard (1...2).contains(parts.count), parts.allSatisfy(Self.isName) else {
            throw Fault(reason: "{\(name.printable)}, expected the name of a list, or {list:slot}")
        }
        guard let list = list(parts[0]) else {
            throw Fault(reason: "no list \(parts[0].quoted), expected a file lists/\(parts[0].printable).txt")
        }
        return .list(list, slot: parts.last ?? parts[0])
    }

    /// What is between an opening mark, at which the parser stands, and a closing one.
    private mutating func enclosed(until end: Unicode.Scalar) -> String? {
        guard let close = scalars[place...].firstIndex(of: end) else { return nil }
        defer { place = close + 1 }
        return String(String.UnicodeScalarView(scalars[place + 1..<close]))
    }

    /// Whether a text can be the name of a slot or a list: letters, digits, `_`, `-` and `.`, of any script.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
                    || "_-.".unicodeScalars.contains($0)
            }
    }
}
