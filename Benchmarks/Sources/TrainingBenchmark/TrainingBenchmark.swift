import Glibc
import MynahBase
import MynahData
import MynahNetwork
import MynahTraining

/// Trains a network on given features, in rounds, and prints one JSON line for each.
///
///     TrainingBenchmark commands|sentences THREADS BATCH float32|bfloat16
///
/// Each line of standard input is a number of seconds: the program then trains for about that long and prints the examples
/// and the seconds; at the end of the input it stops. Everything that the trainer does in a step is timed: the examples'
/// way into the network, forward and backward pass, the limit of the gradient's norm, AdamW and the average of the
/// weights.
///
/// - `commands`: two layers of 128 GRU units, the mean of the states and 12 classes; a clip has 98 frames of 40 features.
/// - `sentences`: three layers of 240 GRU units, an output for each state with 29 classes, connectionist temporal
///   classification; a sentence has 300 frames of 40 features and 75 symbols.
@main
struct TrainingBenchmark {
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let counts = arguments.dropFirst().prefix(2).compactMap { Int($0) }
        guard arguments.count == 4, counts.count == 2, counts.allSatisfy({ $0 > 0 }),
            let precision = ProductPrecision(rawValue: arguments[3])
        else { fail("usage: TrainingBenchmark commands|sentences THREADS BATCH float32|bfloat16") }
        guard precision.isAvailable else {
            fail("this processor has no products in \(precision.rawValue)")
        }
        var settings = TrainingSettings()
        settings.threadCount = counts[0]
        settings.batchSize = counts[1]
        settings.precision = precision
        settings.dropout = DropoutRates()
        settings.labelSmoothing = 0
        settings.earlyDecisionCount = 0
        settings.carryShare = 0
        do {
            switch arguments[0] {
            case "commands": try run(try commands(settings), batchSize: counts[1])
            case "sentences": try run(sentences(settings), batchSize: counts[1])
            default: fail("no network is called \(arguments[0])")
            }
        } catch {
            fail("\(error)")
        }
    }

    private static func run(_ trainer: Trainer<some TrainingTask>, batchSize: Int) throws {
        var rounds = Rounds(batchSize: batchSize)
        _ = try trainer.run(
            from: trainer.initialState(), shouldStop: { rounds.isOver() }, report: { _ in })
    }

    private static func commands(
        _ settings: TrainingSettings
    ) throws -> Trainer<ClipTask<GivenFeatures, GivenFeatures>> {
        let network = NetworkDescription(
            inputSize: GivenFeatures.featureCount,
            layers: [
                .gru(hiddenSize: 128, bidirectional: false), .gru(hiddenSize: 128, bidirectional: false),
            ], readOut: .mean, classCount: 12)
        let examples = GivenFeatures()
        return try Trainer(network: network, settings: settings, training: examples, validation: examples)
    }

    private static func sentences(_ settings: TrainingSettings) -> Trainer<SentenceTask<GivenSentences>> {
        let network = NetworkDescription(
            inputSize: GivenSentences.featureCount,
            layers: Array(repeating: .gru(hiddenSize: 240, bidirectional: false), count: 3), readOut: .frame,
            classCount: GivenSentences.classCount)
        return Trainer(SentenceTask(network: network, training: GivenSentences()), settings: settings)
    }

    private static func fail(_ message: String) -> Never {
        let line = "TrainingBenchmark: \(message)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        exit(1)
    }
}

/// Clips with random features and labels, the same in every round.
private struct GivenFeatures: ExampleSource {
    static let featureCount = 40
    static let clipCount = 1024

    let frameCount = 98
    var featureCount: Int { Self.featureCount }
    private let clips: [[Float]]

    init() {
        var generator = SeededGenerator(seed: 1)
        clips = (0..<Self.clipCount).map { _ in
            (0..<98 * Self.featureCount).map { _ in 2 * generator.uniform() - 1 }
        }
    }

    /// So many that no run reaches the end of an epoch, which would validate.
    func exampleCount(epoch: Int) -> Int { 1 << 40 }

    func makeContext() {}

    func example(_ features: inout [Float], index: Int, epoch: Int, context: inout Void) -> Int {
        features = clips[index % Self.clipCount]
        return index % 12
    }
}

/// Sentences of random features and symbols, the same in every round.
private struct GivenSentences: SentenceSource {
    static let featureCount = 40
    static let classCount = 29

    /// As many as no run comes to the end of, after which there would be a validation; few of them are different.
    private static let count = 1 << 20
    private static let differentCount = 256
    private static let frameCount = 300

    let lengths = [Int](repeating: Self.frameCount, count: Self.count)
    let symbols: [[Int]]
    private let features: [[Float]]

    init() {
        var generator = SeededGenerator(seed: 1)
        features = (0..<Self.differentCount).map { _ in
            (0..<Self.frameCount * Self.featureCount).map { _ in 2 * generator.uniform() - 1 }
        }
        let spelled = (0..<Self.differentCount).map { _ in
            (0..<Self.frameCount / 4).map { _ in Int.random(in: 1..<Self.classCount, using: &generator) }
        }
        symbols = (0..<Self.count).map { spelled[$0 % Self.differentCount] }
    }

    func longestFrameCount(of index: Int) -> Int { Self.frameCount }

    func makeWorkspace() {}

    func draw(_ index: Int, seed: UInt64, epoch: Int, _ workspace: Void) throws(DataError) -> [Float] {
        features[index % Self.differentCount]
    }
}

/// Asks for the length of each round, and tells what was done in it.
private struct Rounds {
    private let batchSize: Int
    private var start = 0.0
    private var length = 0.0
    private var stepCount = -1

    init(batchSize: Int) {
        self.batchSize = batchSize
    }

    /// Called before each step; whether there is no further round.
    mutating func isOver() -> Bool {
        stepCount += 1
        let seconds = Self.now() - start
        if stepCount > 0, seconds < length { return false }
        if stepCount > 0 {
            print("{\"examples\": \(stepCount * batchSize), \"seconds\": \(seconds)}")
            fflush(nil)
        }
        guard let line = readLine(), let next = Double(line) else { return true }
        (length, stepCount, start) = (next, 0, Self.now())
        return false
    }

    private static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
