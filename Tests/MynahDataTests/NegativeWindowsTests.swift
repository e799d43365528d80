import Foundation
import MynahBase
import MynahFeatures
import MynahModel
import MynahTestSupport
import Testing

@testable import MynahData

@Suite("Windows of sound without commands")
struct NegativeWindowsTests {
    /// Noise of a second through a front end, of another level for each seed.
    private func features(_ frontEnd: FrontEndConfiguration, seed: UInt64) throws -> FeatureMatrix {
        var generator = SeededGenerator(seed: seed)
        let level = 0.01 + 0.3 * generator.uniform()
        var extractor = try FeatureExtractor(frontEnd)
        return extractor.features(of: (0..<16_000).map { _ in generator.symmetric(level) })
    }

    private func windows(_ count: Int = 12) throws -> NegativeWindows {
        let contents: [NegativeWindows.Content] = [.word(0), .word(1), .speech, .noise]
        return try NegativeWindows(
            (0..<count).map { (contents[$0 % 4], try features(.mynah, seed: UInt64($0))) },
            words: ["apple", "Pear"], frontEnd: .mynah, attribution: "nobody\u{1B}", commandLine: "mynah")
    }

    @Test("features come back within half a step of a byte")
    func roundTrip() throws {
        let file = try windows()
        let read = try NegativeWindows(bytes: file.fileBytes, name: "file")
        #expect(read.contents == file.contents && read.words == ["apple", "Pear"])
        #expect(read.frontEnd == .mynah && read.frameCount == 98 && read.count == 12)
        #expect(read.attribution == "nobody\\u{1B}")
        let all = try (0..<12).map { try features(.mynah, seed: UInt64($0)) }
        for column in 0..<40 {
            let values = all.flatMap { own in (0..<98).map { own[$0, column] } }
            let step = ((values.max() ?? 0) - (values.min() ?? 0)) / 254
            for window in 0..<12 {
                let found = read.features(of: window, as: .asKept, frameCount: 98)
                for frame in 0..<98 {
                    #expect(abs(found[frame, column] - all[window][frame, column]) <= 0.51 * step + 1e-4)
                }
            }
        }
    }

    @Test("a model that reads mel bands gets those that the cepstra are a transform of")
    func bands() throws {
        let file = try windows()
        let form = try file.form(for: .mynahMel)
        let expected = try features(.mynahMel, seed: 3)
        let found = file.features(of: 3, as: form, frameCount: 98)
        let error = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
        #expect(error < 0.5, "log energies differ by \(error)")
        #expect(throws: DataError.self) { try file.form(for: .kaldi) }
    }

    @Test("more frames than a window has are those of the next one, fewer are its first ones")
    func lengths() throws {
        let file = try windows()
        let long = file.features(of: 11, as: .asKept, frameCount: 150)
        #expect(
            Array(long.values.prefix(98 * 40)) == file.features(of: 11, as: .asKept, frameCount: 98).values)
        #expect(
            Array(long.values.suffix(52 * 40))
                == Array(file.features(of: 0, as: .asKept, frameCount: 98).values.prefix(52 * 40)))
        #expect(file.features(of: 0, as: .asKept, frameCount: 10).frameCount == 10)
    }

    @Test("windows of a model's own words are left out, whatever case they have")
    func ownWords() throws {
        let examples = try NegativeExamples(
            windows(), frontEnd: .mynah, frameCount: 98, without: ["pear", "other"])
        #expect(examples.count == 9)
        #expect((0..<9).count { examples.isNoise($0) } == 3)
        #expect((0..<9).compactMap { examples.word($0) } == [0, 0, 0])
        let parts = try NegativeExamples(windows(40), frontEnd: .mynah, frameCount: 98, without: []).divided
        #expect(parts.training.count == 27 && parts.validation.count == 3)
    }

    @Test("a file that lies is refused in one line")
    func lies() throws {
        let good = try windows().fileBytes
        func message(_ bytes: [UInt8]) -> String {
            do {
                _ = try NegativeWindows(bytes: bytes, name: "x.safetensors")
                return "accepted"
            } catch {
                return "\(error)"
            }
        }
        func changed(_ text: String, to other: String) -> [UInt8] {
            var bytes = good
            guard let range = Data(good).range(of: Data(text.utf8)) else { return [] }
            bytes.replaceSubrange(range, with: other.utf8)
            return bytes
        }
        for bytes in [
            [], Array("x".utf8), Array(good.dropLast()),
            changed("mynah-negatives", to: "mynah-negativos"), changed("\"windows\"", to: "\"wimdows\""),
            changed("\"I8\"", to: "\"U8\""), changed("[12,98,40]", to: "[12,40,98]"),
            changed("\"contents\"", to: "\"cantents\""), changed("\"steps\"", to: "\"stops\""),
            try CommandModelBytes.any(),
        ] {
            let line = message(bytes)
            #expect(line.hasPrefix("x.safetensors: ") && !line.contains("\n"), "\(line)")
        }
    }

    @Test("what is built in can be read, and fits to both front ends that come with mynah")
    func shipped() throws {
        let shipped = try NegativeWindows.shipped()
        #expect(shipped.count >= 500)
        #expect(shipped.contents.contains(.speech) && shipped.contents.contains(.noise))
        #expect(!shipped.attribution.isEmpty)
        _ = try (shipped.form(for: .mynah), shipped.form(for: .mynahMel))
    }
}

/// A file that is something else.
private enum CommandModelBytes {
    static func any() throws -> [UInt8] {
        SafetensorsFile(tensors: [.init(name: "a", shape: [1], values: [1])], metadata: ["format": "mynah"])
            .bytes
    }
}
