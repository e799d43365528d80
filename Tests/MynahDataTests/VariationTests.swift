import Foundation
import MynahBase
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahData
@testable import MynahFeatures

/// Room, band and code: each against what theory or another program says of it.
@Suite struct DataVariationTests {
    private static let rate = 16_000

    private func room(_ seconds: Float, _ ratio: Float, seed: UInt64) -> Variation.Room {
        Variation.Room(reverberationSeconds: seconds, directRatioDecibels: ratio, seed: seed)
    }

    @Test(arguments: [(1, 1), (7, 3), (3, 7), (1_000, 333), (160, 160)])
    func convolutionIsThatOfTheDefinition(signalCount: Int, responseCount: Int) {
        let convolver = FourierConvolver(signalCount: signalCount, responseCount: responseCount)
        let response = SyntheticSignal.noise(sampleCount: responseCount, seed: 2)
        var signal = SyntheticSignal.noise(sampleCount: signalCount, seed: 1)
        let expected = signal.indices.map { index in
            response.indices.reduce(Float(0)) { sum, delay in
                delay > index ? sum : sum + response[delay] * signal[index - delay]
            }
        }
        convolver.convolve(&signal, with: response)
        expectClose(signal, expected, tolerance: 2e-5)
    }

    @Test func transformLengthsAreFastAndLongEnough() {
        for count in 1..<3_000 {
            let length = FourierConvolver.fastLength(atLeast: count)
            #expect(length >= count && length.isMultiple(of: 2))
            #expect(Double(length) <= Double(count) * 1.25 + 2)
        }
        #expect(FourierConvolver.fastLength(atLeast: 25_599) == 25_600)
    }

    /// The reverberation time by Schroeder's backward integration, from -5 to -25 dB.
    private func measuredSeconds(_ response: [Float]) -> Double {
        var decay: [Double] = []
        var sum = 0.0
        for value in response.reversed() {
            sum += Double(value) * Double(value)
            decay.append(sum)
        }
        decay.reverse()
        let levels = decay.map { 10 * log10($0 / decay[0]) }
        let first = levels.firstIndex { $0 <= -5 } ?? 0
        let last = levels.firstIndex { $0 <= -25 } ?? 0
        return 3 * Double(last - first) / Double(Self.rate)
    }

    @Test(arguments: [0.15, 0.3, 0.6])
    func reverberationFallsAsFastAsAsked(seconds: Float) {
        for seed in 1...5 as ClosedRange<UInt64> {
            var response = RoomResponse.make(
                room(seconds, -20, seed: seed), sampleRate: Self.rate, limit: 16_000)
            response.replaceSubrange(0..<480, with: repeatElement(0, count: 480))
            #expect(abs(measuredSeconds(response) - Double(seconds)) < 0.1 * Double(seconds))
        }
    }

    @Test(arguments: [-5, 0, 12] as [Float])
    func directAndReflectedEnergyAreAsAsked(ratio: Float) {
        let response = RoomResponse.make(room(0.4, ratio, seed: 3), sampleRate: Self.rate, limit: 16_000)
        let direct = response[0] * response[0]
        let reflected = response.dropFirst().reduce(0) { $0 + $1 * $1 }
        #expect(abs(10 * log10f(direct / reflected) - ratio) < 0.01)
        #expect(abs(direct + reflected - 1) < 1e-4)
        #expect(response.count == 6_400)
    }

    @Test func theShortestRoomIsTheDirectSound() {
        #expect(RoomResponse.make(room(0.01, 0, seed: 1), sampleRate: 8_000, limit: 1) == [1])
    }

    /// `Tools/make_augmentation_goldens.py` made them with SciPy.
    private struct Goldens: Decodable {
        struct Band: Decodable {
            let sampleRate: Int
            let lowerEdgeHz: Float
            let upperEdgeHz: Float
            let impulseResponse: [Float]
        }

        struct Code: Decodable {
            let bits: Int
            let input: [Float]
            let output: [Float]
        }

        let bands: [Band]
        let codes: [Code]

        static func read() throws -> Goldens {
            let url = try #require(
                Bundle.module.url(forResource: "Fixtures/augmentation", withExtension: "json"))
            return try JSONDecoder().decode(Goldens.self, from: Data(contentsOf: url))
        }
    }

    @Test func bandIsThatOfSciPy() throws {
        for golden in try Goldens.read().bands {
            var samples = [Float](repeating: 0, count: golden.impulseResponse.count)
            samples[0] = 1
            BandLimit.apply(
                Variation.Band(lowerEdgeHz: golden.lowerEdgeHz, upperEdgeHz: golden.upperEdgeHz),
                to: &samples, sampleRate: golden.sampleRate)
            expectClose(samples, golden.impulseResponse, tolerance: 2e-6)
        }
    }

    @Test func bandsBeyondTheSampleRateStayStable() {
        var samples = SyntheticSignal.noise(sampleCount: 16_000, seed: 1)
        BandLimit.apply(
            Variation.Band(lowerEdgeHz: 2_000, upperEdgeHz: 20_000), to: &samples, sampleRate: 4_000)
        #expect(samples.allSatisfy { abs($0) < 2 })
    }

    @Test func codeIsThatOfNumPy() throws {
        for golden in try Goldens.read().codes {
            var samples = golden.input
            MuLaw.apply(bits: golden.bits, to: &samples)
            expectClose(samples, golden.output, tolerance: 1e-6)
        }
    }

    @Test func codesKeepSignSilenceAndFullScale() {
        for bits in 4...16 {
            var samples: [Float] = [0, -1, 1, 2]
            MuLaw.apply(bits: bits, to: &samples)
            #expect(samples[0] == 0)
            expectClose(samples, [0, -1, 1, 1], tolerance: 1e-6)
        }
    }

    /// With equal probabilities band and code come together; what is not drawn is nil.
    @Test func variationsComeAsOftenAsAsked() {
        var settings = Augmentation()
        settings.bandProbability = 0.25
        settings.codeProbability = 0.25
        let drawn = (0..<4_000).map { number in
            var generator = SeededGenerator(seed: 1, number)
            return Variation(settings, using: &generator)
        }
        #expect(drawn.allSatisfy { ($0.channel.band == nil) == ($0.channel.codeBits == nil) })
        let telephones = drawn.count { $0.channel.band != nil }
        #expect(abs(telephones - 1_000) < 110)
        let rooms = drawn.compactMap(\.room)
        #expect(abs(rooms.count - 800) < 100)
        #expect(rooms.allSatisfy { (0.1...0.6).contains($0.reverberationSeconds) })
        #expect(Set(rooms.map(\.seed)).count == rooms.count)
        #expect(Set(drawn.compactMap(\.channel.codeBits)) == [7, 8])
    }

    /// A setting moves nothing but its own part.
    @Test func aProbabilityDoesNotChangeTheOtherDraws() {
        var quiet = Augmentation()
        quiet.roomProbability = 0
        quiet.noiseProbability = 0
        for number in 0..<100 {
            var first = SeededGenerator(seed: 1, number)
            var second = first
            let full = Variation(Augmentation(), using: &first)
            let part = Variation(quiet, using: &second)
            #expect(full.speed == part.speed && full.channel == part.channel)
            #expect(part.room == nil && part.noise == nil)
            #expect(first.next() == second.next())
        }
    }
}
