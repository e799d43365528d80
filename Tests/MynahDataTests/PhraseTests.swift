import Foundation
import MynahBase
import MynahLanguage
import MynahModel
import Testing

@testable import MynahData

@Suite struct TemplateTests {
    private let rooms = ValueList(
        name: "room",
        forms: [
            .init(text: "kitchen", value: "kitchen"), .init(text: "living room", value: "living room"),
            .init(text: "lounge", value: "living room"),
        ])

    private func template(_ text: String) throws -> PhraseTemplate {
        try TemplateParser.template(text) { $0 == "room" ? rooms : nil }
    }

    private func phrases(_ text: String) throws -> [String] {
        let template = try template(text)
        return (0..<template.count).map { template.phrase($0).text }.sorted()
    }

    private func fault(_ text: String) -> String {
        let error = #expect(throws: TemplateParser.Fault.self) { try template(text) }
        return error?.reason ?? ""
    }

    @Test func alternativesOptionsAndListsExpand() throws {
        #expect(try phrases("turn on the light") == ["turn on the light"])
        #expect(try phrases("(turn|switch) on [the] light[s]").count == 8)
        #expect(try phrases("[please|kindly] go") == ["go", "kindly go", "please go"])
        #expect(try phrases("a (b|(c|d) e)") == ["a b", "a c e", "a d e"])
        #expect(try phrases("in [the] {room}").count == 6)
        #expect(try phrases(#"50\% \(or so\) [x]"#) == ["50% (or so)", "50% (or so) x"])
    }

    /// A bracket with a name in parentheses right behind it is a detail; any other may be left out.
    @Test func detailsAreToldFromOptions() throws {
        let detail = try template("light in the [kitchen](room) [the] (x|y)").phrase(0)
        #expect(detail.text == "light in the kitchen x")
        #expect(detail.slots == [.init(slot: "room", range: 13..<20, value: nil)])
        let meant = try template("the [lounge](room:living room)").phrase(0)
        #expect(meant.slots == [.init(slot: "room", range: 4..<10, value: "living room")])
        #expect(try phrases("[the] (a|b)").count == 4)
        #expect(try phrases("[the](a|b)").count == 4)
        let listed = try template("to {room:from}").phrase(2)
        #expect(listed.slots == [.init(slot: "from", range: 3..<9, value: "living room")])
        #expect(listed.text == "to lounge")
    }

    @Test func rangesCountScalarsAndBlanksAreSingle() throws {
        let phrase = try template("  🏠\u{301}  in   [ the  kitchen ](room)  now ").phrase(0)
        #expect(phrase.text == "🏠\u{301} in the kitchen now")
        #expect(phrase.slots == [.init(slot: "room", range: 6..<17, value: nil)])
    }

    @Test func millionsOfPhrasesAreNotWrittenOut() throws {
        let text = String(repeating: "(a|b|c|d|e|f|g|h) ", count: 12)
        let template = try template(text)
        #expect(template.count == 1 << 36)
        #expect(
            template.phrase(0).text.hasPrefix("a a a")
                && template.phrase((1 << 36) - 1).text.hasPrefix("h h h"))
        let endless = try self.template(String(repeating: "(a|b|c|d) ", count: 100))
        #expect(endless.count == Int.max)
        var generator = SeededGenerator(seed: 1)
        #expect(endless.phrase(using: &generator).text.count == 199)
    }

    @Test func faultsSayWhatAndWhere() {
        #expect(fault("turn (on") == "a bracket at character 6 that does not close, expected )")
        #expect(fault("turn [on") == "a bracket at character 6 that does not close, expected ]")
        #expect(fault("turn {room") == "a bracket at character 6 that does not close, expected }")
        #expect(fault("turn on)") == "a ) at character 8 that closes nothing")
        #expect(fault("on ] off") == "a ] at character 4 that closes nothing")
        #expect(fault("on|off").hasPrefix("a | outside of parentheses"))
        #expect(fault("in {hall}") == "no list 'hall', expected a file lists/hall.txt")
        #expect(fault("in {a b}").hasPrefix("{a b}, expected the name of a list"))
        #expect(fault("[ ](room)") == "an empty value of the slot 'room'")
        #expect(fault("\\") == "a backslash at the end")
        #expect(fault(String(repeating: "(", count: 50)).hasPrefix("more than 16 brackets"))
        #expect(fault("()") == "no words")
    }

    @Test func anyTextIsReadOrRefused() throws {
        var generator = SeededGenerator(seed: 9)
        let pieces = ["[", "]", "(", ")", "{", "}", "|", "\\", "room", ":", " ", "é", "\u{0}", "🏠"]
        var read = 0
        for _ in 0..<5_000 {
            let text = (0..<generator.index(below: 14)).map { _ in
                pieces[generator.index(below: pieces.count)]
            }.joined()
            guard let template = try? template(text) else { continue }
            read += 1
            for index in Set([0, template.count / 2, template.count - 1]) {
                let phrase = template.phrase(index)
                #expect(phrase.slots.allSatisfy { $0.range.upperBound <= phrase.text.unicodeScalars.count })
            }
        }
        #expect(read > 200)
    }
}

@Suite struct PhraseCollectionTests {
    private func collection(_ files: [String: String]) throws -> PhraseCollection {
        let folder = try DataTestFolder()
        for (name, text) in files { try folder.write(name, text) }
        return try PhraseCollection(reading: folder.path)
    }

    private func fault(_ files: [String: String]) throws -> String {
        let folder = try DataTestFolder()
        for (name, text) in files { try folder.write(name, text) }
        let error = #expect(throws: DataError.self) { try PhraseCollection(reading: folder.path) }
        return (error?.description ?? "").replacingOccurrences(of: folder.path + "/", with: "")
    }

    @Test func aFolderOfTextsHasListsAndATrial() throws {
        let collection = try collection([
            "On.txt": "\u{FEFF}# comment\r\n\r\nturn [the] {room} on\r\n(x|y)",
            "_none_.txt": "hello", "Off.txt": "off",
            "lists/room.txt": "kitchen\nliving room = lounge | den\n",
            "testing/On.txt": "on in the [lounge](room)", "notes.md": "not read",
        ])
        #expect(collection.intents == ["Off", "On", "_none_"])
        #expect(collection.lines.map(\.number).sorted() == [1, 1, 1, 3, 4])
        #expect(collection.lines.filter(\.isForTesting).map(\.intent) == ["On"])
        let slot = try #require(collection.slots.first)
        #expect(
            slot.name == "room"
                && slot.values == [.init("kitchen"), .init("living room", synonyms: ["lounge", "den"])])
        let values = SlotValues(collection.slots)
        #expect(
            values.value(of: "The Lounge", slot: 0) == "The Lounge"
                && values.value(of: "LOUNGE", slot: 0) == "living room")
    }

    @Test func faultsNameFileAndLine() throws {
        #expect(
            try fault(["On.txt": "a\nturn (on\n"])
                == "On.txt:2: a bracket at character 6 that does not close, expected )")
        #expect(try fault(["On.txt": "# nothing\n"]).hasPrefix("On.txt: the intent 'On' has no phrase"))
        #expect(
            try fault(["On.txt": "in {room}"]) == "On.txt:1: no list 'room', expected a file lists/room.txt")
        #expect(
            try fault(["On.txt": "a", "lists/room.txt": "\n"]) == "lists/room.txt:1: the list has no values")
        #expect(
            try fault(["On.txt": "a", "lists/room.txt": "a\nb =\n"]).hasPrefix(
                "lists/room.txt:2: a value or a synonym"))
        let words = String(repeating: "word ", count: 10_000)
        #expect(
            try fault(["On.txt": "x\n" + words]) == "On.txt:2: a phrase of 10,000 words, expected at most 100"
        )
        #expect(
            try fault(["On.txt": String(repeating: "a", count: 200_000)]).hasPrefix(
                "On.txt:1: a phrase of 200,000 bytes"))
        #expect(try fault(["a.json": "{}["]).hasPrefix("a.json: is not the JSON of the SNIPS benchmark"))
        #expect(try fault(["readme.md": "x"]).contains("there are no phrases"))
        let folder = try DataTestFolder()
        try Data([0xff, 0xfe, 0x61, 0]).write(to: folder.url.appending(path: "On.txt"))
        #expect(
            throws: DataError.badPhrases(
                file: folder.path + "/On.txt", line: nil,
                reason: "line 1 holds text in UTF-16, expected UTF-8")
        ) {
            try PhraseCollection(reading: folder.path)
        }
        try Data("a\nb\u{0}c".utf8).write(to: folder.url.appending(path: "On.txt"))
        #expect(
            throws: DataError.badPhrases(
                file: folder.path + "/On.txt", line: nil,
                reason: "line 2 holds zero bytes, as UTF-16 has, expected UTF-8")
        ) {
            try PhraseCollection(reading: folder.path)
        }
        #expect(throws: DataError.self) { try PhraseCollection(reading: "/nowhere") }
    }

    @Test func oddTextsAreKept() throws {
        let collection = try collection(["On.txt": "licht 🏳️‍🌈 an\nשלום [עולם](wo)\ncafe\u{301} an"])
        #expect(collection.lines.count == 3)
        #expect(collection.lines[1].template.phrase(0).slots == [.init(slot: "wo", range: 5..<9, value: nil)])
    }

    @Test func rasasFilesAreRead() throws {
        let collection = try collection([
            "nlu.yml": """
            version: "3.1"
            nlu:
            - intent: weather
              examples: |
                - how is it in [NYC]{"entity": "city", "value": "New York", "role": "x"} (really)
                - rain in [Oslo](city)?
            - intent: greet
              examples:
              - hi
              - text: hello
            - synonym: New York
              examples: |
                - big apple
            - lookup: city
              examples: |
                - Rome
            - regex: zip
              examples: |
                - \\d+
            """, "domain.yml": "intents:\n- greet\n",
        ])
        #expect(collection.intents == ["greet", "weather"] && collection.lines.count == 4)
        let first = try #require(collection.lines.first { $0.intent == "weather" })
        #expect(first.template.phrase(0).text == "how is it in NYC (really)" && first.number == 5)
        #expect(first.template.phrase(0).slots == [.init(slot: "city", range: 13..<16, value: "New York")])
        let city = try #require(collection.slots.first)
        #expect(city.values == [.init("New York", synonyms: ["NYC", "big apple"]), .init("Rome")])
        #expect(collection.notes.count == 2)
        #expect(
            try fault(["nlu.yml": "nlu:\n- intent: a\n  examples: |\n    - x [y\n"]).hasPrefix(
                "nlu.yml:4: a bracket at character 3"))
        #expect(try fault(["nlu.yml": "nlu: [a, b"]).contains(": is no YAML"))
        #expect(try fault(["nlu.yml": "a: &x [y]\nnlu: *x\n"]).contains("refers to another place"))
        #expect(try fault(["nlu.yml": "nlu:\n- intent: a\n"]) == "nlu.yml:2: an entry without examples")
        #expect(
            try fault(["nlu.yml": String(repeating: "[", count: 10_000)]).hasPrefix(
                "nlu.yml:1: has more than 20 lists"))
    }

    @Test func theJSONOfSnipsIsRead() throws {
        let phrase = #"{"data": [{"text": "in "}, {"text": "Oslo ", "entity": "city"}, {"text": "now"}]}"#
        let folder = try DataTestFolder()
        try folder.write("train_GetWeather_full.json", #"{"GetWeather": [\#(phrase), \#(phrase)]}"#)
        try folder.write("validate_GetWeather.json", #"{"GetWeather": [\#(phrase)]}"#)
        // An emoji as two surrogates, as the benchmark has one.
        let bytes =
            Data(#"{"Play": [{"data": [{"text": "x "#.utf8) + Data([0xed, 0xa0, 0xbc, 0xed, 0xbd, 0x95])
            + Data(#""}]}]}"#.utf8)
        try bytes.write(to: folder.url.appending(path: "train_Play_full.json"))
        let collection = try PhraseCollection(reading: folder.path)
        #expect(collection.lines.count == 4 && collection.lines.count(where: \.isForTesting) == 1)
        #expect(
            collection.lines[0].template.phrase(0)
                == Phrase(text: "in Oslo now", slots: [.init(slot: "city", range: 3..<7, value: nil)]))
        #expect(
            collection.notes.count == 1
                && collection.lines.first { $0.intent == "Play" }?.template.phrase(0).text.hasPrefix(
                    "x \u{FFFD}") == true
        )
    }

    @Test func aTenthOfEachIntentIsKeptForChoices() throws {
        let many = (0..<40).map { "phrase number \($0)" }.joined(separator: "\n")
        let collection = try collection(["A.txt": many, "B.txt": "x y\nz"])
        let division = PhraseDivision(of: collection)
        #expect(division.validation.count == 4 && division.training.count == 38 && division.testing.isEmpty)
        #expect(PhraseDivision(of: collection, validates: false).training.count == 42)
        let few = PhraseDivision(of: collection, phrasesPerIntent: 5)
        #expect(few.training.count == 7 && few.validation == division.validation)
        // What is kept does not change as lines are added.
        let more = try self.collection(["A.txt": many + "\nyet another", "B.txt": "x y\nz"])
        let texts = Set(PhraseDivision(of: more).validation.map { $0.template.phrase(0).text })
        #expect(texts.intersection(division.validation.map { $0.template.phrase(0).text }).count >= 3)
    }

    @Test func theDoctorFindsWhatIsOdd() throws {
        let collection = try collection([
            "A.txt":
                "turn it on\nTurn it on!\nthe [kitchen](room)\nkitchen please\n[light](thing)s off\nrun (a|b)",
            "B.txt": "turn it on\nthe kitchen [garage](room)", "testing/A.txt": "run b",
        ])
        let examination = PhraseExamination(of: collection)
        func messages(_ kind: PhraseExamination.Finding.Kind) -> [String] {
            examination.findings.filter { $0.kind == kind }.map(\.message)
        }
        #expect(messages(.contradiction).count == 1 && examination.hasErrors)
        #expect(messages(.double).count == 1 && messages(.testedAndLearnt).count == 1)
        #expect(messages(.brokenWord).count == 1 && messages(.oneValue).count == 1)
        #expect(messages(.unmarked).count == 1 && messages(.imbalance).count == 2)
        #expect(messages(.contradiction).first?.contains("A in ") == true)
    }
}
