import Foundation
import Mynah
import MynahTestSupport
import Testing

/// The words of a sound as a sequence: those of the recognizer beneath, told one by one, ended cleanly in every way.
struct DetectionsTests {
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private let model: CommandModel
    private let samples: [Float]
    private let talk: AudioSource

    /// Three words, four times: 18 s of sound.
    init() throws {
        model = try CommandModel.builtIn()
        let clips = try ["yes-espeak-us", "stop-pico-gb", "left-flite-rms"].map {
            try Waveform(
                contentsOf: .file(path: Self.sources.path + "/audio-samples/\($0).wav"), sampleRate: 16_000,
                maximumDuration: 2)
        }
        let pause = [Float](repeating: 0, count: 8_000)
        samples = (0..<4).flatMap { _ in clips.flatMap { $0.samples + pause } }
        let path = FileManager.default.temporaryDirectory.path + "/mynah-talk-\(UUID()).wav"
        try Data(WAVFile(samples, sampleRate: 16_000, encoding: .float32).bytes).write(
            to: URL(filePath: path))
        talk = .file(path: path)
    }

    private func cleanUp() { try? FileManager.default.removeItem(atPath: talk.name) }

    private func expected() throws -> [Detection] {
        let recognizer = try StreamingRecognizer(model: model)
        var found: [Detection] = []
        recognizer.push(samples.span, onDetection: { found.append($0) })
        recognizer.finish(onDetection: { found.append($0) })
        return found
    }

    @Test func fileGivesTheDetectionsOfItsStream() async throws {
        defer { cleanUp() }
        let expected = try expected()
        #expect(
            expected.map(\.label) == Array(repeating: ["yes", "stop", "left"], count: 4).flatMap(\.self))

        let detections = try Detections(in: talk, model: model)
        for _ in 1...2 {
            var found: [Detection] = []
            for try await detection in detections { found.append(detection) }
            #expect(found == expected)
        }
    }

    @Test func settingsAreThoseThatAreGiven() async throws {
        defer { cleanUp() }
        var settings = DetectionSettings(threshold: 1)
        settings.thresholds["stop"] = 0.5
        var found: [Detection] = []
        for try await detection in try Detections(in: talk, model: model, settings: settings) {
            found.append(detection)
        }
        #expect(found.count == 4 && found.allSatisfy { $0.label == "stop" && $0.start < $0.end })
    }

    /// Two loops at once, and one that is left early, do not disturb each other.
    @Test func loopsAreIndependent() async throws {
        defer { cleanUp() }
        let detections = try Detections(in: talk, model: model)
        var first = detections.makeAsyncIterator()
        var second = detections.makeAsyncIterator()
        let word = try await first.next()
        #expect(try await second.next() == word)
        for try await detection in detections {
            #expect(detection == word)
            break
        }
        #expect(try await first.next()?.label == "stop")
        #expect(try await second.next()?.label == "stop")
    }

    @Test func cancelledLoopEnds() async throws {
        defer { cleanUp() }
        let detections = try Detections(in: talk, model: model)
        let (starts, start) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var iterator = detections.makeAsyncIterator()
            var count = 0
            while try await iterator.next() != nil {
                count += 1
                start.yield()
                while !Task.isCancelled { await Task.yield() }
            }
            #expect(try await iterator.next() == nil)
            return count
        }
        for await _ in starts { break }
        task.cancel()
        #expect(try await task.value == 1)
    }

    @Test func faultsAreTold() async throws {
        defer { cleanUp() }
        let missing = Self.sources.path + "/audio-samples/missing.wav"
        var iterator = try Detections(in: .file(path: missing), model: model).makeAsyncIterator()
        await #expect(throws: ListeningError.audio(.fileNotFound(file: missing))) {
            _ = try await iterator.next()
        }
        #expect(try await iterator.next() == nil, "an error is told once")

        let wholeClips = try CommandModel(
            contentsOf: Self.sources.path + "/models/commands-best.safetensors")
        #expect(throws: RecognitionError.self) { try Detections(in: talk, model: wholeClips) }
    }

    /// All words before the place where a file is cut are told, then what is wrong with it.
    @Test func cutFileIsHeardAsFarAsItGoes() async throws {
        defer { cleanUp() }
        let flac = try Data(contentsOf: Self.sources.appending(path: "audio-samples/stop-pico-us.flac"))
        let path = FileManager.default.temporaryDirectory.path + "/mynah-cut-\(UUID()).flac"
        try flac.prefix(flac.count * 9 / 10).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var iterator = try Detections(in: .file(path: path), model: model).makeAsyncIterator()
        await #expect(throws: ListeningError.self) { while try await iterator.next() != nil {} }
    }

    @Test func unknownMicrophoneIsRefused() async throws {
        defer { cleanUp() }
        var iterator = try Detections(inMicrophone: "no such device", model: model).makeAsyncIterator()
        do {
            #expect(try await iterator.next() == nil)
            Issue.record("a microphone that is not there is heard")
        } catch .microphone {
            // Not installed, no device at all, or none of this name.
        } catch {
            Issue.record("\(error)")
        }
    }
}
