import Foundation
import Glibc
import MynahBase
import MynahModel
import MynahTestSupport
import Testing

/// `mynah-mpi`: several processes do what one does.
@Suite(
    .needsRanks, .serialized,
    .enabled(if: Program.isOptimized, "training takes too long without optimization"))
struct ClusterTests {
    private let folder: TemporaryFolder
    private let words: TrainedWords

    init() throws {
        folder = try TemporaryFolder()
        words = try TrainedWords.shared.get()
    }

    /// Everything that has a state: convolution with batch normalization, dropout, a carried state, early decisions.
    private func arguments(run: String, epochs: Int = 3, threads: Int = 1) -> [String] {
        [
            "train", words.set, "--run", folder.file(run), "--layers", "conv:4:3x3:2x2,gru:12", "--read-out",
            "attention:2:4", "--epochs", "\(epochs)", "--patience", "\(epochs)", "--batch-size", "16",
            "--shard", "4", "--carry", "0.5", "--recurrent-dropout", "0.1", "--checkpoint-minutes", "0.01",
            "--threads", "\(threads)",
        ]
    }

    private func weights(run: String) throws -> [Float] {
        try CommandModel(contentsOf: folder.file("\(run)/best.safetensors")).parameters
    }

    @Test func theWeightsAreTheSameForAllLayouts() throws {
        let alone = try mynah(arguments(run: "alone", threads: 2))
        #expect(alone.ending == .status(0), "\(alone.errors)")
        for (ranks, threads) in [(1, 2), (2, 1), (3, 1), (4, 1)] {
            let run = "run\(ranks)x\(threads)"
            let outcome = try RankedProgram.run(size: ranks, arguments(run: run, threads: threads))
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            #expect(try weights(run: run) == weights(run: "alone"), "\(ranks) × \(threads)")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(run)).sorted()
            let expected = try FileManager.default.contentsOfDirectory(atPath: folder.file("alone")).sorted()
            #expect(names == expected)
            // Each line is told once, by the first process.
            #expect(outcome.errorLines.count { $0.hasPrefix("epoch ") } == 3)
            #expect(outcome.errorLines.count == alone.errorLines.count + (ranks > 1 ? 1 : 0))
        }
    }

    /// A training may be killed in any of its processes, and goes on with another number of them.
    @Test(.timeLimit(.minutes(3))) func aRankThatDiesEndsTheJobAndTheRunGoesOn() throws {
        let peaceful = try mynah(arguments(run: "peaceful", epochs: 60, threads: 2))
        #expect(peaceful.ending == .status(0), "\(peaceful.errors)")
        var generator = SeededGenerator(seed: 3)
        var arguments = arguments(run: "run", epochs: 60)
        for size in [2, 3, 2] {
            let job = try RankedProgram.job(RankedProgram.command(size: size, arguments))
            try job.waitUntilErrors(contain: "network: ")
            usleep(useconds_t(1_000 * (generator.next() % 150)))
            let processes = RankedProgram.processes(of: job)
            if processes.count == size { kill(processes[Int(generator.next() % UInt64(size))], SIGKILL) }
            let outcome = job.wait()
            if outcome.ending != .status(0) {
                let lines = outcome.errorLines.filter { $0.hasPrefix("mynah: ") }
                #expect(lines.count == (RankedProgram.isOpenMPI ? 1 : 0), "\(outcome.errors)")
                #expect(lines.allSatisfy { $0.contains(" has ended: ") }, "\(outcome.errors)")
            }
            arguments = ["train", "--resume", folder.file("run")]
        }
        let last = try RankedProgram.run(size: 2, arguments)
        #expect(last.ending == .status(0), "\(last.errors)")
        #expect(try weights(run: "run") == weights(run: "peaceful"))
    }

    /// A wish to end that reaches a single process is that of all.
    @Test func aSignalEndsAllInGoodOrder() throws {
        let job = try RankedProgram.job(
            RankedProgram.command(size: 2, arguments(run: "run", epochs: 100_000)))
        try job.waitUntilErrors(contain: "epoch 2/100000: ")
        let processes = RankedProgram.processes(of: job)
        try #require(processes.count == 2)
        kill(processes[1], SIGTERM)
        let outcome = job.wait()
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
        #expect(outcome.errors.contains("Go on with: mpirun -n 2 mynah-mpi train --resume "))
    }

    @Test func ranksWithOtherRecordingsAreRefused() throws {
        for place in ["here", "there"] {
            _ = try WordFolder(in: folder, name: "\(place)/words")
        }
        try FileManager.default.removeItem(atPath: folder.file("there/words/valley/mynah3_nohash_1.wav"))
        let arguments = ["train", "words", "--output", folder.file("model"), "--epochs", "1"]
        let outcome = try RankedProgram.job(
            RankedProgram.command([(arguments, folder.file("here")), (arguments, folder.file("there"))])
        ).wait()
        #expect(outcome.ending != .status(0))
        let lines = outcome.errorLines.filter { $0.hasPrefix("mynah: ") }
        #expect(lines.count == 1, "\(outcome.errors)")
        #expect(
            lines.first?.contains(
                "has another set of recordings than rank 0: 191 clips, hash ") == true, "\(outcome.errors)")
        #expect(lines.first?.hasPrefix("mynah: rank 1 on ") == true)
    }

    @Test func aRankWithoutTheRecordingsIsNamed() throws {
        _ = try WordFolder(in: folder, name: "here/words")
        try folder.write([1], to: "there/nothing")
        let arguments = ["train", "words", "--output", folder.file("model"), "--epochs", "1"]
        let outcome = try RankedProgram.job(
            RankedProgram.command([(arguments, folder.file("here")), (arguments, folder.file("there"))])
        ).wait()
        #expect(outcome.ending != .status(0))
        let lines = outcome.errorLines.filter { $0.hasPrefix("mynah: ") }
        #expect(lines.count == 1, "\(outcome.errors)")
        #expect(
            lines.first?.wholeMatch(of: /mynah: rank 1 on .+: words: no such folder/) != nil,
            "\(outcome.errors)")
    }

    @Test func ranksWithOtherSettingsOrModelsAreRefused() throws {
        let other = folder.file("other.safetensors")
        _ = try mynah(["train", words.set, "--output", other, "--layers", "4", "--epochs", "1"])
        func line(_ first: [String], _ second: [String]) throws -> Substring? {
            let outcome = try RankedProgram.job(RankedProgram.command([(first, nil), (second, nil)])).wait()
            #expect(outcome.ending != .status(0))
            let lines = outcome.errorLines.filter { $0.hasPrefix("mynah: ") }
            #expect(lines.count == 1, "\(outcome.errors)")
            return lines.first
        }
        let train = ["train", words.set, "--output", folder.file("model"), "--epochs", "1"]
        let setting = try line(train + ["--batch-size", "16"], train + ["--batch-size", "17"])
        #expect(
            setting?.hasSuffix("has another setting 'batch size' than rank 0: 17, expected 16") == true)
        let evaluate = ["evaluate", words.set, "--model"]
        let model = try line(evaluate + [words.model], evaluate + [other])
        #expect(model?.contains("has another model than rank 0: ") == true)
    }

    /// Clips, conditions and running sound, also where words are verified: all figures but times.
    @Test func theReportIsTheSame() throws {
        func report(_ outcome: Outcome) throws -> NSDictionary {
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            let report = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
            return try #require(withoutTimes(report) as? NSDictionary)
        }
        let samples = ["--negatives", "\(Program.sources)/audio-samples", "--json"]
        for arguments in [
            ["evaluate", words.set, "--model", words.model, "--split", "validation", "--conditions"]
                + samples,
            ["evaluate", "--verifier", "\(Program.sources)/models/speech.safetensors"] + samples,
        ] {
            let expected = try report(mynah(arguments))
            #expect((expected["openSet"] as? NSDictionary)?.count ?? 0 > 3)
            for size in [1, 3] {
                let actual = try report(RankedProgram.run(size: size, arguments))
                #expect(actual == expected, "\(size) ranks, \(arguments)")
            }
        }
    }

    private func withoutTimes(_ value: Any) -> Any {
        if let list = value as? [Any] { return list.map(withoutTimes) }
        guard let fields = value as? [String: Any] else { return value }
        return fields.filter { $0.key != "time" && $0.key != "processingSeconds" }.mapValues(withoutTimes)
            as NSDictionary
    }

    @Test func verificationIsShared() throws {
        func outcomes(_ outcome: Outcome) throws -> [[String]] {
            #expect(outcome.ending == .status(0), "\(outcome.errors)")
            return try outcome.outputLines.map { line in
                let check = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                return [check?["name"], check?["outcome"]].map { $0 as? String ?? "" }
            }
        }
        let arguments = ["verify", words.model, "--json"]
        let expected = try outcomes(mynah(arguments))
        #expect(expected.count > 5)
        #expect(try outcomes(RankedProgram.run(size: 2, arguments)) == expected)
    }

    /// `mpirun` has the terminal, and the first process a pipe to it.
    @Test(.needsTerminal) func progressIsShownOnTheTerminalOfTheLauncher() throws {
        let command = RankedProgram.command(size: 2, arguments(run: "run", epochs: 20))
        let outcome = try PseudoTerminal.run(
            command.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " "), columns: 100,
            environment: ["HOME": NSTemporaryDirectory()])
        let shown = PseudoTerminal.statusLines(outcome).filter { $0.contains(" left") }
        #expect(!shown.isEmpty, "\(outcome.output)")
        #expect(shown.allSatisfy { $0.contains("epoch ") && $0.count < 100 })
    }

    /// Without `mpirun` it is one process, and needs no MPI.
    @Test func withoutALauncherItWorksAlone() throws {
        let outcome = try Job(
            [
                RankedProgram.path, "train", words.set, "--output", folder.file("model"), "--layers", "4",
                "--epochs", "1",
            ],
            environment: ["PATH": "/nonexistent"]
        ).wait()
        #expect(outcome.ending == .status(0), "\(outcome.errors)")
    }

    @Test func wrongUsageIsToldOnce() throws {
        let outcome = try RankedProgram.run(
            size: 2, ["train", words.set, "--output", folder.file("model"), "--epochs", "many"])
        #expect(outcome.ending == .status(64))
        #expect(outcome.errorLines.count { $0.contains("'many' is invalid") } == 1)
        let help = try RankedProgram.run(size: 2, ["evaluate", "--help"])
        #expect(help.ending == .status(0))
        #expect(help.outputLines.count { $0.hasPrefix("OVERVIEW: ") } == 1)
    }

    /// When the first process cannot write any more, all end, with one line.
    @Test func aDiskThatFailsEndsAll() throws {
        let job = try RankedProgram.job(
            RankedProgram.command(size: 2, arguments(run: "run", epochs: 100_000)))
        try job.waitUntilErrors(contain: "epoch 2/100000: ")
        // A folder that is removed could be written to meanwhile.
        try FileManager.default.moveItem(atPath: folder.file("run"), toPath: folder.file("gone"))
        let outcome = job.wait()
        #expect(outcome.ending != .status(0))
        #expect(outcome.errorLines.count { $0.hasPrefix("mynah: ") } == 1, "\(outcome.errors)")
        #expect(outcome.errors.contains("cannot be written"), "\(outcome.errors)")
    }
}
