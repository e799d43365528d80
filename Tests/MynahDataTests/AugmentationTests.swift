import Glibc
import MynahAudio
import MynahBase
import MynahFeatures
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahData

@Suite struct DataAugmentationTests {
    private static let rate = 16_000

    /// One click of the given height in otherwise digital silence.
    private func click(at position: Int, of count: Int, height: Float = 0.5) -> QuantizedSamples {
        var samples = [Float](repeating: 0, count: count)
        samples[position] = height
        return QuantizedSamples(samples)
    }

    private func draws(
        _ augmentation: Augmentation, _ samples: QuantizedSamples, noise: BackgroundNoise = .none,
        window: Int = 16_000,
        count: Int = 300
    ) -> [[Float]] {
        let renderer = VariationRenderer(
            augmentation: augmentation, noise: noise, sampleRate: Self.rate, windowSampleCount: window)
        return (0..<count).map { number in
            var output = [Float](repeating: 9, count: window)
            var generator = SeededGenerator(seed: 1, 0, number)
            renderer.render(Variation(augmentation, using: &generator), of: samples, into: &output)
            return output
        }
    }

    private func makeNoise() throws -> BackgroundNoise {
        let corpus = try makeSmallCorpus(clipsPerWord: 2)
        return try BackgroundNoise(decoding: corpus.scan(), with: DataTestFolder.decoder, threads: 2)
    }

    @Test func nothingChangesWithoutAugmentation() {
        let samples = QuantizedSamples((0..<1000).map { Float($0) / 1000 })
        var expected = [Float](repeating: 0, count: 16_000)
        samples.copy(from: 0, into: &expected)
        #expect(draws(.none, samples, count: 3).allSatisfy { $0 == expected })
    }

    @Test func shiftsStayWithinTheirBoundsAndReachThem() {
        var augmentation = Augmentation.none
        augmentation.maximumShiftMilliseconds = 5
        let shifts = draws(augmentation, click(at: 8_000, of: 16_000), count: 3000).map { output in
            (output.firstIndex { $0 != 0 } ?? -1) - 8_000
        }
        #expect(shifts.min() == -80)
        #expect(shifts.max() == 80)
        let mean = Float(shifts.reduce(0, +)) / Float(shifts.count)
        #expect(abs(mean) < 4)
    }

    @Test func speedIsChangedAroundTheMiddleOfTheWindow() throws {
        // A tone of 40 samples a period, played faster or slower, has a period within the bounds.
        let tone = QuantizedSamples((0..<16_000).map { 0.5 * Float(sin(2 * Double.pi * Double($0) / 40)) })
        var augmentation = Augmentation.none
        augmentation.maximumSpeedChange = 0.15
        let periods = draws(augmentation, tone, count: 200).map { output in
            let crossings = (4_000..<12_000).filter { output[$0 - 1] < 0 && output[$0] >= 0 }
            return Double((crossings.last ?? 0) - (crossings.first ?? 0)) / Double(crossings.count - 1)
        }
        #expect(periods.allSatisfy { $0 > 40 / 1.16 && $0 < 40 / 0.84 })
        #expect(periods.contains { $0 < 36 } && periods.contains { $0 > 45 })

        let middle = draws(augmentation, click(at: 8_000, of: 16_000), count: 50).map { output in
            output.indices.max { output[$0] < output[$1] } ?? 0
        }
        #expect(middle.allSatisfy { abs($0 - 8_000) <= 1 })
    }

    @Test func aSpeedOfOneInterpolatesNothing() {
        let samples = QuantizedSamples((0..<100).map { Float($0 % 7) / 8 })
        var direct = [Float](repeating: 9, count: 120)
        var interpolated = direct
        samples.copy(from: -5, into: &direct)
        samples.copy(from: -5.0, step: 1, into: &interpolated)
        #expect(direct == interpolated)
    }

    @Test func masksStayWithinTheirSizesAndCoverEveryPlace() {
        let masks = SpecAugment(
            timeMaskCount: 1, maximumTimeMaskFrames: 5, featureMaskCount: 1, maximumMaskedFeatures: 3)
        var maskedFrames = Set<Int>()
        var maskedColumns = Set<Int>()
        for number in 0..<400 {
            var features = FeatureMatrix(values: [Float](repeating: 1, count: 20 * 8), featureCount: 8)
            var generator = SeededGenerator(seed: 1, number)
            masks.mask(&features, in: MaskedBands(featureCount: 8), using: &generator)
            let frames = (0..<20).filter { frame in (0..<8).allSatisfy { features[frame, $0] == 0 } }
            let columns = (0..<8).filter { column in (0..<20).allSatisfy { features[$0, column] == 0 } }
            #expect(frames.count <= 5 && columns.count <= 3)
            let masked = features.values.count { $0 == 0 }
            #expect(masked == frames.count * 8 + columns.count * 20 - frames.count * columns.count)
            maskedFrames.formUnion(frames)
            maskedColumns.formUnion(columns)
        }
        #expect(maskedFrames.count == 20 && maskedColumns.count == 8)
    }

    @Test func gainsStayWithinTheirBounds() {
        var augmentation = Augmentation.none
        augmentation.maximumGainDecibels = 6
        let heights = draws(augmentation, click(at: 8_000, of: 16_000, height: 0.25)).map { $0[8_000] }
        #expect(heights.allSatisfy { $0 > 0.25 / 1.996 && $0 < 0.25 * 1.996 })
        #expect(heights.contains { $0 < 0.15 } && heights.contains { $0 > 0.4 })
    }

    @Test func outputIsHeldWithinFullScale() throws {
        let augmentation = Augmentation(
            maximumShiftMilliseconds: 0, maximumGainDecibels: 60, noiseProbability: 1,
            noiseRatioDecibels: ValueRange(0, 0))
        let loud = QuantizedSamples([Float](repeating: 0.9, count: 16_000))
        let outputs = draws(augmentation, loud, noise: try makeNoise(), count: 50)
        #expect(outputs.allSatisfy { $0.allSatisfy { abs($0) <= 1 } })
        #expect(outputs.contains { $0.contains(1) })
    }

    @Test func noiseComesAsOftenAndAsLoudAsAsked() throws {
        var augmentation = Augmentation.none
        augmentation.noiseProbability = 0.8
        augmentation.noiseRatioDecibels = ValueRange(10, 30)
        let tone = QuantizedSamples(
            SyntheticSignal.tone(frequency: 400, sampleCount: 1_600, sampleRate: Self.rate, amplitude: 0.1))
        let clean = draws(.none, tone, window: 1_600, count: 1)[0]
        let outputs = draws(augmentation, tone, noise: try makeNoise(), window: 1_600, count: 2_000)
        let ratios = outputs.filter { $0 != clean }.map { output in
            let noise = zip(output, clean).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            return 10 * log10f(clean.reduce(0) { $0 + $1 * $1 } / noise)
        }
        #expect(ratios.count > 1520 && ratios.count < 1680, "\(ratios.count) of 2000, expected about 1600")
        #expect(ratios.allSatisfy { $0 > 9.99 && $0 < 30.01 })
        #expect(ratios.contains { $0 < 11 } && ratios.contains { $0 > 29 })
        let mean = ratios.reduce(0, +) / Float(ratios.count)
        #expect(abs(mean - 20) < 0.6)
    }

    @Test func noiseIsMeasuredAgainstTheWordAndNotItsPauses() throws {
        var word = [Float](repeating: 0, count: 16_000)
        word.replaceSubrange(
            4_000..<6_400,
            with: SyntheticSignal.tone(frequency: 400, sampleCount: 2_400, sampleRate: Self.rate))
        let level = SpeechLevel.power(of: word, sampleRate: Self.rate)
        #expect(abs(level - 0.125) < 1e-4)
        #expect(SpeechLevel.power(of: [Float](repeating: 0, count: 800), sampleRate: Self.rate) == 0)
        #expect(SpeechLevel.power(of: [], sampleRate: Self.rate) == 0)
    }

    @Test func silentClipsAndMissingNoiseGetNone() throws {
        var augmentation = Augmentation.none
        augmentation.noiseProbability = 1
        let silent = QuantizedSamples([Float](repeating: 0, count: 1_600))
        for noise in [try makeNoise(), BackgroundNoise.none] {
            #expect(
                draws(augmentation, silent, noise: noise, count: 5).allSatisfy { $0.allSatisfy { $0 == 0 } })
        }
    }

    @Test func silenceHasTheDrawnLevel() throws {
        let settings = Augmentation(bandProbability: 0, codeProbability: 0)
        let renderer = VariationRenderer(
            augmentation: settings, noise: try makeNoise(), sampleRate: Self.rate, windowSampleCount: 1_600)
        for number in 0..<50 {
            var generator = SeededGenerator(seed: 5, number)
            let silence = Variation.Silence(settings, using: &generator)
            var output = [Float](repeating: 9, count: 1_600)
            renderer.renderSilence(silence, into: &output)
            let power = output.reduce(0) { $0 + $1 * $1 } / 1_600
            #expect(abs(10 * log10f(power) - silence.levelDecibels) < 0.01)
            #expect((-80 ... -30).contains(silence.levelDecibels))
        }
    }

    @Test func theSameGeneratorDrawsTheSame() throws {
        let noise = try makeNoise()
        let samples = QuantizedSamples((0..<2_000).map { Float($0) / 20_000 })
        let settings = Augmentation(maximumShiftMilliseconds: 20)
        let first = draws(settings, samples, noise: noise, window: 1_600, count: 100)
        #expect(first == draws(settings, samples, noise: noise, window: 1_600, count: 100))
        #expect(Set(first).count == 100)
    }

    @Test(arguments: [
        Augmentation(maximumShiftMilliseconds: -1), Augmentation(maximumShiftMilliseconds: .infinity),
        Augmentation(noiseProbability: 1.1), Augmentation(noiseRatioDecibels: ValueRange(0, .nan)),
        Augmentation(noiseRatioDecibels: ValueRange(20, 10)), Augmentation(maximumGainDecibels: 61),
        Augmentation(silenceLevelDecibels: ValueRange(-10, 1)), Augmentation(roomProbability: -0.1),
        Augmentation(reverberationSeconds: ValueRange(0, 1)),
        Augmentation(directRatioDecibels: ValueRange(-.infinity, 0)), Augmentation(bandProbability: 2),
        Augmentation(lowerEdgeHz: ValueRange(10, 300)), Augmentation(upperEdgeHz: ValueRange(300, 3_000)),
        Augmentation(codeProbability: .nan), Augmentation(codeBits: ValueRange(3, 8)),
    ])
    func settingsOutsideTheirRangeAreRefused(augmentation: Augmentation) {
        #expect(throws: DataError.self) { try augmentation.validate() }
    }

    @Test func aLongClipIsCutAroundItsLoudestStretch() {
        let samples = click(at: 25_000, of: 32_000)
        let start = ClipWindow.centredStart(in: samples, sampleCount: 16_000)
        #expect(start <= 25_000 && 25_000 < start + 16_000)
        for output in draws(.none, samples) { #expect(output.contains(0.5)) }
        #expect(Set(draws(.none, samples)).count > 100)
    }

    /// A burst as long as half the window is the loudest stretch itself, and no window may cut it.
    @Test(arguments: [0, 3_200, 12_000, 24_000])
    func theLoudestStretchIsNeverCut(burst: Int) {
        var values = [Float](repeating: 0.01, count: 32_000)
        for index in burst..<burst + 8_000 { values[index] = 0.5 }
        let samples = QuantizedSamples(values)
        let centred = ClipWindow.centredStart(in: samples, sampleCount: 16_000)
        #expect(centred == max(0, min(16_000, burst - 4_000)))
        for output in draws(.none, samples, count: 100) { #expect(output.count { $0 == 0.5 } == 8_000) }
    }

    @Test(arguments: [(1, 1), (3, 2), (101, 100), (16_001, 16_000), (50, 7)])
    func windowsOfAnyLengthLieWithinTheClip(count: Int, window: Int) {
        let samples = QuantizedSamples((0..<count).map { Float($0) / Float(count) })
        let starts = ClipWindow.startsAroundLoudest(in: samples, sampleCount: window)
        #expect(starts.lowerBound >= 0 && starts.upperBound <= max(0, count - window))
        let centred = ClipWindow.centredStart(in: samples, sampleCount: window)
        #expect(centred >= 0 && centred <= max(0, count - window))
    }

    @Test(arguments: [1, 5, 9, 10, 11, 160_000])
    func noisePartsAreDisjointAndNeverEmpty(count: Int) {
        let parts = DataSplit.allCases.map { BackgroundNoise.part(of: count, for: $0) }
        for part in parts { #expect(!part.isEmpty && part.lowerBound >= 0 && part.upperBound <= count) }
        guard count >= 10 else { return }
        #expect(parts[0].upperBound == parts[1].lowerBound && parts[1].upperBound == parts[2].lowerBound)
        #expect(parts[0].lowerBound == 0 && parts[2].upperBound == count)
    }

    /// The recording is a ramp, so a sample tells where it comes from.
    @Test func noiseComesFromThePartOfTheSplit() throws {
        let noise = try makeNoise()
        let height = (0..<1000).reduce(Float(0)) { highest, number in
            var output = [Float](repeating: 0, count: 1600)
            var generator = SeededGenerator(seed: 3, number)
            noise.add(to: &output, from: .testing, volume: 1, using: &generator)
            return max(highest, output.max() ?? 0)
        }
        for (split, bounds) in [
            (DataSplit.training, 0...0.801), (.validation, 0.799...0.901), (.testing, 0.899...1),
        ] {
            for number in 0..<200 {
                var output = [Float](repeating: 0, count: 1600)
                var generator = SeededGenerator(seed: 4, number)
                noise.add(to: &output, from: split, volume: 1, using: &generator)
                #expect(output.allSatisfy { bounds.contains(Double($0 / height)) })
            }
        }
    }

    @Test func aShortRecordingIsRepeated() throws {
        let corpus = try DataTestFolder(["yes/a.wav", "no/b.wav", "_background_noise_/short.wav"])
        try corpus.write("_background_noise_/short.wav", "20")
        try corpus.write("_background_noise_/bad.wav", "text")
        let noise = try BackgroundNoise(decoding: corpus.scan(), with: DataTestFolder.decoder, threads: 2)
        #expect(noise.unreadable.map(\.name) == ["_background_noise_/bad.wav"])
        var output = [Float](repeating: 0, count: 100)
        var generator = SeededGenerator(seed: 1)
        noise.add(to: &output, from: .validation, volume: 1, using: &generator)
        #expect(Set(output).count == 2)
        #expect(output[0] == output[98] && output[1] == output[99])
    }

    @Test func examplesSoundTheSameInAnyOrder() throws {
        let corpus = try makeSmallCorpus()
        let scanned = try corpus.scan(words: ["yes", "no"])
        let decoder = DataTestFolder.decoder
        let store = try ClipStore(decoding: scanned, split: .training, with: decoder, threads: 2)
        let noise = try BackgroundNoise(decoding: scanned, with: decoder, threads: 2)
        let loader = ExampleLoader(
            store: store, noise: noise, windowSampleCount: 1600, augmentation: Augmentation())
        let examples = try EpochSampler(store: store).examples(seed: 7, epoch: 2)

        let drawn = examples.map { example in
            var output: [Float] = []
            loader.draw(example, seed: 7, epoch: 2, into: &output)
            return output
        }
        let again = concurrentMap(examples.count, threads: 4, makeContext: { [Float]() }) { output, index in
            loader.draw(examples[examples.count - 1 - index], seed: 7, epoch: 2, into: &output)
            return output
        }
        #expect(drawn == again.reversed())
        #expect(drawn.allSatisfy { $0.count == 1600 })
        #expect(Set(drawn).count == drawn.count)

        var fixed: [Float] = []
        let word = try #require(examples.first { $0.label == 2 })
        guard case .clip(let index) = word.source else { return }
        loader.load(word, into: &fixed)
        #expect(fixed == store.waveform(ofClip: index))
        let silence = try #require(examples.first { $0.source == .noise })
        loader.load(silence, into: &fixed)
        let first = fixed
        loader.load(silence, into: &fixed)
        #expect(fixed == first)
    }
}
