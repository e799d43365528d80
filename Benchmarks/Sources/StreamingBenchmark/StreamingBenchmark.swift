import Glibc
import MynahAudio
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition

/// Follows streams with a model, in rounds, and prints one JSON line for each.
///
///     StreamingBenchmark MODEL SOUND FEATURES
///
/// The sound is heard over and over. At the start the normalized features of its first hearing are written to FEATURES,
/// as little-endian float32 `[frames, D]`, and the first line of output tells their shape and the logits after the last
/// of them, so that other programs can run the same network on the same frames. Then each line of standard input asks for
/// a round:
///
///     recognizer SECONDS   one stream, samples to events, each chunk of 10 ms timed
///     network SECONDS      one stream, the network alone, each frame timed
///     streams COUNT        a second of audio of so many streams at once, chunk by chunk in turn, and the memory of each
@main
struct StreamingBenchmark {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { fail("usage: StreamingBenchmark MODEL SOUND FEATURES") }
        do {
            let model = try CommandModel(contentsOf: arguments[1])
            let sound = try Waveform(
                contentsOf: .file(path: arguments[2]), sampleRate: model.frontEnd.sampleRate,
                maximumDuration: 60)
            let rounds = try Rounds(model: model, samples: sound.samples)
            try rounds.writeFeatures(to: arguments[3])
            while let line = readLine() {
                let words = line.split(separator: " ")
                guard words.count == 2, let amount = Double(words[1]) else { fail("no round: \(line)") }
                switch words[0] {
                case "recognizer": try rounds.timeRecognizer(seconds: amount)
                case "network": try rounds.timeNetwork(seconds: amount)
                case "streams": try rounds.timeStreams(count: Int(amount))
                default: fail("no round: \(line)")
                }
                fflush(nil)
            }
        } catch {
            fail("\(error)")
        }
    }

    static func fail(_ message: String) -> Never {
        let line = "StreamingBenchmark: \(message)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        exit(1)
    }
}

/// The measurements.
private struct Rounds {
    private let model: CommandModel
    private let samples: [Float]

    /// `[frames, D]`, normalized.
    private let features: FeatureMatrix

    /// Samples of 10 ms.
    private let chunkLength: Int

    init(model: CommandModel, samples: [Float]) throws {
        self.model = model
        self.samples = samples
        chunkLength = model.frontEnd.sampleRate / 100
        var extractor = try FeatureExtractor(model.frontEnd)
        var features = extractor.features(of: samples)
        model.normalizer.normalize(&features)
        self.features = features
    }

    private func makeStream() throws -> NetworkStream {
        try NetworkStream(
            model.preparedNetwork,
            windowFrames: model.frontEnd.frameCount(sampleCount: model.clipSampleCount))
    }

    func writeFeatures(to path: String) throws {
        let stream = try makeStream()
        for frame in 0..<features.frameCount {
            _ = stream.step(features.values.span.extracting(range(frame)))
        }
        guard let file = fopen(path, "wb") else { StreamingBenchmark.fail("\(path): cannot be written") }
        let written = features.values.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
        guard fclose(file) == 0, written == features.values.count * 4 else {
            StreamingBenchmark.fail("\(path): cannot be written")
        }
        let windowSteps = model.network.stepCount(
            frameCount: model.frontEnd.frameCount(sampleCount: model.clipSampleCount))
        print(
            """
            {"frames": \(features.frameCount), "featureCount": \(features.featureCount), \
            "windowSteps": \(windowSteps), "framesPerDecision": \(model.network.timeStride), \
            "parameters": \(model.parameters.count), "logits": \(stream.logits)}
            """)
        fflush(nil)
    }

    /// The places of a frame in ``features``.
    private func range(_ frame: Int) -> Range<Int> {
        frame * features.featureCount..<(frame + 1) * features.featureCount
    }

    func timeRecognizer(seconds: Double) throws {
        let recognizer = try StreamingRecognizer(model: model)
        var times = FrameTimes(seconds: seconds)
        var start = 0
        var decisions = 0
        var checksum: Float = 0
        while times.goesOn {
            let end = min(start + chunkLength, samples.count)
            times.time {
                recognizer.push(
                    samples.span.extracting(start..<end),
                    onPosteriors: { _, posteriors in
                        decisions += 1
                        checksum += posteriors[0]
                    })
            }
            start = end < samples.count ? end : 0
        }
        guard decisions > 0, checksum.isFinite else { StreamingBenchmark.fail("the network said nothing") }
        times.report()
    }

    func timeNetwork(seconds: Double) throws {
        let stream = try makeStream()
        var times = FrameTimes(seconds: seconds)
        var frame = 0
        while times.goesOn {
            let range = range(frame)
            times.time { _ = stream.step(features.values.span.extracting(range)) }
            frame = (frame + 1) % features.frameCount
        }
        times.report()
    }

    /// All streams hear the same second, each from another place in the sound on.
    func timeStreams(count: Int) throws {
        let memoryBefore = residentBytes()
        let recognizers = try (0..<count).map { _ in try StreamingRecognizer(model: model) }
        let secondChunks = 100
        let places = samples.count / chunkLength
        func hear(_ chunks: Range<Int>) {
            for chunk in chunks {
                for (index, recognizer) in recognizers.enumerated() {
                    let start = (chunk + 7 * index) % places * chunkLength
                    recognizer.push(samples.span.extracting(start..<start + chunkLength))
                }
            }
        }
        // A second to warm up: windows fill, and all memory is touched.
        hear(0..<secondChunks)
        let memory = residentBytes() - memoryBefore
        let start = now()
        hear(secondChunks..<2 * secondChunks)
        print(
            """
            {"streams": \(count), "secondsPerSecond": \(now() - start), \
            "bytesPerStream": \(Double(memory) / Double(count))}
            """)
    }

    /// Memory of this process that is in use, in bytes.
    private func residentBytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}

/// The times of many frames, in microseconds.
private struct FrameTimes {
    private var microseconds: [Double] = []
    private let end: Double

    init(seconds: Double) {
        microseconds.reserveCapacity(1 << 20)
        end = now() + seconds
    }

    var goesOn: Bool { now() < end && microseconds.count < microseconds.capacity }

    mutating func time(_ work: () -> Void) {
        let start = now()
        work()
        microseconds.append((now() - start) * 1e6)
    }

    func report() {
        let sorted = microseconds.sorted()
        func quantile(_ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }
        print(
            """
            {"frames": \(sorted.count), "mean": \(sorted.reduce(0, +) / Double(sorted.count)), \
            "median": \(quantile(0.5)), "p99": \(quantile(0.99)), "longest": \(quantile(1))}
            """)
    }
}

private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
