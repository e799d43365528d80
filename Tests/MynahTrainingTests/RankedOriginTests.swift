import Foundation
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahTestSupport
import Testing

@testable import MynahTraining

/// The processes of a training make the same model to the last byte, whatever their clocks and command lines say.
@Suite struct RankedOriginTests {
    /// What the process of this rank knows of the model.
    private static func origin(rank: Int) -> CommandTraining.Origin {
        var origin = CommandTraining.Origin(
            attribution: rank == 0 ? "made for this test" : nil,
            commandLine: "mynah train --threads \(rank + 1)")
        origin.date = "2026-05-04T12:00:0\(rank)Z"
        return origin
    }

    private static let settings: TrainingSettings = {
        var settings = TrainingSettings()
        settings.epochCount = 1
        settings.batchSize = 8
        settings.shardSize = 4
        return settings
    }()

    /// A folder of tones in which the letters of ``ToneSpeech`` are the labels, or its sentences lie.
    private static func withFolder<Result>(
        _ makeFiles: (URL) throws -> Void, _ body: (String) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(
            component: "mynah-origin-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try makeFiles(folder)
        return try body(folder.path)
    }

    private static func write(_ text: String, speaker: Int, to file: URL) throws {
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let bytes = WAVFile(ToneSpeech.samples(of: text, speaker: speaker), sampleRate: 16_000).bytes
        try Data(bytes).write(to: file)
    }

    @Test func commandsAreTheModelOfTheFirst() throws {
        try Self.withFolder { folder in
            for (label, letter) in [("high", "u"), ("low", "a")] {
                for speaker in 0..<12 {
                    try Self.write(
                        letter, speaker: speaker,
                        to: folder.appending(components: label, "s\(speaker)_nohash_0.wav"))
                }
            }
        } _: { path in
            let models = try ThreadedCommunicator.run(size: 3) { communicator in
                let training = try CommandTraining(
                    folder: LabelledFolder(scanning: path), negatives: [],
                    plan: CommandTraining.Plan(
                        frontEnd: FrontEndPreset.mynahMel.configuration(),
                        layers: [try LayerDescription(parsing: "gru:4")], readOut: .last,
                        settings: Self.settings),
                    origin: Self.origin(rank: communicator.rank), communicator: communicator)
                return try training.run(shouldStop: { false }) { _, _ in }
            }
            let hashes = models.map { $0?.hash }
            #expect(hashes[0] != nil && hashes.allSatisfy { $0 == hashes[0] })
            #expect(models[2]?.provenance.date == "2026-05-04T12:00:00Z")
            #expect(models[2]?.provenance.commandLine == "mynah train --threads 1")
            #expect(models[2]?.provenance.attribution == "made for this test")
        }
    }

    @Test func speechIsTheModelOfTheFirst() throws {
        try Self.withFolder { folder in
            for speaker in 0..<4 {
                var list = ""
                for number in 0..<3 {
                    let text = ToneSpeech.text(100 * speaker + number)
                    list += "\(speaker)-1-\(number) \(text.uppercased())\n"
                    try Self.write(
                        text, speaker: speaker,
                        to: folder.appending(components: "\(speaker)", "1", "\(speaker)-1-\(number).wav"))
                }
                try list.write(
                    to: folder.appending(components: "\(speaker)", "1", "\(speaker)-1.trans.txt"),
                    atomically: true, encoding: .utf8)
            }
        } _: { path in
            let models = try ThreadedCommunicator.run(size: 2) { communicator in
                let training = try SpeechTraining(
                    corpora: [try TranscribedCorpus(scanning: path)],
                    plan: SpeechTraining.Plan(
                        layers: [try LayerDescription(parsing: "gru:4")], settings: Self.settings),
                    origin: Self.origin(rank: communicator.rank), communicator: communicator)
                return try training.run(shouldStop: { false }) { _, _ in }
            }
            #expect(models[0] != nil && models[0]?.hash == models[1]?.hash)
            #expect(models[1]?.provenance.commandLine == "mynah train --threads 1")
        }
    }
}
