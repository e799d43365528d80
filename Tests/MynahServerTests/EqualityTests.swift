import MynahAudio
import MynahModel
import MynahRecognition
import MynahTestSupport
import Testing

@testable import MynahServer

/// The same sound gives the same events at the same times, however it comes.
struct EqualityTests {
    private static let formats: [(name: String, encoding: WAVFile.Encoding)] = [
        ("u8", .pcm8), ("s16le", .pcm16), ("s24le", .pcm24), ("s32le", .pcm32), ("f32le", .float32),
    ]

    @Test(arguments: formats.indices, [(16_000, 1), (48_000, 2), (44_100, 1)])
    func webSocketEqualsFile(index: Int, format: (rate: Int, channels: Int)) throws {
        let (name, encoding) = Self.formats[index]
        let server = try TestServer()
        let samples = try Talk.samples(sampleRate: format.rate)
            .flatMap { [Float](repeating: $0, count: format.channels) }
        let file = WAVFile(samples, sampleRate: format.rate, channels: format.channels, encoding: encoding)
        let expected = try Talk.lines(file.bytes)
        #expect(expected.count >= 3)
        let socket = try server.webSocket()
        // Several streams, one after another, through the same connection.
        for pieces in [641, 9_999, 200_000] {
            let lines = try socket.lines(
                of: file.data,
                start: "{\"rate\":\(format.rate),\"format\":\"\(name)\",\"channels\":\(format.channels)}",
                pieces: pieces)
            #expect(lines == expected, "\(name), \(format), pieces of \(pieces)")
        }
    }

    @Test(arguments: [(1, WAVFile.Encoding.pcm8), (2, .pcm16), (3, .pcm24), (4, .pcm32)])
    func wyomingEqualsFile(width: Int, encoding: WAVFile.Encoding) throws {
        let server = try TestServer()
        for (rate, channels) in [(16_000, 1), (48_000, 2)] {
            let samples = try Talk.samples(sampleRate: rate)
                .flatMap { [Float](repeating: $0, count: channels) }
            let file = WAVFile(samples, sampleRate: rate, channels: channels, encoding: encoding)
            let wyoming = try server.wyoming()
            wyoming.send("describe")
            #expect(try wyoming.read().type == "info")
            wyoming.send(
                file.data, format: "\"rate\":\(rate),\"width\":\(width),\"channels\":\(channels)",
                pieces: 2_048, timestamp: 5_000)
            for line in try Talk.lines(file.bytes) {
                let event = try wyoming.read()
                #expect(event.type == "detection")
                // The line without the protocol's own members.
                let own = event.data.replacing(/"name":"[a-z]+",/, with: "").replacing(
                    /"timestamp":[0-9]+,/, with: "")
                #expect(own == line)
                let end = try #require(line.firstMatch(of: /"end":([0-9.]+)/).flatMap { Double($0.1) })
                let timestamp = event.data.firstMatch(of: /"timestamp":([0-9]+)/).flatMap { Int($0.1) }
                #expect(timestamp == 5_000 + Int((1_000 * end).rounded()))
            }
            wyoming.send("ping", "{\"text\":\"still there?\"}")
            let pong = try wyoming.read()
            #expect(pong.type == "pong" && pong.data == "{\"text\":\"still there?\"}")
        }
    }

    @Test func uploadsEqualFile() throws {
        let server = try TestServer()
        for (rate, encoding) in [(16_000, WAVFile.Encoding.pcm16), (48_000, .float32), (8_000, .muLaw)] {
            let file = WAVFile(try Talk.samples(sampleRate: rate), sampleRate: rate, encoding: encoding)
            let expected = try Talk.lines(file.bytes)
            let lines = try server.http().request(
                "POST", "/v1/detect", fields: ["Accept: application/x-ndjson"], body: file.bytes)
            #expect(lines.status == 200)
            #expect(lines.text == expected.map { $0 + "\n" }.joined())
            let object = try server.http().request("POST", "/v1/detect?model=commands", body: file.bytes)
            #expect(object.text.hasPrefix("{\"events\":[\(expected.joined(separator: ","))],"))
        }
    }

    @Test func rawUploadsEqualFile() throws {
        let server = try TestServer()
        let file = WAVFile(try Talk.samples(), sampleRate: 16_000)
        let answer = try server.http().request(
            "POST", "/v1/detect?rate=16000", fields: ["Accept: application/x-ndjson"], body: file.data)
        #expect(answer.text == (try Talk.lines(file.bytes)).map { $0 + "\n" }.joined())
    }

    @Test func thresholdsAreThoseOfTheFile() throws {
        let server = try TestServer()
        let file = WAVFile(try Talk.samples(), sampleRate: 16_000)
        // For how long a threshold must be kept, the model says.
        var settings = try #require(try CommandModel.builtIn().detection)
        (settings.threshold, settings.thresholds) = (0.5, ["stop": 1])
        let expected = try Talk.lines(file.bytes, settings: settings)
        #expect(expected != (try Talk.lines(file.bytes)))
        let lines = try server.webSocket().lines(
            of: file.data, start: "{\"rate\":16000,\"threshold\":0.5,\"thresholds\":{\"stop\":1}}",
            pieces: 3_200)
        #expect(lines == expected)
        let upload = try server.http().request(
            "POST", "/v1/detect?threshold=0.5&threshold=stop%3D1", fields: ["Accept: application/x-ndjson"],
            body: file.bytes)
        #expect(upload.text == expected.map { $0 + "\n" }.joined())
    }

    /// Thresholds that are changed while sound is heard count from the next decision on, and nothing else changes.
    @Test func thresholdsChangeOnTheWay() throws {
        let server = try TestServer()
        let file = WAVFile(try Talk.samples(), sampleRate: 16_000)
        let expected = try Talk.lines(file.bytes)
        let socket = try server.webSocket()
        socket.send("{\"rate\":16000}")
        #expect(try socket.read().text.hasPrefix("{\"ready\""))
        // Up to the end of the first word, then the second one is not wanted any more.
        socket.send(Array(file.data[..<48_000]))
        socket.send("{\"thresholds\":{\"stop\":1}}")
        socket.send(Array(file.data[48_000...]))
        socket.send("{\"finish\":true}")
        let lines = try socket.readToFinish().lines
        #expect(lines == expected.filter { !$0.contains("stop") })
    }

    @Test func posteriorsAreTold() throws {
        let server = try TestServer()
        let samples = try Talk.samples("yes-espeak-us.wav")
        let file = WAVFile(samples, sampleRate: 16_000)
        let lines = try server.webSocket().lines(
            of: file.data, start: "{\"rate\":16000,\"posteriors\":true}", pieces: 640)
        let posteriors = lines.filter { $0.hasPrefix("{\"posteriors\":[") }
        // Frames of 480 samples, 160 apart, four for each decision.
        #expect(posteriors.count == ((samples.count - 480) / 160 + 1) / 4)
        #expect(lines.filter { !$0.hasPrefix("{\"posteriors\"") } == (try Talk.lines(file.bytes)))
        #expect(posteriors[0].contains("\"time\":0.06"))
    }

    /// Words that a verifier finds spelled, and none that it does not: here a network that takes what is said for other words.
    @Test func verifiedWordsAreThoseOfTheFile() throws {
        let verifier = try SpellingVerifier(contentsOf: "\(Talk.sources)/models/speech.safetensors")
        let folder = try TemporaryFolder()
        let model = try CommandModel.builtIn()
        let names = ["yes": "kitchen", "stop": "umbrella", "left": "morning", "go": "picture"]
        let renamed = try CommandModel(
            labels: model.labels.map { names[$0] ?? $0 }, frontEnd: model.frontEnd,
            normalizer: model.normalizer, clipSampleCount: model.clipSampleCount, network: model.network,
            parameters: model.parameters, provenance: model.provenance, temperature: model.temperature)
        let path = "\(folder.path)/renamed.safetensors"
        try renamed.write(to: path)
        let server = try TestServer(
            models: [.init(name: "commands", path: nil), .init(name: "renamed", path: path)],
            verifier: verifier)
        let file = WAVFile(try Talk.samples("yes-espeak-us.wav") + Talk.samples(), sampleRate: 16_000)
        let expected = try Talk.lines(file.bytes, verifier: verifier)
        #expect(expected.count >= 3)
        #expect(try Talk.lines(file.bytes, model: renamed).count >= 3)
        for (name, lines) in [("commands", expected), ("renamed", [])] {
            let start = "{\"rate\":16000,\"model\":\"\(name)\"}"
            #expect(try server.webSocket().lines(of: file.data, start: start, pieces: 9_999) == lines)
            let answer = try server.http().request(
                "POST", "/v1/detect?model=\(name)", fields: ["Accept: application/x-ndjson"], body: file.bytes
            )
            #expect(answer.text == lines.map { $0 + "\n" }.joined())
        }
    }

    /// A clip gives the JSON of `mynah recognize --json`.
    @Test func clipsAreRecognized() throws {
        let server = try TestServer()
        for (name, label) in [
            ("yes-espeak-us.wav", "yes"), ("stop-pico-us.flac", "stop"), ("down-hibari-heart.opus", "down"),
        ] {
            let bytes = try readFile(Talk.sample(name))
            let answer = try server.http().request("POST", "/v1/recognize?top=3", body: bytes)
            #expect(answer.status == 200)
            #expect(
                answer.text.wholeMatch(
                    of:
                        /\{"file":"-","label":"([a-z]+)","probability":[0-9.]+,"seconds":[0-9.e-]+,"top":\[(.+)\]\}\n/
                )?.1 ?? "" == label, "\(answer.text)")
            #expect(answer.text.components(separator: "\"label\"") == 4)
            let early = try server.http().request("POST", "/v1/recognize?early=0.95", body: bytes)
            #expect(early.text.contains("\"early\":true") && early.text.contains("\"label\":\"\(label)\""))
        }
    }
}

extension String {
    /// How often a text occurs in it.
    fileprivate func components(separator: String) -> Int { ranges(of: separator).count }
}
