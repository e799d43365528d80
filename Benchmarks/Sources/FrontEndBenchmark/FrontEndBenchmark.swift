import Glibc
import MynahFeatures

/// Times the front end over a clip and prints one JSON line for each case.
///
///     FrontEndBenchmark CLIP.f32 [SECONDS]
///
/// `CLIP.f32` holds little-endian float32 samples at 16 kHz within ±1. Each case runs for about `SECONDS`, 0.2 unless
/// given. Planning (windows, filter banks, Fourier plans) happens before the clock starts; everything else, down to
/// the memory of the result, is timed.
@main
struct FrontEndBenchmark {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard let path = arguments.first, arguments.count <= 2,
            let seconds = arguments.count == 2 ? Double(arguments[2]) : 0.2, seconds > 0
        else { fail("usage: FrontEndBenchmark CLIP.f32 [SECONDS]") }
        let clip = readSamples(path)
        warmUp(clip)
        for preset in FrontEndPreset.allCases { measureWholeClip(preset, clip, seconds) }
        measureStream(.mynah, clip, seconds)
        measureStream(.kaldi, clip, seconds)
    }

    /// Works for a second untimed: an idle processor needs a while to reach its speed, and the peers' programs have had it
    /// when they begin.
    private static func warmUp(_ clip: [Float]) {
        do throws(FeatureError) {
            var extractor = try FeatureExtractor(.mynah)
            _ = Timing.measure(seconds: 1) { _ = extractor.features(of: clip) }
        } catch {
            fail("warm-up: \(error)")
        }
    }

    private static func measureWholeClip(_ preset: FrontEndPreset, _ clip: [Float], _ seconds: Double) {
        let configuration = preset.configuration()
        do throws(FeatureError) {
            var extractor = try FeatureExtractor(configuration)
            var rows = 0
            let timing = Timing.measure(seconds: seconds) {
                rows = extractor.features(of: clip).frameCount
            }
            report(configuration, "whole clip", preset.rawValue, clip, rows, timing)
        } catch {
            fail("\(preset.rawValue): \(error)")
        }
    }

    private static func measureStream(_ preset: FrontEndPreset, _ clip: [Float], _ seconds: Double) {
        let configuration = preset.configuration()
        let chunkLength = configuration.sampleRate / 100
        do throws(FeatureError) {
            var extractor = try StreamingFeatureExtractor(configuration)
            var rows = 0
            var checksum: Float = 0
            let timing = Timing.measure(seconds: seconds) {
                rows = 0
                var start = 0
                while start < clip.count {
                    let end = min(start + chunkLength, clip.count)
                    extractor.push(clip.span.extracting(start..<end)) { row in
                        rows += 1
                        checksum += row[0]
                    }
                    start = end
                }
                extractor.finish { row in
                    rows += 1
                    checksum += row[0]
                }
            }
            guard checksum.isFinite else { fail("\(preset.rawValue): features are not finite") }
            report(configuration, "10 ms chunks", preset.rawValue, clip, rows, timing)
        } catch {
            fail("\(preset.rawValue): \(error)")
        }
    }

    private static func report(
        _ configuration: FrontEndConfiguration, _ mode: String, _ settings: String, _ clip: [Float], _ rows: Int,
        _ timing: Timing
    ) {
        let audioSeconds = Double(clip.count) / Double(configuration.sampleRate)
        print(
            """
            {"peer": "mynah", "how": "", "settings": "\(settings)", "mode": "\(mode)", "audioSeconds": \(audioSeconds), \
            "rows": \(rows), "columns": \(configuration.featureCount), "repetitions": \(timing.repetitions), \
            "medianMicroseconds": \(timing.medianMicroseconds), "bestMicroseconds": \(timing.bestMicroseconds)}
            """)
    }

    private static func readSamples(_ path: String) -> [Float] {
        guard let file = fopen(path, "rb") else { fail("\(path): cannot be opened") }
        defer { fclose(file) }
        var samples: [Float] = []
        var block = [Float](repeating: 0, count: 16_384)
        while true {
            let count = fread(&block, MemoryLayout<Float>.stride, block.count, file)
            guard count > 0 else { break }
            samples += block[..<count]
        }
        guard !samples.isEmpty else { fail("\(path): has no samples") }
        return samples
    }

    private static func fail(_ message: String) -> Never {
        let line = "FrontEndBenchmark: \(message)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        exit(1)
    }
}
