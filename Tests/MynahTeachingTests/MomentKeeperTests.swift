import Foundation
import MynahBase
import MynahModel
import MynahRecognition
import MynahTestSupport
import Testing

@testable import MynahTeaching

/// Which moments are kept, and what sound around them.
struct MomentKeeperTests {
    private let folder: TemporaryFolder
    private let model: CommandModel
    private let yes: Int

    init() throws {
        folder = try TemporaryFolder()
        model = try CommandModel.builtIn()
        yes = try #require(model.labels.firstIndex(of: "yes"))
    }

    private func keeper(limit: Int = 1 << 24) throws -> MomentKeeper {
        var detection = DetectionSettings()
        detection.threshold = 0.8
        detection.thresholds = [:]
        return MomentKeeper(
            in: try KeptFolder(making: folder.path, byteLimit: limit), model: model, detection: detection,
            source: "talk.wav", isFile: true)
    }

    /// Hears ten seconds in blocks of a tenth, each sample of which says when it was.
    private func hear(
        _ keeper: inout MomentKeeper, average: (Double) -> Float, detections: [Detection] = []
    ) throws {
        for block in 0..<100 {
            let start = Double(block) / 10
            for step in 0..<10 {
                let time = start + Double(step) / 100
                keeper.follow(yes, average(time), at: time)
            }
            for detection in detections where (start..<start + 0.1).contains(detection.end) {
                keeper.detect(detection)
            }
            let count = model.sampleRate / 10
            try keeper.hear(
                (0..<count).map { Float(start + Double($0) / Double(model.sampleRate)) / 10 })
        }
        try keeper.finish()
    }

    private func detection(end: Double) -> Detection {
        Detection(label: "yes", labelIndex: yes, start: end - 0.1, end: end, confidence: 0.95)
    }

    private var kept: [KeptMoment] {
        get throws { try KeptFolder(opening: folder.path).clips().clips.map(\.moment) }
    }

    @Test func aDetectionIsKeptWithTheSoundAroundIt() throws {
        var keeper = try keeper()
        try hear(&keeper, average: { $0 > 4.9 && $0 < 5.4 ? 0.9 : 0 }, detections: [detection(end: 5.25)])
        #expect(keeper.keptCount == 1)
        let clip = try #require(try KeptFolder(opening: folder.path).clips().clips.first)
        #expect(clip.moment.fired && clip.moment.word == "yes" && clip.moment.end == 5.25)
        #expect(clip.moment.day == "talk.wav" && clip.moment.threshold == 0.8)
        let file = try Data(contentsOf: URL(fileURLWithPath: clip.soundPath))
        let seconds = Double(file.count - 44) / 2 / Double(model.sampleRate)
        #expect(abs(seconds - (model.clipSeconds + 1.5 + 1)) < 0.01)
        #expect(abs(clip.moment.endInClip - (model.clipSeconds + 1.5)) < 0.01)
        // The sample at the moment says when it was.
        let offset = 44 + 2 * Int(clip.moment.endInClip * Double(model.sampleRate))
        let sample = Int16(bitPattern: UInt16(file[offset]) | UInt16(file[offset + 1]) << 8)
        #expect(abs(Double(sample) / 32_768 * 10 - 5.25) < 0.01)
    }

    @Test func whatNearlyFiredIsKeptOnce() throws {
        var keeper = try keeper()
        try hear(&keeper, average: { $0 > 4 && $0 < 4.5 ? 0.5 : $0 > 4.5 && $0 < 4.6 ? 0.6 : 0 })
        let moment = try #require(try kept.first)
        #expect(keeper.keptCount == 1 && !moment.fired)
        #expect(moment.score == 0.6 && abs(moment.end - 4.51) < 0.02)
    }

    @Test func whatIsNearADetectionIsPartOfIt() throws {
        var keeper = try keeper()
        try hear(
            &keeper, average: { ($0 > 4 && $0 < 4.3) || ($0 > 5.5 && $0 < 5.7) ? 0.5 : 0 },
            detections: [detection(end: 5)])
        #expect(try kept.map(\.fired) == [true])
    }

    @Test func howLongWasListenedIsWrittenDown() throws {
        for _ in 0..<2 {
            var keeper = try keeper()
            try hear(&keeper, average: { _ in 0 })
        }
        let seconds = ListeningLog(in: folder.path).seconds
        #expect(seconds.keys.sorted() == ["talk.wav"] && abs((seconds["talk.wav"] ?? 0) - 20) < 0.01)
    }

    @Test func lessThanHalfOfTheThresholdIsNothing() throws {
        var keeper = try keeper()
        try hear(&keeper, average: { _ in 0.39 })
        #expect(keeper.keptCount == 0)
    }

    @Test func aFullFolderIsToldOnce() throws {
        var keeper = try keeper(limit: 100)
        let detections = [2.0, 4, 6].map(detection)
        #expect(throws: ReviewError.self) { try hear(&keeper, average: { _ in 0 }, detections: detections) }
        try hear(&keeper, average: { _ in 0 }, detections: detections)
        #expect(keeper.keptCount == 0)
    }
}
