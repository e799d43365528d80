import Foundation
import Testing

@testable import MynahEvaluation

@Suite struct ClosedSetTests {
    @Test func aSmallSetByHand() throws {
        let result = try ClosedSetEvaluation(labels: smallLabels, clips: smallSet, bootstrap: fewDraws)
        #expect(result.accuracy.count == 4 && result.accuracy.total == 6)
        #expect(result.confusion.counts == [[2, 1, 0], [1, 2, 0], [0, 0, 0]])
        #expect(result.classes[0].precision?.count == 2 && result.classes[0].precision?.total == 3)
        #expect(result.classes[0].recall?.value == 2.0 / 3)
        #expect(isClose(result.classes[1].f1 ?? -1, 2.0 / 3))
        // "go" has no clips and is never heard: undefined, and no part of the mean.
        #expect(result.classes[2].precision == nil && result.classes[2].recall == nil)
        #expect(result.classes[2].f1 == nil)
        #expect(isClose(result.macroF1, 2.0 / 3))
        let logLoss = -[0.9, 0.8, 0.3, 0.9, 0.95, 0.01].map { log($0) }.reduce(0, +) / 6
        #expect(isClose(result.meanLogLoss, logLoss, relative: 1e-6))
        #expect(
            result.mostConfused == [
                ConfusedPair(label: "yes", heard: "no", count: 1, clipCount: 3),
                ConfusedPair(label: "no", heard: "yes", count: 1, clipCount: 3),
            ])
        #expect(result.confidentlyWrong.map(\.path) == ["no/b_nohash_1.wav", "yes/b_nohash_0.wav"])
        #expect(result.confidentlyWrong[0].heard == "yes" && result.confidentlyWrong[0].confidence == 0.99)
        #expect(result.leastProbable.map(\.labelProbability) == [0.01, 0.3, 0.8, 0.9, 0.9, 0.95])
        #expect(
            result.time.slowest.map(\.path).prefix(2) == ["no/b_nohash_0.wav", "yes/a_nohash_0.wav"])
        #expect(isClose(result.time.medianSeconds, 0.0025))
        #expect(isClose(result.time.realTimeFactor ?? -1, 0.0035))
    }

    @Test func agreesWithScikitLearn() throws {
        let golden = try Goldens.load().closedSet
        let labels = ["a", "b", "c", "d", "e", "f"]
        let clips = zip(golden.truth, golden.posteriors).map { clip($0, $1) }
        let result = try ClosedSetEvaluation(labels: labels, clips: clips, bootstrap: fewDraws)
        #expect(result.accuracy.count == golden.correct)
        #expect(result.confusion.counts == golden.confusion)
        for index in labels.indices {
            let scores = result.classes[index]
            #expect(scores.precision?.value == golden.precision[index], "precision of class \(index)")
            #expect(scores.recall?.value == golden.recall[index], "recall of class \(index)")
            #expect(isClose(scores.f1 ?? -1, golden.f1[index] ?? -1), "F1 of class \(index)")
            #expect(
                isClose(scores.f1Interval?.lower ?? -1, golden.f1Lower[index] ?? -1)
                    && isClose(scores.f1Interval?.upper ?? -1, golden.f1Upper[index] ?? -1),
                "interval of F1 of class \(index)")
        }
        #expect(isClose(result.macroF1, golden.macroF1))
        #expect(isClose(result.meanLogLoss, golden.logLoss, relative: 1e-6))
        #expect(isClose(result.calibration.expectedError, golden.expectedError, relative: 1e-6))
        #expect(isClose(result.calibration.maximumError, golden.maximumError, relative: 1e-6))
    }

    @Test func noClipsIsAnError() {
        #expect(throws: EvaluationError.noClips) {
            try ClosedSetEvaluation(labels: smallLabels, clips: [], bootstrap: fewDraws)
        }
    }

    @Test func oneClip() throws {
        let result = try ClosedSetEvaluation(
            labels: ["yes"], clips: [clip(0, [1], speaker: "a")], bootstrap: fewDraws)
        #expect(result.accuracy.value == 1 && result.macroF1 == 1 && result.meanLogLoss == 0)
        #expect(result.confidentlyWrong.isEmpty && result.mostConfused.isEmpty)
        #expect(result.calibration.expectedError == 0)
        #expect(result.speakers.intervalUnavailable == .oneSpeaker)
    }

    @Test func ofEquallyProbableLabelsTheLowestIndexWins() throws {
        #expect(clip(2, [0.2, 0.4, 0.4]).heard == 1)
        let result = try ClosedSetEvaluation(
            labels: smallLabels, clips: [clip(1, [0.2, 0.4, 0.4]), clip(2, [0.2, 0.4, 0.4])],
            bootstrap: fewDraws)
        #expect(result.accuracy.count == 1)
    }

    @Test func anImpossibleTrueLabelHasAFiniteLoss() throws {
        let result = try ClosedSetEvaluation(
            labels: smallLabels, clips: [clip(1, [1, 0, 0])], bootstrap: fewDraws)
        #expect(isClose(result.meanLogLoss, 23 * log(2)))
        // Heard nothing of "yes" rightly: precision 0, recall undefined, F1 0.
        #expect(result.classes[0].precision?.value == 0 && result.classes[0].recall == nil)
        #expect(result.classes[0].f1 == 0 && result.classes[1].f1 == 0 && result.macroF1 == 0)
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, -0.25, 1.5])
    func posteriorsThatAreNoProbabilitiesAreAnError(value: Float) {
        #expect {
            try ClosedSetEvaluation(
                labels: smallLabels, clips: smallSet + [clip(0, [0.5, value, 0.5], path: "bad.wav")],
                bootstrap: fewDraws)
        } throws: {
            $0 as? EvaluationError != nil && "\($0)".hasPrefix("bad.wav: the probability of 'no' is \(value)")
        }
    }

    @Test func posteriorsThatDoNotSumToOneAreAnError() {
        #expect(throws: EvaluationError.posteriorsNotNormalized(path: "clip.wav", sum: 0.5)) {
            try ClosedSetEvaluation(
                labels: smallLabels, clips: [clip(0, [0.25, 0.25, 0])], bootstrap: fewDraws)
        }
    }

    @Test func posteriorsForOtherLabelsTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = try ClosedSetEvaluation(
                labels: ["yes", "no"], clips: [clip(0, [1])], bootstrap: ClusterBootstrap(seed: 1))
        }
    }
}

@Suite struct CalibrationTests {
    /// Two clips at 0.8, one of them right, and two at 0.95, both right.
    @Test func byHand() {
        let calibration = Calibration(outcomes: [
            (confidence: 0.8, isCorrect: true), (confidence: 0.8, isCorrect: false),
            (confidence: 0.95, isCorrect: true), (confidence: 0.95, isCorrect: true),
        ])
        #expect(isClose(calibration.expectedError, 0.5 * 0.3 + 0.5 * 0.05, relative: 1e-6))
        #expect(isClose(calibration.maximumError, 0.3, relative: 1e-6))
        #expect(calibration.bins.compactMap(\.accuracy).map(\.total) == [2, 2])
        #expect(calibration.bins.map(\.meanConfidence).filter { $0 == nil }.count == 13)
    }

    @Test func certaintyAndItsOppositeFallIntoTheOuterBins() {
        let calibration = Calibration(outcomes: [
            (confidence: 0, isCorrect: false), (confidence: 1, isCorrect: true),
        ])
        #expect(calibration.bins.first?.accuracy?.total == 1)
        #expect(calibration.bins.last?.accuracy?.total == 1)
        #expect(calibration.expectedError == 0)
    }
}

@Suite struct SpeakerTests {
    func speakers(_ clips: [ScoredClip]) -> SpeakerEvaluation {
        SpeakerEvaluation(clips: clips, labelCount: 3, bootstrap: fewDraws)
    }

    @Test func speakersAreScoredApart() throws {
        let result = speakers(smallSet)
        #expect(result.speakers.map(\.speaker) == ["b", "a"])
        #expect(result.speakers.map(\.accuracy.count) == [1, 3])
        #expect(isClose(result.quantiles.first { $0.probability == 0.5 }?.value ?? -1, 2.0 / 3))
        let interval = try #require(result.accuracyInterval)
        // Two speakers: only a alone, b alone, or both can be drawn.
        #expect(interval == Interval(lower: 1.0 / 3, upper: 1))
        // Of a alone everything is right; of b alone F1 is 0 for "yes" and 2 · 1 / 4 for "no".
        let macroF1 = try #require(result.macroF1Interval)
        #expect(isClose(macroF1.lower, 0.25) && macroF1.upper == 1)
    }

    @Test func theOrderOfClipsDoesNotMatter() {
        let clips = smallSet + [clip(0, [1, 0, 0]), clip(0, [0, 1, 0])]
        #expect(speakers(clips) == speakers(clips.reversed()))
    }

    @Test func withoutSpeakersThereIsNoInterval() {
        let result = speakers([clip(0, [1, 0, 0]), clip(0, [0, 1, 0])])
        #expect(result.accuracyInterval == nil && result.intervalUnavailable == .noSpeakers)
        #expect(result.clipsWithoutSpeaker == 2 && result.quantiles.isEmpty)
    }

    @Test func speakersThatAreAllRightShowNoSpread() {
        let result = speakers([clip(0, [1, 0], speaker: "a"), clip(0, [1, 0], speaker: "b")])
        #expect(result.accuracyInterval == nil && result.intervalUnavailable == .noVariation)
    }

    @Test func clipsWithoutASpeakerAreClustersOfTheirOwn() {
        let silence = (0..<400).map { _ in clip(2, [0, 0, 1], path: "_silence_") }
        let result = speakers(smallSet + silence)
        #expect(result.clipsWithoutSpeaker == 400)
        #expect((result.accuracyInterval?.lower ?? 0) > 0.97)
    }

    /// One clip that went wrong says less than five of ten.
    @Test func oneUnluckyClipDoesNotLead() {
        let unlucky = [clip(0, [0, 1], speaker: "unlucky")]
        let bad = (0..<10).map { clip(0, $0 < 5 ? [0, 1] : [1, 0], speaker: "bad") }
        #expect(speakers(unlucky + bad).speakers.map(\.speaker) == ["bad", "unlucky"])
    }
}
