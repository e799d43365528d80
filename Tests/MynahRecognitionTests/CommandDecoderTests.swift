import MynahBase
import MynahModel
import MynahNetwork
import MynahRecognition
import Testing

/// The decoder against posteriors whose detections can be told by hand.
struct CommandDecoderTests {
    private static let labels = ["_silence_", "_unknown_", "go", "stop"]
    private static let silence: [Float] = [1, 0, 0, 0]
    private static let go: [Float] = [0.1, 0, 0.9, 0]
    private static let stop: [Float] = [0.1, 0, 0, 0.9]

    private func decoder(
        smoothing: Double = 0, minimum: Double = 0, refractory: Double = 0, threshold: Float = 0.5,
        thresholds: [String: Float] = [:], decisionSeconds: Double = 0.01
    ) -> CommandDecoder {
        CommandDecoder(
            labels: Self.labels,
            settings: DetectionSettings(
                smoothingSeconds: smoothing, minimumSeconds: minimum, refractorySeconds: refractory,
                threshold: threshold, thresholds: thresholds),
            timing: StreamTiming(decisionSeconds: decisionSeconds, firstDecisionEnd: decisionSeconds))
    }

    /// Detections as `label at end`, end in frames counted from 1.
    private func detections(_ decoder: CommandDecoder, _ frames: [[Float]]) -> [String] {
        var decoder = decoder
        return frames.compactMap { frame in
            decoder.take(frame).map {
                "\($0.label) \(Int(($0.end / decoder.timing.decisionSeconds).rounded()))"
            }
        }
    }

    private func frames(_ parts: (Int, [Float])...) -> [[Float]] {
        parts.flatMap { Array(repeating: $0.1, count: $0.0) }
    }

    @Test func oneDetectionForALongWord() {
        let sound = frames((10, Self.silence), (300, Self.go), (10, Self.silence))
        #expect(detections(decoder(), sound) == ["go 11"])
    }

    @Test func sameWordAgainWithoutAnotherBetween() {
        let sound = frames((10, Self.go), (5, Self.silence), (10, Self.go), (5, Self.silence), (1, Self.go))
        #expect(detections(decoder(), sound) == ["go 1", "go 16", "go 31"])
    }

    /// A dip to above three quarters of the threshold is the same word still.
    @Test func smallDipIsNoEnd() {
        let dip: [Float] = [0.6, 0, 0.4, 0]
        let sound = frames((10, Self.go), (10, dip), (10, Self.go))
        #expect(detections(decoder(), sound) == ["go 1"])
        let deep: [Float] = [0.63, 0, 0.37, 0]
        #expect(detections(decoder(), frames((10, Self.go), (10, deep), (10, Self.go))) == ["go 1", "go 21"])
    }

    /// A word that has begun is told of before it is sure, and no longer when it is.
    @Test func aWordIsPendingUntilItIsSure() {
        var decoder = decoder(minimum: 0.05)
        for frame in frames((10, Self.silence)) { _ = decoder.take(frame) }
        #expect(decoder.pendingStart == nil)
        for frame in frames((5, Self.go)) { _ = decoder.take(frame) }
        #expect(decoder.pendingStart.map { abs($0 - 0.11) < 1e-9 } == true)
        #expect(decoder.take(Self.go)?.label == "go")
        #expect(decoder.pendingStart == nil)
        for frame in frames((1, Self.stop)) { _ = decoder.take(frame) }
        #expect(decoder.pendingStart != nil)
        _ = decoder.take(Self.silence)
        #expect(decoder.pendingStart == nil)
    }

    @Test func minimumDurationIsInARow() {
        let flicker = (0..<40).flatMap { _ in frames((3, Self.go), (1, Self.silence)) }
        #expect(detections(decoder(minimum: 0.03), flicker).isEmpty)
        #expect(detections(decoder(minimum: 0.02), Array(flicker.prefix(4))) == ["go 3"])
        // Another word in between breaks the row as silence does.
        let mixed = frames((3, Self.go), (1, Self.stop), (3, Self.go))
        #expect(detections(decoder(minimum: 0.03), mixed).isEmpty)
    }

    @Test func refractoryTimeDelaysButDoesNotSwallow() {
        let sound = frames((10, Self.go), (10, Self.stop), (30, Self.stop))
        #expect(detections(decoder(refractory: 0.25), sound) == ["go 1", "stop 26"])
        let short = frames((10, Self.go), (10, Self.stop), (30, Self.silence))
        #expect(detections(decoder(refractory: 0.25), short) == ["go 1"])
    }

    /// Audio time: half as many frames of twice the length give the same detections at the same times.
    @Test func timesDoNotDependOnFrameRate() {
        let sound = frames(
            (20, Self.silence), (40, Self.go), (40, Self.stop), (60, Self.silence), (40, Self.stop))
        let settings = (smoothing: 0.08, minimum: 0.06, refractory: 0.5)
        func times(every stride: Int) -> [Double] {
            var decoder = decoder(
                smoothing: settings.smoothing, minimum: settings.minimum, refractory: settings.refractory,
                decisionSeconds: 0.01 * Double(stride))
            return Swift.stride(from: stride - 1, to: sound.count, by: stride).compactMap {
                decoder.take(sound[$0])?.end
            }
        }
        let (fine, coarse) = (times(every: 1), times(every: 2))
        #expect(fine.count == 3 && coarse.count == 3)
        for (a, b) in zip(fine, coarse) { #expect(abs(a - b) < 0.021, "\(a) and \(b)") }
    }

    @Test func smoothingIsTheMeanOverTheWindow() {
        var decoder = decoder(smoothing: 0.05)
        var generator = SeededGenerator(seed: 1)
        var past: [[Float]] = []
        for _ in 0..<200 {
            past.append((0..<4).map { _ in generator.uniform() })
            _ = decoder.take(past[past.count - 1])
            for label in 0..<4 {
                let mean = past.suffix(5).reduce(0) { $0 + $1[label] } / 5
                #expect(abs(decoder.smoothedPosterior(of: label) - mean) < 1e-6)
            }
        }
    }

    @Test func startEndAndConfidence() throws {
        var decoder = decoder(minimum: 0.03)
        let sound: [[Float]] = frames((4, Self.silence)) + [0.5, 0.7, 0.95, 0.6].map { [0, 0, $0, 0] }
        let detection = try #require(sound.compactMap { decoder.take($0) }.first)
        #expect(abs(detection.start - 0.05) < 1e-12)
        #expect(abs(detection.end - 0.08) < 1e-12)
        #expect(abs(detection.confidence - 0.95) < 1e-6)
    }

    @Test func thresholdsOfWords() {
        let sound = frames((5, Self.go), (5, Self.silence), (5, Self.stop))
        #expect(detections(decoder(thresholds: ["go": 0.95]), sound) == ["stop 11"])
        #expect(detections(decoder(threshold: 0.95, thresholds: ["stop": 0.9]), sound) == ["stop 11"])
    }

    /// A word that may not be detected yet leads all the same, so that it is detected as soon as it may.
    @Test func aWithheldWordWaits() {
        var decoder = decoder(minimum: 0.03)
        let heard = (1...30).compactMap { decision in
            decoder.push(
                Self.go.span, recent: Self.go.span, recentShare: 1,
                withheld: [false, false, decision < 12, true][...])
        }
        #expect(heard.map(\.label) == ["go"])
        #expect(heard.allSatisfy { abs($0.start - 0.01) < 1e-9 && abs($0.end - 0.12) < 1e-9 })
        let stop = (1...30).compactMap { _ in
            decoder.push(
                Self.stop.span, recent: Self.stop.span, recentShare: 1,
                withheld: [true, true, false, true][...])
        }
        #expect(stop.isEmpty)
    }

    @Test func silenceAndUnknownAreNeverDetected() {
        #expect(detections(decoder(), frames((50, [1, 0, 0, 0]), (50, [0, 1, 0, 0]))).isEmpty)
    }

    /// What a network says that reads a second: `go` all the time, whatever the last moments alone are.
    private func repeats(
        _ parts: [(frames: Int, recent: [Float], share: Float)], minimum: Double = 0.03,
        threshold: Float = 0.5
    ) -> [String] {
        var decoder = decoder(smoothing: 0.02, minimum: minimum, threshold: threshold)
        return parts.flatMap { part in
            (0..<part.frames).compactMap { _ in
                decoder.push(Self.go.span, recent: part.recent.span, recentShare: part.share).map {
                    let start = Int(($0.start / decoder.timing.decisionSeconds).rounded())
                    return
                        "\($0.label) \(start) \(Int(($0.end / decoder.timing.decisionSeconds).rounded()))"
                }
            }
        }
    }

    /// A word that is said again before the network has forgotten it leads anew from where it begins again.
    @Test func aWordSaidAgainIsHeardAgain() {
        let heard = repeats([
            (20, Self.go, 0.8), (10, Self.silence, 0.01), (20, Self.go, 0.8), (10, Self.silence, 0.01),
            (20, Self.go, 0.8),
        ])
        #expect(heard == ["go 2 5", "go 31 34", "go 61 64"])
    }

    /// In a drawn-out word the network may doubt for a while, and in the closure of a stop it hears nothing; neither is
    /// the end of the word by itself.
    @Test func neitherDoubtNorPauseAloneEndsAWord() {
        let unknown: [Float] = [0, 1, 0, 0]
        #expect(repeats([(20, Self.go, 0.8), (20, unknown, 0.5), (20, Self.go, 0.8)]) == ["go 2 5"])
        #expect(repeats([(20, Self.go, 0.8), (20, Self.go, 0.01), (20, Self.go, 0.8)]) == ["go 2 5"])
        let doubtful: [Float] = [0.7, 0, 0.3, 0]
        #expect(repeats([(20, Self.go, 0.8), (20, doubtful, 0.01), (20, Self.go, 0.8)]) == ["go 2 5"])
    }

    /// What follows a word is not that word, though the network still holds it.
    @Test func somethingElseAfterAWordIsNotTheWord() {
        let parts: [(Int, [Float], Float)] = [
            (20, Self.go, 0.8), (10, Self.silence, 0.01), (20, [0, 1, 0, 0], 0.9), (10, Self.silence, 0.01),
            (20, Self.stop, 0.9),
        ]
        #expect(repeats(parts) == ["go 2 5"])
        // Four fifths of the threshold are asked for.
        let likely: [Float] = [0.55, 0, 0.45, 0]
        #expect(repeats(parts + [(20, likely, 0.9)]) == ["go 2 5", "go 82 85"])
        #expect(repeats(parts + [(20, likely, 0.9)], threshold: 0.6) == ["go 2 5"])
    }

    /// What a broken driver may cause must neither crash nor stick.
    @Test func hostilePosteriors() {
        var deaf = decoder()
        _ = deaf.push(Self.go.span, recent: Self.go.span, recentShare: .nan)
        for recent in [Float.nan, .infinity, -1] {
            let row = [Float](repeating: recent, count: 4)
            #expect(deaf.push(Self.go.span, recent: row.span, recentShare: .nan) == nil)
        }
        let bad: [[Float]] = [
            [.nan, .nan, .nan, .nan], [.infinity, -.infinity, .nan, -3], [0, 0, -1, 7],
        ]
        #expect(detections(decoder(), bad) == ["stop 3"])
        let after = bad + frames((200, Self.silence), (8, Self.go))
        #expect(detections(decoder(smoothing: 0.1), after) == ["go 209"])
    }

    /// A copy continues as the original does, and a decoder that was reset as a new one.
    @Test func copyIsASnapshot() {
        var generator = SeededGenerator(seed: 5)
        let sound = (0..<3_000).map { index -> [Float] in
            let word = index / 37 % 3
            return (0..<4).map {
                $0 == word + 1 ? 0.4 + 0.6 * generator.uniform() : 0.2 * generator.uniform()
            }
        }
        func run(_ decoder: inout CommandDecoder, _ range: Range<Int>) -> [Detection] {
            range.compactMap { decoder.take(sound[$0]) }
        }
        var whole = decoder(smoothing: 0.05, minimum: 0.05, refractory: 0.2)
        let expected = run(&whole, 0..<3_000)
        #expect(expected.count > 20)
        for cut in [1, 99, 1_234] {
            var first = decoder(smoothing: 0.05, minimum: 0.05, refractory: 0.2)
            let before = run(&first, 0..<cut)
            var copy = first
            _ = run(&first, 500..<900)
            #expect(before + run(&copy, cut..<3_000) == expected)
            first.reset()
            #expect(run(&first, 0..<3_000) == expected)
        }
    }

    /// After days the averages are those of the last frames alone.
    @Test func neverDrifts() {
        var old = decoder(smoothing: 0.1)
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<300_000 {
            let row = (0..<4).map { _ in generator.uniform() * 1e-3 }
            _ = old.push(row.span)
        }
        for _ in 0..<10 { _ = old.push(Self.silence.span) }
        #expect((0..<4).map { old.smoothedPosterior(of: $0) } == [1, 0, 0, 0])
    }
}

extension CommandDecoder {
    /// Takes a frame that is a temporary value.
    fileprivate mutating func take(_ frame: [Float]) -> Detection? { push(frame.span) }
}
