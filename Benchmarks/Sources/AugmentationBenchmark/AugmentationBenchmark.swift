import Glibc
import MynahData
import MynahTraining

/// Times the making of training clips and prints the microseconds of one clip, with each kind of variation alone and
/// with the defaults.
///
///     AugmentationBenchmark FOLDER
///
/// The validation clips of the labelled folder are varied on one thread for some ten epochs of at least 2,000 clips;
/// the mean is that of the fastest epoch, in processor time.
@main
struct AugmentationBenchmark {
    static func main() {
        guard CommandLine.arguments.count == 2 else { fail("usage: AugmentationBenchmark FOLDER") }
        do {
            let folder = try LabelledFolder(scanning: CommandLine.arguments[1])
            let decoder = ClipDecoder.audioFiles(sampleRate: 16_000)
            let store = try ClipStore(decoding: folder, split: .validation, with: decoder, threads: 2)
            let noise = try BackgroundNoise(decoding: folder, with: decoder, threads: 2)
            let examples = try EvaluationSelection(store: store).examples
            for (name, augmentation) in cases {
                let loader = ExampleLoader(
                    store: store, noise: noise, windowSampleCount: 16_000, augmentation: augmentation)
                print(name, meanMicroseconds(loader, examples), separator: "\t")
            }
        } catch {
            fail("\(error)")
        }
    }

    private static var cases: [(String, Augmentation)] {
        func only(_ change: (inout Augmentation) -> Void) -> Augmentation {
            var augmentation = Augmentation.none
            change(&augmentation)
            return augmentation
        }
        return [
            ("none", .none),
            ("shift", only { $0.maximumShiftMilliseconds = 100 }),
            ("speed", only { $0.maximumSpeedChange = 0.15 }),
            ("gain", only { $0.maximumGainDecibels = 15 }),
            ("noise", only { $0.noiseProbability = 1 }),
            ("room", only { $0.roomProbability = 1 }),
            ("band", only { $0.bandProbability = 1 }),
            ("code", only { $0.codeProbability = 1 }),
            ("defaults", Augmentation()),
        ]
    }

    private static func meanMicroseconds(_ loader: ExampleLoader, _ examples: [Example]) -> Int {
        var samples: [Float] = []
        var best = Double.infinity
        for epoch in 0..<10 {
            let start = processorTime()
            var count = 0
            while count < 2_000 {
                for example in examples {
                    loader.draw(example, seed: 1, epoch: epoch, into: &samples)
                    count += 1
                }
            }
            best = min(best, (processorTime() - start) / Double(count))
        }
        return Int((best * 1e6).rounded())
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func fail(_ message: String) -> Never {
        let line = "AugmentationBenchmark: \(message)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        exit(1)
    }
}
