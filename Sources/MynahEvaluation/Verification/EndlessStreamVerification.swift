import Glibc
import MynahBase
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition

/// The checks of a long stream that is never reset: no drift away from the network of whole clips, and no growth.
///
/// That network takes the same sound in blocks of a clip's length, each from the state in which the last one ended. At the
/// end of a block its read-out has the frames that the read-out of the stream has.
struct EndlessStreamVerification {
    /// By how much a process may grow for reasons of its own, in bytes.
    private static let allowedGrowth = 4 << 20

    private let settings: ModelVerification
    private var model: CommandModel { settings.model }

    init(_ settings: ModelVerification) {
        self.settings = settings
    }

    /// Hears the long sound.
    func checks() throws(RecognitionError) -> [VerificationCheck] {
        let recognizer = try StreamingRecognizer(model: model)
        let blocks = try Blocks(model)
        var sound = VerificationSound(seed: settings.seed, sampleRate: model.frontEnd.sampleRate)
        var generator = SeededGenerator(seed: settings.seed, 3)
        var waiting: [[Float]] = []
        var (largest, comparedCount, decisionCount): (Float, Int, Int) = (0, 0, 0)
        var seconds = Duration.zero
        let total = Int(settings.longSeconds * Double(model.frontEnd.sampleRate))
        var heardCount = 0
        var startingMemory: Int?
        while heardCount < total {
            let samples = sound.samples(min(total - heardCount, 1 + Int(generator.next() % 20_000)))
            heardCount += samples.count
            let start = ContinuousClock.now
            recognizer.push(
                samples.span,
                onPosteriors: { _, posteriors in
                    if blocks.compares(decision: decisionCount) {
                        waiting.append(posteriors.indices.map { posteriors[$0] })
                    }
                    decisionCount += 1
                })
            seconds += ContinuousClock.now - start
            for posteriors in blocks.push(samples) {
                guard !waiting.isEmpty else { return [Self.outOfStep(decisionCount)] }
                largest = max(largest, StreamVerification.difference(waiting.removeFirst(), posteriors))
                comparedCount += 1
            }
            // Everything has found its place after some seconds.
            if heardCount > 10 * model.frontEnd.sampleRate, startingMemory == nil {
                startingMemory = Self.residentBytes
            }
        }
        let growth = max(0, Self.residentBytes - (startingMemory ?? Self.residentBytes))
        let each = 1e6 * (seconds / .seconds(1)) / Double(max(1, decisionCount))
        return [
            VerificationCheck(
                "no drift", largest <= ModelVerification.tolerance && comparedCount > 0,
                """
                after \(NumberText.fixed(settings.longSeconds / 60, decimals: 0)) minutes without a reset, posteriors at \
                \(NumberText.grouped(comparedCount)) of \(NumberText.grouped(decisionCount)) decisions differ by at most \
                \(NumberText.scientific(largest)) (limit \(NumberText.scientific(ModelVerification.tolerance))); \
                \(NumberText.fixed(each, decimals: 1)) µs a decision
                """),
            VerificationCheck(
                "bounded memory", growth <= Self.allowedGrowth,
                "the process grew by \(NumberText.grouped(growth / 1_024)) KiB during this time (limit 4,096)"
            ),
            try resetCheck(recognizer),
        ]
    }

    /// After a reset, nothing may be left of the long stream.
    private func resetCheck(_ recognizer: StreamingRecognizer) throws(RecognitionError) -> VerificationCheck {
        let streams = StreamVerification(settings)
        let samples = streams.sound(seconds: 2)
        var (fresh, old): (StreamVerification.Track, StreamVerification.Track) = ([], [])
        streams.hear(samples[...], with: try StreamingRecognizer(model: model), &fresh)
        recognizer.reset()
        streams.hear(samples[...], with: recognizer, &old)
        let largest = StreamVerification.difference(fresh, old)
        return VerificationCheck(
            "reset", largest == 0,
            "the long stream, reset, differs from a new one by at most \(NumberText.scientific(largest)) (limit 0)"
        )
    }

    private static func outOfStep(_ decisionCount: Int) -> VerificationCheck {
        VerificationCheck("no drift", false, "the stream fell behind at decision \(decisionCount)")
    }

    /// Memory of the process that is in use.
    private static var residentBytes: Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let text = String(
            decoding: line.prefix { $0 != 0 }.map { UInt8(truncatingIfNeeded: $0) }, as: UTF8.self)
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) : 0
    }
}

/// The network of whole clips on a long sound, block by block.
private final class Blocks {
    private var extractor: StreamingFeatureExtractor
    private let network: ClipNetwork
    private let steps: [Int]

    /// Features that no block has used up, `[_, D]`.
    private var rows: FeatureMatrix
    private let blockFrames: Int

    init(_ model: CommandModel) throws(RecognitionError) {
        let stepCount = max(
            1,
            model.network.stepCount(
                frameCount: model.frontEnd.frameCount(sampleCount: model.clipSampleCount)))
        blockFrames = stepCount * model.network.timeStride
        do {
            extractor = try StreamingFeatureExtractor(model.frontEnd)
        } catch {
            throw .frontEnd(error)
        }
        network = try ClipNetwork(model, frameCount: blockFrames)
        network.carriesState = true
        // A mean over all frames of a block is that of the stream only at its end.
        steps = model.network.readOut == .last ? Array(0..<stepCount) : [stepCount - 1]
        rows = FeatureMatrix(featureCount: model.network.inputSize)
    }

    /// Whether the blocks say something at this decision of the stream.
    func compares(decision: Int) -> Bool {
        steps.contains(decision % network.stepCount)
    }

    /// Takes the next samples, and returns what the blocks say that they complete.
    func push(_ samples: [Float]) -> [[Float]] {
        extractor.push(samples.span, appendingTo: &rows)
        var result: [[Float]] = []
        while rows.frameCount >= blockFrames {
            let valueCount = blockFrames * rows.featureCount
            let block = FeatureMatrix(
                values: Array(rows.values[..<valueCount]), featureCount: rows.featureCount)
            rows.values.removeFirst(valueCount)
            result += network.posteriors(ofFeatures: block, steps: steps)
        }
        return result
    }
}
