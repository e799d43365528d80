import Foundation
import MynahBase
import Testing

/// Text files as people and other programs write them.
@Suite struct TextLinesTests {
    private func lines(_ text: String) throws(TextFault) -> [String] {
        try TextLines(bytes: Array(text.utf8)).lines.map(\.text)
    }

    private func message(_ bytes: [UInt8]) -> String? {
        do throws(TextFault) {
            _ = try TextLines(bytes: bytes)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func linesEndInEveryWay() throws {
        #expect(try lines("a\nb\n") == ["a", "b"])
        #expect(try lines("a\r\nb") == ["a", "b"])
        #expect(try lines("a\rb\r") == ["a", "b"])
        #expect(try lines("a\n\r\n\rb") == ["a", "", "", "b"])
        #expect(try lines("") == [])
        #expect(try TextLines(bytes: Array("a\r\n\nb".utf8)).lines.map(\.number) == [1, 2, 3])
    }

    @Test func aByteOrderMarkIsNoText() throws {
        #expect(try lines("\u{FEFF}yes/a.wav\nno/b.wav") == ["yes/a.wav", "no/b.wav"])
        // Two files, joined.
        #expect(try lines("\u{FEFF}a\n\u{FEFF}b\n") == ["a", "b"])
        #expect(try lines("\u{FEFF}") == [""])
        #expect(try TextLines(bytes: Array("\u{FEFF}a\r\nb".utf8)).text == "a\nb")
    }

    @Test func otherEncodingsNameTheLine() throws {
        let utf16 = try #require("start\tend\n".data(using: .utf16LittleEndian))
        for mark: [UInt8] in [[0xff, 0xfe], [0xfe, 0xff]] {
            #expect(message(mark + utf16) == "line 1 holds text in UTF-16, expected UTF-8")
        }
        #expect(message([UInt8](utf16)) == "line 1 holds zero bytes, as UTF-16 has, expected UTF-8")
        #expect(
            message(Array("yes\nno\n".utf8) + [0x67, 0x72, 0xfc, 0x6e])
                == "line 3 holds bytes that are not UTF-8, expected UTF-8")
    }

    @Test func whatIsNoFileIsRefused() throws {
        func message(_ path: String, limitBytes: Int = 100) -> String? {
            do throws(TextFault) {
                _ = try TextLines(contentsOf: path, limitBytes: limitBytes)
                return nil
            } catch {
                return error.description
            }
        }
        #expect(message("/") == "is no regular file")
        #expect(message("/dev/zero") == "is no regular file")
        #expect(message("/nowhere")?.contains("No such file") == true)
        let path = NSTemporaryDirectory() + "mynah-lines-\(UUID().uuidString)"
        try Data("yes\n".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(message(path) == nil)
        #expect(message(path, limitBytes: 3) == "4 bytes, expected at most 3")
    }
}

/// Names that nobody would tell apart.
@Suite struct LookalikeNamesTests {
    private let names = LookalikeNames(["yes", "go", "straße", "über", "_unknown_", "two words"])

    @Test(arguments: [
        ("Yes", "yes"), ("YES ", "yes"), (" go", "go"), ("go\u{200B}", "go"), ("\u{FEFF}go", "go"),
        ("go\n", "go"), ("STRASSE", "straße"), ("U\u{308}ber", "über"), ("_Unknown_", "_unknown_"),
        ("two  words", "two words"),
    ])
    func areFound(name: String, original: String) {
        #expect(names.lookalike(of: name) == original)
    }

    @Test(arguments: ["yes", "no", "", "gogo", "u\u{308}ber", "unknown", "twowords"])
    func othersAreNot(name: String) {
        #expect(names.lookalike(of: name) == nil)
    }

    @Test func blanksAreTrimmed() {
        #expect([" a b\t", "", " \n", "a"].map(\.trimmed) == ["a b", "", "", "a"])
    }
}

@Suite struct ThreadTimeTests {
    @Test func sleepCostsNothingAndWorkDoes() {
        let start = ThreadTime.seconds
        usleep(60_000)
        let slept = ThreadTime.seconds
        #expect(slept - start < 0.03)
        var values = (0..<2_000_000).map { $0 ^ 0x5555 }
        values.sort()
        #expect(ThreadTime.seconds > slept)
        #expect(values.first == 0)
    }
}
