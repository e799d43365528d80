import MynahBase
import MynahModel
import Testing

@testable import MynahTeaching

@Suite("Leave-one-out on vectors")
struct EnrolmentFitTests {
    /// Values of a vector, of which a middle gives the first ones.
    private static let size = 128

    /// Recordings of words as vectors around a middle each, with three variations, and negatives around the origin.
    private func fit(
        _ words: [(name: String, middle: [Float], takes: Int)], replacing odd: [Int: [Float]] = [:],
        threads: Int = 2
    ) -> EnrolmentFit {
        var generator = SeededGenerator(seed: 11)
        func near(_ middle: [Float], _ width: Float = 0.4) -> [Float] {
            (0..<Self.size).map {
                (middle.indices.contains($0) ? middle[$0] : 0) + generator.symmetric(width)
            }
        }
        var takes: [RecordingsFolder.Take] = []
        var (plain, varied): ([[Float]], [[[Float]]]) = ([], [])
        for word in words {
            for number in 0..<word.takes {
                let middle = odd[takes.count] ?? word.middle
                plain.append(near(middle))
                varied.append((0..<EnrolmentExamples.variationCount).map { _ in near(middle) })
                takes.append(.init(word: word.name, name: "me_nohash_\(number).wav"))
            }
        }
        let negatives = (0..<200).map { _ in near([0, 0, 0, 0], 2) }
        return EnrolmentFit(
            EnrolmentExamples(plain: plain, varied: varied, negatives: negatives), takes: takes,
            isNoise: (0..<200).map { $0 < 20 }, negativeWords: (0..<200).map { $0 / 2 }, threads: threads)
    }

    @Test("words that lie apart are heard each time, and nothing is missing but other speakers")
    func apart() throws {
        let fit = fit([("blue", [6, 0, 0, 0], 5), ("red", [0, 6, 0, 0], 5)])
        #expect(fit.labels == ["_silence_", "_unknown_", "blue", "red"])
        for word in fit.advice.words {
            #expect(word.heardCount == 5)
            #expect(word.heardOfTen == 10)
            #expect(word.closest == nil)
            #expect(word.falseAlarmCount == 0)
            #expect(word.differingTakes.isEmpty)
            #expect(word.help == .furtherSpeakers)
            #expect((0.5...0.95).contains(word.threshold))
        }
        #expect(fit.recognized == (10, 10))
        #expect(fit.weights.count == 4 * Self.size && fit.bias.count == 4)
    }

    @Test("two words at one place are close to each other, and another word would help")
    func close() throws {
        let fit = fit([("light", [6, 0, 0, 0], 5), ("right", [6, 0.1, 0, 0], 5), ("up", [0, 6, 0, 0], 5)])
        let light = try #require(fit.advice["light"])
        #expect(light.closest?.word == "right")
        #expect(light.help == .anotherWord)
        #expect(fit.advice["up"]?.closest == nil)
    }

    @Test("a take of another word among five differs from the others")
    func differs() throws {
        let fit = fit(
            [("blue", [6, 0, 0, 0], 5), ("red", [0, 6, 0, 0], 5)], replacing: [2: [0, 0, 6, 0]])
        #expect(fit.advice["blue"]?.differingTakes == ["me_nohash_2.wav"])
        #expect(fit.advice["red"]?.differingTakes == [])
    }

    @Test("one recording of each word tells nothing of how it will be heard")
    func single() throws {
        let fit = fit([("blue", [6, 0, 0, 0], 1), ("red", [0, 6, 0, 0], 1)])
        let blue = try #require(fit.advice["blue"])
        #expect(blue.heardCount == nil && blue.heardOfTen == nil)
        #expect(blue.threshold == 0.7)
        #expect(blue.help == .moreTakes)
        #expect(fit.recognized == (0, 0))
    }

    @Test("the number of threads changes nothing")
    func threads() {
        let words: [(name: String, middle: [Float], takes: Int)] = [
            ("blue", [6, 0, 0, 0], 5), ("red", [0, 6, 0, 0], 3),
        ]
        let (one, four) = (fit(words, threads: 1), fit(words, threads: 4))
        #expect(one.weights == four.weights)
        #expect(one.bias == four.bias)
        #expect(one.temperature == four.temperature)
        #expect(one.advice == four.advice)
    }
}
