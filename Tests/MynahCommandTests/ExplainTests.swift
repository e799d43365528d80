import Foundation
import MynahTestSupport
import Testing

/// `mynah explain` and `mynah recognize --early` with a model that the tests have trained.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct ExplainTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private func page(_ arguments: String...) throws -> String {
        let outcome = try mynah(
            ["explain", "--model", words.model, "--output", folder.file("page.html")] + arguments)
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix(folder.file("page.html") + ": "))
        return String(decoding: try bytes(of: folder.file("page.html")), as: UTF8.self)
    }

    @Test func pageNeedsNothingButItself() throws {
        let page = try page(words.clip(.rising))
        #expect(page.hasPrefix("<!DOCTYPE html>"))
        for part in [
            "The sound", "What it believes", "Memory builds up, and is cleared",
            "The gate that keeps or takes",
            "The path of the state", "carries no mean paths",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(page.split(separator: "<svg xmlns").count == 8)
        // The name of the format is the only address in it.
        let addresses = page.matches(of: /https?:[^"<]*/).map { String($0.output) }
        #expect(Set(addresses) == ["http://www.w3.org/2000/svg"])
        #expect(!page.contains("<script") && !page.contains("<link") && !page.contains("url("))
        #expect(try self.page(words.clip(.rising)) == page)
    }

    /// Calibration puts the mean paths of the words into the model, and the page shows them.
    @Test func calibratedModelHasPaths() throws {
        // A model that recognizes every clip has no best temperature.
        let calibrated = folder.file("calibrated.safetensors")
        let calibration = try mynah(
            "calibrate", words.model, folder.writeMislabelledWords(), "--output", calibrated)
        #expect(calibration.ending == .status(0), "\(calibration.errors)")
        let outcome = try mynah(
            "explain", words.clip(.valley), "--model", calibrated, "--output", folder.file("page.html"))
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let page = String(decoding: try bytes(of: folder.file("page.html")), as: UTF8.self)
        #expect(page.contains("Thin lines are the mean paths of all labels"))
        #expect(Word.allCases.contains { page.contains(">\($0.rawValue)</text>") })
    }

    @Test func awkwardNames() throws {
        let name = "<script>&\"x\".wav"
        try folder.write(try bytes(of: words.clip(.rising)), to: name)
        let page = try page(folder.file(name))
        #expect(!page.contains("<script>"))
        #expect(page.contains("&lt;script&gt;&amp;&quot;x&quot;.wav"))
    }

    @Test func badInput() throws {
        let output = folder.file("page.html")
        for (arguments, status, message) in [
            (["missing.wav", "--output", output], 1, "mynah: missing.wav: no such file\n"),
            (["a.wav", "--output", "no/folder.html"], 1, "cannot be written"),
            (["a.wav"], 64, "--output"), (["a.wav", "--output", "a.wav"], 64, "is read"),
            (["a.wav", "--output", output, "--early", "0.2"], 64, "expected 0.5 to 1"),
        ] {
            let outcome = try mynah(["explain", "--model", words.model] + arguments)
            #expect(outcome.ending == .status(status))
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
        }
        let long = try folder.writeSound([Float](repeating: 0.1, count: 16_000 * 11), to: "long.wav")
        let outcome = try mynah("explain", long, "--model", words.model, "--output", output)
        #expect(outcome.ending == .status(1))
        #expect(outcome.errors.contains("at most 10.0 s are read at once"), "\(outcome.errors)")
        #expect(try folder.names == ["long.wav"])
    }

    /// A clip is left as soon as its label is safe, and says what the whole clip says.
    @Test func early() throws {
        var saved = 0.0
        for word in Word.allCases {
            let whole = try mynah("recognize", "--json", "--model", words.model, words.clip(word))
            let early = try mynah(
                "recognize", "--json", "--early", "0.9", "--model", words.model, words.clip(word))
            let (first, second) = (try object(whole.output), try object(early.output))
            #expect(first["early"] == nil && first["heardMilliseconds"] == nil)
            #expect(second["label"] as? String == word.rawValue)
            let isEarly = try #require(second["early"] as? Bool)
            let heard = try #require(second["heardMilliseconds"] as? Double)
            #expect(heard > 0 && heard <= 1_000)
            if isEarly {
                #expect(try #require(second["probability"] as? Double) >= 0.9)
                saved += 1_000 - heard
            } else {
                // Nothing became safe: the end decides, as without the option.
                let (a, b) = (first["probability"] as? Double, second["probability"] as? Double)
                #expect(abs(try #require(a) - #require(b)) < 1e-4)
            }
            let text = try mynah("recognize", "--early", "0.9", "--model", words.model, words.clip(word))
            #expect(
                text.output.wholeMatch(
                    of: /.*: [a-z]+ [0-9.]+ %( at the end,)? after [0-9]+ ms \([0-9.]+ ms\)\n/)
                    != nil, "\(text.output)")
        }
        #expect(saved > 0)
    }

    private func object(_ line: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
}
