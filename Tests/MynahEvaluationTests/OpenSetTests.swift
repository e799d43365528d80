import MynahBase
import MynahEvaluation
import MynahModel
import MynahRecognition
import Testing

/// A recording of an hour whose DET curve can be worked out by hand.
struct OpenSetTests {
    private static let labels = ["_silence_", "go", "stop"]
    private static let settings = DetectionSettings(
        smoothingSeconds: 0, minimumSeconds: 0, refractorySeconds: 0)

    /// An hour of frames of a second, in which "go" is said four times.
    ///
    /// It is said at 100, 200, 300 and 400 s, and heard with 0.9, 0.7, 0.5 and 0.3. Where nothing is said, "go" is heard at
    /// 1,000 s with 0.8 and at 1,100 s with 0.6, and "stop" at 1,200 s with 0.4.
    private static let track: PosteriorTrack = {
        var posteriors: [Float] = []
        let heard: [Int: (Int, Float)] = [
            100: (1, 0.9), 200: (1, 0.7), 300: (1, 0.5), 400: (1, 0.3), 1_000: (1, 0.8), 1_100: (1, 0.6),
            1_200: (2, 0.4),
        ]
        for second in 1...3_600 {
            var row: [Float] = [1, 0, 0]
            if let (label, posterior) = heard[second] {
                row[0] = 1 - posterior
                row[label] = posterior
            }
            posteriors += row
        }
        return PosteriorTrack(
            name: "hour", seconds: 3_600, labels: labels,
            timing: StreamTiming(decisionSeconds: 1, firstDecisionEnd: 1),
            posteriors: posteriors,
            truth: [100, 200, 300, 400].map {
                TruthEvent(start: $0 - 0.75, end: $0 - 0.25, word: "go")
            })
    }()

    private static let thresholds: [Float] = [0.25, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]

    private static let tradeoff = DetectionErrorTradeoff(
        [track], settings: settings, thresholds: thresholds, threads: 2)

    @Test func handWorkedCurve() {
        let points = Self.tradeoff.points
        #expect(points.map(\.threshold) == Self.thresholds)
        #expect(points.map { $0.score.misses?.count } == [0, 1, 2, 2, 3, 3, 4])
        #expect(points.map { $0.score.misses?.total } == [4, 4, 4, 4, 4, 4, 4])
        #expect(points.map(\.score.falseAlarms.count) == [3, 2, 2, 1, 1, 0, 0])
        #expect(points.map(\.score.words[1].falseAlarms.count) == [1, 0, 0, 0, 0, 0, 0])
        #expect(points[0].score.words.map(\.word) == ["go", "stop"])
        #expect(points[0].score.words[1].misses == nil)
    }

    @Test func missesWithinABudget() {
        let points = Self.tradeoff.operatingPoints
        #expect(points.map(\.budgetPerHour) == [0.1, 0.5, 1])
        #expect(points.map(\.threshold) == [0.85, 0.85, 0.65])
        #expect(points.map { $0.misses?.count } == [3, 3, 2])
        #expect(points.map { $0.falseAlarms?.count } == [0, 0, 1])
        // No alarm in one hour: at most 3.69 an hour; one: 0.025 to 5.57 (Garwood 1936).
        #expect(abs((points[0].falseAlarms?.interval.upper ?? 0) - 3.688879) < 1e-5)
        #expect(abs((points[2].falseAlarms?.interval.lower ?? 0) - 0.025318) < 1e-5)
        #expect(abs((points[2].falseAlarms?.interval.upper ?? 0) - 5.571643) < 1e-5)
    }

    @Test func delays() {
        let delays = Self.tradeoff.points[0].score.delays
        #expect(delays?.median.value == 0.25)
        #expect(delays?.p95.value == 0.25)
        #expect(Self.tradeoff.points[6].score.delays == nil)
    }

    /// The same word reported twice: one hit, one false alarm, and the missed one stays missed.
    @Test func duplicatesAreFalseAlarms() {
        let posteriors: [[Float]] = [[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0], [1, 0, 0]]
        let track = PosteriorTrack(
            name: "twice", seconds: 3, labels: Self.labels,
            timing: StreamTiming(decisionSeconds: 0.5, firstDecisionEnd: 0.5),
            posteriors: posteriors.flatMap { $0 },
            truth: [TruthEvent(start: 0.5, end: 1, word: "go"), TruthEvent(start: 2.5, end: 3, word: "go")])
        let score = OpenSetScore([track], settings: Self.settings)
        #expect(score.misses?.count == 1)
        #expect(score.falseAlarms.count == 1)
        #expect(score.duplicates == 1)
        #expect(score.wrongLabels == 0)
    }

    @Test func wrongLabels() {
        let track = PosteriorTrack(
            name: "wrong", seconds: 36, labels: Self.labels,
            timing: StreamTiming(decisionSeconds: 1, firstDecisionEnd: 1),
            posteriors: [1, 0, 0, 0, 0, 1, 1, 0, 0],
            truth: [TruthEvent(start: 1.5, end: 2, word: "go")])
        let score = OpenSetScore([track], settings: Self.settings)
        #expect(score.misses?.count == 1)
        #expect(score.wrongLabels == 1)
        #expect(score.words.map(\.wrongLabels) == [0, 1])
        #expect(score.falseAlarms.count == 0)
    }

    @Test func withoutCommandsThereAreNoMisses() {
        let track = PosteriorTrack(
            name: "speech", seconds: 7_200, labels: Self.labels,
            timing: StreamTiming(decisionSeconds: 1, firstDecisionEnd: 1),
            posteriors: [0, 1, 0], truth: [])
        let score = OpenSetScore([track], settings: Self.settings)
        #expect(score.misses == nil)
        #expect(score.falseAlarms.perHour == 0.5)
    }

    /// Two hours of budget are two alarms: "go" gets the one that wins a word, "stop" keeps none.
    @Test func adviceSpendsTheBudgetWhereItWins() {
        let advice = ThresholdAdvice(
            Self.tradeoff, of: [Self.track], settings: Self.settings, budgetPerHour: 1)
        #expect(advice.settings.thresholds == ["go": 0.65, "stop": 0.95])
        #expect(advice.score.misses?.count == 2)
        #expect(advice.score.falseAlarms.count == 1)
        #expect(advice.isWithinBudget)
        let strict = ThresholdAdvice(
            Self.tradeoff, of: [Self.track], settings: Self.settings, budgetPerHour: 0.5)
        #expect(strict.settings.thresholds == ["go": 0.85, "stop": 0.95])
        let generous = ThresholdAdvice(
            Self.tradeoff, of: [Self.track], settings: Self.settings, budgetPerHour: 2)
        #expect(generous.settings.thresholds == ["go": 0.25, "stop": 0.95])
        #expect(generous.score.misses?.count == 0)
        #expect(generous.words.map(\.falseAlarms.count) == [2, 0])
    }

    /// Far down, "stop" is detected once and never falls far enough to be detected again: that is no good threshold.
    @Test func adviceDoesNotTrustAThresholdBelowABadOne() {
        var posteriors: [Float] = []
        for second in 1...3_600 {
            let stop: Float = second < 100 ? 0 : second == 100 ? 0.5 : second % 300 == 0 ? 0.6 : 0.3
            posteriors += [1 - stop, 0, stop]
        }
        let track = PosteriorTrack(
            name: "hour", seconds: 3_600, labels: Self.labels,
            timing: StreamTiming(decisionSeconds: 1, firstDecisionEnd: 1),
            posteriors: posteriors, truth: [TruthEvent(start: 99.25, end: 99.75, word: "stop")])
        let tradeoff = DetectionErrorTradeoff(
            [track], settings: Self.settings, thresholds: Self.thresholds, threads: 1)
        #expect(tradeoff.points.map { $0.score.falseAlarms.count } == [0, 12, 12, 0, 0, 0, 0])
        #expect(tradeoff.points.map { $0.score.misses?.count } == [0, 0, 1, 1, 1, 1, 1])
        let advice = ThresholdAdvice(tradeoff, of: [track], settings: Self.settings, budgetPerHour: 1)
        #expect(advice.settings.thresholds["stop"] == 0.95)
        #expect(advice.isWithinBudget)
    }

    /// Once said, and heard with 0.9: any threshold up to 0.85 does, and that in the middle is the safest.
    @Test func adviceTakesTheMiddleOfThresholdsThatGiveTheSame() {
        let track = Self.hour(heard: [100: (0.9, 0)], truth: [(100, "go")])
        let tradeoff = DetectionErrorTradeoff(
            [track], settings: Self.settings, thresholds: Self.thresholds, threads: 1)
        let advice = ThresholdAdvice(tradeoff, of: [track], settings: Self.settings, budgetPerHour: 1)
        #expect(advice.settings.thresholds == ["go": 0.55, "stop": 0.95])
    }

    /// One by one, words keep to an alarm an hour; together they have two, since at 500 s "stop" no longer goes before "go".
    @Test func adviceKeepsWordsTogetherWithinTheBudget() {
        let track = Self.hour(
            heard: [100: (0.9, 0), 200: (0, 0.9), 300: (0.5, 0), 500: (0.48, 0.5), 700: (0.6, 0)],
            truth: [(100, "go"), (200, "stop"), (300, "go")])
        let tradeoff = DetectionErrorTradeoff(
            [track], settings: Self.settings, thresholds: Self.thresholds, threads: 1)
        #expect(tradeoff.points[1].score.words.map(\.falseAlarms.count) == [1, 1])
        let advice = ThresholdAdvice(tradeoff, of: [track], settings: Self.settings, budgetPerHour: 1)
        #expect(advice.isWithinBudget)
        #expect(advice.settings.thresholds == ["go": 0.75, "stop": 0.65])
        #expect(advice.score.misses?.count == 1)
        #expect(advice.score.falseAlarms.count == 0)
    }

    /// Words are heard for 0.7 s, and 30 times something else for 0.5 s: of the times that tell them apart, the shortest is taken.
    @Test func adviceWaitsNoLongerThanItHasTo() {
        var heard = [Float](repeating: 0, count: 36_000)
        for place in 1...40 {
            for decision in 0..<(place <= 10 ? 7 : 5) { heard[place * 600 + decision] = 0.9 }
        }
        let track = Self.hour(ofTenths: heard, saidAt: (1...10).map { Double($0) * 60 })
        func time(_ budget: Double) -> Double {
            let advice = ThresholdAdvice.best(
                for: [track], settings: Self.settings, budgetPerHour: budget, threads: 2)
            #expect(advice.isWithinBudget && advice.score.misses?.count == 0)
            return advice.settings.minimumSeconds
        }
        #expect(time(1) == 0.5)
        #expect(time(30) == 0.2)
    }

    /// Something else is heard with 0.95 for 0.3 s: whoever decides sooner needs a higher threshold, and misses the faint words.
    @Test(arguments: [(faint: 1, seconds: 0.2), (faint: 2, seconds: 0.4)])
    func adviceGivesUpHalfAPointOfTheWordsForSpeed(faint: Int, seconds: Double) {
        var heard = [Float](repeating: 0, count: 36_000)
        for place in 1...280 {
            let isWord = place <= 250
            let go: Float = !isWord ? 0.95 : place <= faint ? 0.9 : 0.99
            for decision in 0..<(isWord ? 7 : 4) { heard[place * 120 + decision] = go }
        }
        let track = Self.hour(ofTenths: heard, saidAt: (1...250).map { Double($0) * 12 })
        let advice = ThresholdAdvice.best(for: [track], settings: Self.settings, budgetPerHour: 1, threads: 2)
        #expect(advice.isWithinBudget)
        #expect(advice.settings.minimumSeconds == seconds)
        #expect(advice.score.misses?.count == (seconds < 0.3 ? faint : 0))
    }

    /// A track passes over what is quiet; a decoder that hears every decision detects the same.
    @Test(arguments: [Float(0.05), 0.3, 0.5, 0.7])
    func quietStretchesChangeNothing(threshold: Float) {
        var generator = SeededGenerator(seed: 8, Int(threshold * 100))
        var posteriors: [Float] = []
        var shares: [Float] = []
        for burst in 0..<120 {
            // Stretches without a word of all lengths about those of blocks and windows, and words of all heights.
            let quiet: Float = burst % 3 == 0 ? 0.001 : 0.2 * generator.uniform()
            for _ in 0..<generator.index(below: 200) { posteriors += [1 - quiet, quiet, quiet * 0.5] }
            let height = 0.4 + 0.6 * generator.uniform()
            let go = generator.uniform() < 0.5
            for _ in 0..<generator.index(below: 60) {
                let value = height * (0.7 + 0.3 * generator.uniform())
                posteriors += [1 - value, go ? value : 0, go ? 0 : value]
            }
        }
        for _ in 0..<posteriors.count / 3 { shares.append(generator.uniform()) }
        var settings = DetectionSettings(
            smoothingSeconds: 0.2, minimumSeconds: 0.04, refractorySeconds: 0.5, threshold: threshold)
        settings.thresholds = ["stop": min(1, threshold * 1.2)]
        let timing = StreamTiming(decisionSeconds: 0.02, firstDecisionEnd: 0.02)
        let track = PosteriorTrack(
            name: "bursts", seconds: 100, labels: Self.labels, timing: timing, posteriors: posteriors,
            recent: .init(posteriors: posteriors, shares: shares), truth: [])
        var decoder = CommandDecoder(labels: Self.labels, settings: settings, timing: timing)
        var expected: [Detection] = []
        for decision in shares.indices {
            let row = posteriors.span.extracting(3 * decision..<3 * decision + 3)
            if let detection = decoder.push(row, recent: row, recentShare: shares[decision]) {
                expected.append(detection)
            }
        }
        #expect(expected.count > 10)
        #expect(track.detections(settings) == expected)
    }

    /// An hour of decisions a tenth of a second apart: with what "go" is heard at each, and where each time it is said ends, in seconds.
    private static func hour(ofTenths go: [Float], saidAt ends: [Double]) -> PosteriorTrack {
        PosteriorTrack(
            name: "hour", seconds: 3_600, labels: labels,
            timing: StreamTiming(decisionSeconds: 0.1, firstDecisionEnd: 0.1),
            posteriors: go.flatMap { [1 - $0, $0, 0] },
            truth: ends.map { TruthEvent(start: $0 - 0.5, end: $0, word: "go") })
    }

    /// An hour of frames of a second: with what "go" and "stop" are heard at some of them, and when they are said.
    private static func hour(heard: [Int: (go: Float, stop: Float)], truth: [(Int, String)]) -> PosteriorTrack
    {
        PosteriorTrack(
            name: "hour", seconds: 3_600, labels: labels,
            timing: StreamTiming(decisionSeconds: 1, firstDecisionEnd: 1),
            posteriors: (1...3_600).flatMap { second in
                let (go, stop) = heard[second] ?? (0, 0)
                return [1 - go - stop, go, stop]
            },
            truth: truth.map { TruthEvent(start: Double($0) - 0.75, end: Double($0) - 0.25, word: $1) })
    }
}
