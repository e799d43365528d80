import Glibc
import MynahBase
import MynahModel
import MynahNetwork
import MynahRecognition
import MynahTestSupport
import Testing

/// Training that goes on after an interruption.
@Suite(.enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct ResumeTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    private var run: String { folder.file("run") }

    /// Everything that has a state: normalization, a carried state, a running mean.
    private func arguments(run: String) -> [String] {
        [
            "train", words.set, "--run", run, "--layers", "conv:4:3x3:2x2,gru:12", "--read-out",
            "attention:2:4",
            "--epochs", "40", "--batch-size", "16", "--carry", "0.5", "--recurrent-dropout", "0.1",
            "--checkpoint-minutes", "0.01", "--threads", "2",
        ]
    }

    private func weights(run: String) throws -> [Float] {
        try CommandModel(contentsOf: "\(run)/best.safetensors").parameters
    }

    /// Twenty times the process is killed at a random moment, and goes on; the weights are those of a run in peace.
    @Test(.timeLimit(.minutes(5))) func killedAtRandomMoments() throws {
        let peaceful = folder.file("peaceful")
        let outcome = try mynah(arguments(run: peaceful))
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        var generator = SeededGenerator(seed: 20)
        var command = [Program.path] + arguments(run: run)
        for _ in 0..<20 {
            let job = try Job(command)
            try? job.waitUntilErrors(contain: "network: ")
            usleep(useconds_t(1_000 * (generator.next() % 120)))
            job.send(SIGKILL)
            _ = job.wait()
            if access("\(run)/run.json", F_OK) == 0 { command = [Program.path, "train", "--resume", run] }
        }
        let last = try mynah("train", "--resume", run)
        #expect(last.ending == .status(0), "\(last.errors)")
        #expect(try weights(run: run) == weights(run: peaceful))
        let log = String(decoding: try bytes(of: "\(run)/log.jsonl"), as: UTF8.self).split(separator: "\n")
        #expect(log.count <= 40)
        #expect(Set(log).count == log.count)
        for name in ["run.json", "last.checkpoint", "curves.svg", "report.txt", "report.json"] {
            #expect(access("\(run)/\(name)", F_OK) == 0, "\(name) is missing")
        }
    }

    @Test func aStopSaysHowToGoOn() throws {
        let job = try Job(
            [Program.path] + arguments(run: run) + ["--epochs", "100000", "--patience", "100000"])
        try job.waitUntilErrors(contain: "epoch 2/100000: ")
        job.send(SIGINT)
        let outcome = job.wait()
        #expect(outcome.ending == .status(0))
        #expect(outcome.errorLines.last?.hasPrefix("Go on with: mynah train --resume /") == true)
    }

    @Test func aFolderHoldsOneTraining() throws {
        let first = try mynah(arguments(run: run) + ["--epochs", "1"])
        #expect(first.ending == .status(0), "\(first.errors)")
        let second = try mynah(arguments(run: run))
        #expect(second.ending == .status(1))
        #expect(second.errors.contains("holds a training already"))
    }

    /// While a training is at work, its folder takes no other one; the lock goes with the process.
    @Test func aFolderIsTheFolderOfOneProcess() throws {
        let job = try Job(
            [Program.path] + arguments(run: run) + ["--epochs", "100000", "--patience", "100000"])
        try job.waitUntilErrors(contain: "epoch 2/100000: ")
        for command in [["train", "--resume", run], arguments(run: run)] {
            let outcome = try mynah(command)
            #expect(outcome.ending == .status(1))
            #expect(
                outcome.errors.hasPrefix(
                    "mynah: \(run): is in use by another training (process \(job.processID) on "),
                "\(outcome.errors)")
            #expect(outcome.errorLines.count == 1)
        }
        job.send(SIGKILL)
        _ = job.wait()
        let next = try Job([Program.path, "train", "--resume", run])
        try next.waitUntilErrors(contain: "/100000: ")
        next.send(SIGINT)
        #expect(next.wait().ending == .status(0))
    }

    /// Lies in single fields: one line, or training goes on.
    @Test func aCheckpointThatLiesIsRefused() throws {
        let first = try mynah(arguments(run: run) + ["--epochs", "1"])
        #expect(first.ending == .status(0), "\(first.errors)")
        let mutator = SafetensorsMutator(originals: [try bytes(of: "\(run)/last.checkpoint")])
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<20 {
            try folder.write(mutator.mutatedFile(using: &generator), to: "run/last.checkpoint")
            let outcome = try mynah("train", "--resume", run)
            #expect([.status(0), .status(1)].contains(outcome.ending), "\(outcome.errors)")
            #expect(
                outcome.errorLines.count { $0.hasPrefix("mynah: ") } == (outcome.ending == .status(0) ? 0 : 1)
            )
        }
    }

    @Test func anythingElseCannotGoOn() throws {
        let none = try mynah("train", "--resume", folder.path)
        #expect(none.ending == .status(1))
        #expect(none.errors.contains("holds no training"))
        let first = try mynah(arguments(run: run) + ["--epochs", "1"])
        #expect(first.ending == .status(0), "\(first.errors)")
        try folder.write(Array("{".utf8), to: "run/run.json")
        #expect(try mynah("train", "--resume", run).ending == .status(1))
        let wrong = try mynah("train", words.set, "--resume", run)
        #expect(wrong.ending == .status(64))
    }

    /// A training keeps the precision with which it began, which another machine may lack or exceed; how many threads there
    /// are changes nothing.
    @Test func goesOnAsItBeganWhateverTheMachineIs() throws {
        let command = arguments(run: run).dropLast(2) + ["--epochs", "1"]
        let first = try mynah(Array(command))
        #expect(first.ending == .status(0), "\(first.errors)")
        let configuration = String(decoding: try bytes(of: "\(run)/run.json"), as: UTF8.self)
        let fastest = ProductPrecision.fastest.rawValue
        #expect(configuration.contains("\"precision\" : \"\(fastest)\""))
        func resume(changing field: Regex<Substring>, to text: String) throws -> Outcome {
            try folder.write(Array(configuration.replacing(field, with: text).utf8), to: "run/run.json")
            return try mynah("train", "--resume", run)
        }
        let otherThreads = try resume(changing: /"threads" : \d+/, to: "\"threads\" : 3")
        #expect(otherThreads.ending == .status(0), "\(otherThreads.errors)")
        guard fastest != ProductPrecision.float32.rawValue else { return }
        let otherPrecision = try resume(
            changing: /"precision" : "\w+"/, to: "\"precision\" : \"float32\"")
        #expect(otherPrecision.ending == .status(1))
        #expect(otherPrecision.errors.contains("is a checkpoint of another training"))
    }

    @Test func aDamagedCheckpointIsNamed() throws {
        let first = try mynah(arguments(run: run) + ["--epochs", "1"])
        #expect(first.ending == .status(0), "\(first.errors)")
        let checkpoint = "\(run)/last.checkpoint"
        try folder.write(Array(try bytes(of: checkpoint).dropLast(100)), to: "run/last.checkpoint")
        let outcome = try mynah("train", "--resume", run)
        #expect(outcome.ending == .status(1))
        #expect(outcome.errors.contains("last.checkpoint: the checkpoint cannot be used"))
    }

    /// A model of other words is a start: what it has learnt about sound stays.
    @Test func startsFromAnotherModel() throws {
        let model = folder.file("model")
        let outcome = try mynah(
            "train", words.set, "--from", words.model, "--output", model, "--epochs", "1", "--learning-rate",
            "1e-8")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let (old, new) = (try CommandModel(contentsOf: words.model), try CommandModel(contentsOf: model))
        #expect(old.network == new.network)
        #expect(zip(old.parameters, new.parameters).allSatisfy { abs($0 - $1) < 1e-4 })
        let wrong = try mynah(
            "train", words.set, "--from", words.model, "--layers", "8", "--output", model)
        #expect(wrong.ending == .status(64))
    }

    /// Weights do not depend on how long a clip is.
    @Test func startsFromAModelOfOtherClips() throws {
        let model = folder.file("model")
        func seconds(_ extra: [String]) throws -> Double {
            let outcome = try mynah(
                ["train", words.set, "--output", model, "--force", "--epochs", "1"] + extra)
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            let trained = try CommandModel(contentsOf: model)
            return Double(trained.clipSampleCount) / Double(trained.sampleRate)
        }
        #expect(try seconds(["--from", words.model, "--clip-seconds", "1.25"]) == 1.25)
        let longer = folder.file("longer")
        try folder.write(Array(try bytes(of: model)), to: "longer")
        #expect(try seconds(["--from", longer]) == 1.25)
    }

    /// The model in the program is a start without a file.
    @Test func startsFromTheBuiltInModel() throws {
        let model = folder.file("model")
        let outcome = try mynah(
            "train", words.set, "--from", "built-in", "--output", model, "--epochs", "1", "--learning-rate",
            "1e-8")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let trained = try CommandModel(contentsOf: model)
        #expect(try trained.network.layers == CommandModel.builtIn().network.layers)
        #expect(trained.labels == (try CommandModel(contentsOf: words.model).labels))
    }

    @Test func learnsFromATeacher() throws {
        let model = folder.file("model")
        let outcome = try mynah(
            "train", words.set, "--teacher", words.model, "--output", model, "--layers", "8", "--epochs", "1")
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        let settings = try CommandModel(contentsOf: model).provenance.settings
        #expect(
            settings.first { $0.name == "teacher" }?.value == (try CommandModel(contentsOf: words.model).hash)
        )
        let wrong = try mynah(
            "train", words.set, "--teacher", words.model, "--front-end", "kaldi", "--output", model)
        #expect(wrong.ending == .status(1))
        #expect(wrong.errors.contains("front end"))
    }
}
