import Foundation
import MynahAudio
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition
import MynahTestSupport
import Testing

/// The recognizer that stops early against the one that hears whole clips.
struct EarlyRecognizerTests {
    /// Front ends that hold rows back until the clip is over, and one that does not.
    private static let frontEnds: [FrontEndConfiguration] = {
        var deltas = TestModels.frontEnd
        deltas.deltas = .init(order: 2)
        var padded = TestModels.frontEnd
        padded.framing.edges = .zeroPaddedTail
        return [TestModels.frontEnd, deltas, padded]
    }()

    /// Where nothing is safe, every row of a window has been heard at its end, those included that waited for more.
    @Test(arguments: frontEnds, [TestModels.windowLength, 2_500])
    func endOfAWindowDecidesAsForAClip(frontEnd: FrontEndConfiguration, sampleCount: Int) throws {
        let model = try TestModels.streaming(readOut: .last, frontEnd: frontEnd)
        let samples = SyntheticSignal.noise(sampleCount: sampleCount, seed: 7, amplitude: 0.5)
        let path = FileManager.default.temporaryDirectory.path + "/mynah-early-\(UUID()).wav"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(WAVFile(samples, sampleRate: 16_000, encoding: .float32).bytes).write(
            to: URL(filePath: path))

        let early = try EarlyRecognizer(model: model, confidence: 1)
        let recognizer = try Recognizer(model: model)
        for _ in 1...2 {
            let result = try early.recognize(.file(path: path))
            #expect(result.safeLabel == nil)
            expectClose(
                result.recognition.posteriors,
                recognizer.recognize(Waveform(samples: samples, sampleRate: 16_000)).posteriors,
                tolerance: 1e-5, "posteriors")
        }
    }
}
