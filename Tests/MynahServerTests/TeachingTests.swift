import MynahAudio
import MynahBase
import MynahModel
import MynahRecognition
import MynahTeaching
import MynahTestSupport
import Testing

@testable import MynahServer

/// Words that clients teach and forget.
struct TeachingTests {
    private static let token = "a-token.of_32~characters+0123456"

    /// A word of tones between two pauses with the noise of a microphone, said a little otherwise in each take.
    private static func take(_ letters: String, _ number: Int) -> [UInt8] {
        var samples = [Float](repeating: 0, count: 4_000 + 400 * number)
        samples += ToneSpeech.samples(of: letters, speaker: number)
        samples += [Float](repeating: 0, count: 6_000)
        let noise = SyntheticSignal.noise(
            sampleCount: samples.count, seed: UInt64(number), amplitude: 0.0005)
        return WAVFile(zip(samples, noise).map { $0 + $1 }, sampleRate: 16_000).bytes
    }

    private static func server(
        _ folder: TemporaryFolder, canTeach: Bool = true, limits: ServerLimits = ServerLimits(),
        access: AccessRules = AccessRules()
    ) throws -> TestServer {
        try TestServer(
            limits: limits, access: access,
            models: [
                .init(name: "mine", path: folder.path.pathOf("mine.safetensors")),
                .init(name: "commands", path: nil),
                .init(name: "tiny", path: "\(Talk.sources)/models/commands-tiny.safetensors"),
            ], canTeach: canTeach)
    }

    private static let rise = "/v1/models/mine/words/rise"

    /// What a server with a verifier teaches is recognized by it, as the library does; one without cannot change that.
    @Test func wordsAreSpelledByTheVerifier() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.pathOf("mine.safetensors")
        let verifier = try SpellingVerifier(contentsOf: "\(Talk.sources)/models/speech.safetensors")
        let models = [ModelShelf.Source(name: "mine", path: path)]
        let server = try TestServer(models: models, canTeach: true, verifier: verifier)
        for name in ["stop-kokoro-kumo.wav", "stop-pico-gb.wav"] {
            let answer = try server.http().request(
                "POST", "/v1/models/mine/words/halt", body: readFile(Talk.sample(name)))
            #expect(answer.status == 200, "\(answer.text)")
        }
        let model = try CommandModel(contentsOf: path)
        #expect(model.spellings?.words["halt"]?.count == 2)
        let sample = Talk.sample("stop-hibari-heart.wav")
        let best = try Recognizer(model: model, verifier: verifier).recognize(.file(path: sample)).best
        let answer = try server.http().request("POST", "/v1/recognize", body: readFile(sample)).text
        #expect(
            answer.contains("\"label\":\"\(best.label)\",\"probability\":\(lineText(best.probability)),"),
            "\(answer)")
        #expect(!server.log.text.contains("cannot spell"))

        // A file whose words another speech model has spelled does not take the place of what is served.
        let words = try #require(model.spellings?.words)
        try model.with(spellings: Spellings(speechModel: String(repeating: "0", count: 64), words: words))
            .write(to: path)
        #expect(!server.server.reloadModels())
        #expect(server.log.text.contains("the words were taught with the speech model 000000000000"))
        #expect(
            try server.http().request("POST", "/v1/recognize", body: readFile(sample)).text.contains(
                "\"halt\""))
        server.stop()

        let other = try TestServer(models: models, canTeach: true)
        let refused = try other.http().request("DELETE", "/v1/models/mine/words/halt")
        #expect(
            refused.status == 409 && refused.text.contains("with a verifier"),
            "\(refused.status) \(refused.text)")
    }

    @Test func wordsThatCannotBeSpelledAreLogged() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.pathOf("mine.safetensors")
        let model = try CommandModel.builtIn()
        try CommandModel(
            labels: model.labels.map { $0 == "up" ? "größe" : $0 }, frontEnd: model.frontEnd,
            normalizer: model.normalizer,
            clipSampleCount: model.clipSampleCount, network: model.network, parameters: model.parameters,
            provenance: model.provenance
        ).write(to: path)
        let server = try TestServer(
            models: [.init(name: "mine", path: path)],
            verifier: SpellingVerifier(contentsOf: "\(Talk.sources)/models/speech.safetensors"))
        #expect(server.log.text.contains("the verifier cannot spell words, which count without it"))
        #expect(server.log.text.contains("größe"))
    }

    @Test func aWordIsTaughtHeardAndForgotten() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.pathOf("mine.safetensors")
        let server = try Self.server(folder)
        func get(_ target: String) throws -> String { try server.http().request("GET", target).text }
        func heard(_ letters: String) throws -> String {
            try server.http().request("POST", "/v1/recognize?model=mine", body: Self.take(letters, 6)).text
        }
        #expect(try get("/v1/models/mine").contains("\"canTeach\":true"))
        #expect(try get("/v1/models/mine").contains("\"words\":[]"))
        #expect(try get("/v1/models/commands").contains("\"canTeach\":false"))
        #expect(try get("/v1/models/tiny").contains("\"canTeach\":false"))
        #expect(try get("/v1/models/mine/words").contains("\"words\":[]"))
        #expect(try !heard("aeo").contains("rise"))
        let wire = try server.http()
        for number in 0..<3 {
            let answer = try wire.request("POST", Self.rise + "?learn=false", body: Self.take("aeo", number))
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer.text.contains("\"takes\":\(number + 1)"), "\(answer.text)")
            #expect(answer.text.contains("\"name\":\"me_nohash_\(number).wav\""), "\(answer.text)")
            #expect(!answer.text.contains("\"advice\""), "\(answer.text)")
        }
        #expect(!fileExists(path))
        #expect(try get("/v1/models/mine").contains("\"words\":[]"))
        let socket = try server.webSocket()
        socket.send("{\"rate\":16000,\"model\":\"mine\"}")
        _ = try socket.read()
        let again = try wire.request("POST", Self.rise, body: Self.take("aeo", 1))
        #expect(again.text.contains("\"repeated\":true") && again.text.contains("\"takes\":3"))
        #expect(again.text.contains("\"heardOfTen\":"), "\(again.text)")
        #expect(try heard("aeo").contains("\"label\":\"rise\""))
        let model = try CommandModel(contentsOf: path)
        #expect(model.labels == ["_silence_", "_unknown_", "rise"])
        #expect(try server.http().request("GET", "/v1/models/mine/file").body == readFile(path))

        // A stream that has begun goes on with the model that it has, which knew no word.
        let sound = Array(Self.take("aeo", 6).dropFirst(44))
        socket.send(sound)
        socket.send("{\"finish\":true}")
        #expect(try socket.readToFinish().lines.isEmpty)
        #expect(
            try socket.lines(of: sound, start: "{\"rate\":16000,\"model\":\"mine\"}", pieces: 640)
                == Talk.lines(Self.take("aeo", 6), model: model))

        // The advice holds as long as the file does.
        #expect(server.server.reloadModels())
        #expect(try get("/v1/models/mine/words").contains("\"heardOfTen\""))
        #expect(server.log.text.contains("word taught"))
        #expect(
            server.metric(
                "mynah_requests_total{route=\"/v1/models/{name}/words/{word}\",status=\"200\"}") == 4)

        let forgotten = try server.http().request("DELETE", Self.rise)
        #expect(forgotten.status == 200 && forgotten.text.contains("\"words\":[]"), "\(forgotten.text)")
        #expect(!fileExists(path))
        #expect(try get("/v1/models/mine").contains("\"words\":[]"))
        #expect(try server.http().request("DELETE", Self.rise).code == "unknown-word")
        // Nothing is deleted.
        #expect(try Enrolment(at: path).undo().advice?.words.map(\.word) == ["rise"])
    }

    @Test func whatCannotBeLearntChangesNothing() throws {
        let folder = try TemporaryFolder()
        let server = try Self.server(folder)
        let good = Self.take("aeo", 0)
        let silence = WAVFile([Float](repeating: 0, count: 16_000), sampleRate: 16_000).bytes
        let long = WAVFile([Float](repeating: 0, count: 16_000 * 61), sampleRate: 16_000).bytes
        typealias Case = (
            method: String, target: String, fields: [String], body: [UInt8], status: Int, code: String
        )
        func post(
            _ target: String, _ body: [UInt8], _ status: Int, _ code: String, fields: [String] = []
        ) -> Case { ("POST", target, fields, body, status, code) }
        let cases: [Case] = [
            post("/v1/models/mine/words/a%2Fb", good, 422, "bad-word"),
            post("/v1/models/mine/words/a/b", good, 422, "bad-word"),
            post("/v1/models/mine/words/..%2f..%2fx", good, 422, "bad-word"),
            post("/v1/models/mine/words/..", good, 422, "bad-word"),
            post("/v1/models/mine/words/_unknown_", good, 422, "bad-word"),
            post("/v1/models/mine/words/", good, 422, "bad-word"),
            post("/v1/models/mine/words/%20x", good, 422, "bad-word"),
            post("/v1/models/mine/words/a%00b", good, 422, "bad-word"),
            post("/v1/models/mine/words/%F4%8F%BA%AF", good, 422, "bad-word"),
            post("/v1/models/mine/words/\(String(repeating: "a", count: 129))", good, 422, "bad-word"),
            post(Self.rise, [], 400, "no-body"),
            post(Self.rise, Array("no sound".utf8), 422, "bad-audio"),
            post(Self.rise, Array(good.prefix(5_000)), 422, "bad-audio"),
            post(Self.rise, silence, 422, "nothing-said"),
            post(Self.rise, long, 413, "sound-too-long"),
            post(Self.rise + "?speaker=anna", good, 400, "unknown-parameter"),
            post(Self.rise + "?learn=no", good, 400, "bad-parameter"),
            post(Self.rise, good, 415, "encoded-body", fields: ["Content-Encoding: gzip"]),
            post(Self.rise, good, 403, "wrong-origin", fields: ["Origin: https://evil.example"]),
            post("/v1/models/none/words/rise", good, 404, "unknown-model"),
            post("/v1/models/commands/words/rise", good, 409, "cannot-teach"),
            post("/v1/models/tiny/words/rise", good, 409, "cannot-teach"),
            post("/v1/models/mine/words", good, 405, "wrong-method"),
            ("GET", Self.rise, [], [], 405, "wrong-method"),
            ("DELETE", Self.rise, [], [], 404, "unknown-word"),
            ("DELETE", "/v1/models/mine/words/a%2Fb", [], [], 404, "unknown-word"),
            ("DELETE", "/v1/models/commands/words/yes", [], [], 409, "cannot-teach"),
            ("GET", "/v1/models/none/words", [], [], 404, "unknown-model"),
            ("GET", "/v1/models/commands/words", [], [], 409, "cannot-teach"),
        ]
        for request in cases {
            let answer = try server.http().request(
                request.method, request.target, fields: request.fields, body: request.body)
            let what = "\(request.method) \(request.target) \(request.code): \(answer.text)"
            #expect(answer.status == request.status && answer.code == request.code, "\(what)")
            // No client is told where files lie.
            #expect(!answer.text.contains(folder.path) && !answer.text.contains(Talk.sources), "\(what)")
        }
        #expect(try namesInFolder(folder.path).isEmpty)
        #expect(try server.http().request("GET", "/v1/models/mine/words").text.contains("\"words\":[]"))
    }

    @Test func nothingIsTaughtUnlessTheServerAllowsIt() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.pathOf("mine.safetensors")
        try Enrolment.modelWithoutWords().write(to: path)
        let server = try Self.server(folder, canTeach: false)
        for (method, target) in [
            ("POST", Self.rise), ("DELETE", Self.rise), ("GET", "/v1/models/mine/words"),
            ("GET", "/v1/models/commands/words"),
        ] {
            let answer = try server.http().request(
                method, target, body: method == "POST" ? Self.take("aeo", 0) : [])
            #expect(answer.status == 403 && answer.code == "teaching-off", "\(method) \(target)")
            #expect(answer.text.contains("--teach"))
        }
        #expect(try server.http().request("GET", "/v1/models/mine").text.contains("\"canTeach\":false"))
        #expect(try namesInFolder(folder.path) == ["mine.safetensors"])
        // And then by those alone who have the token.
        let closed = try Self.server(folder, access: AccessRules(token: Self.token))
        #expect(try closed.http().request("POST", Self.rise, body: Self.take("aeo", 0)).status == 401)
        #expect(try closed.http().request("DELETE", Self.rise).status == 401)
    }

    @Test func wordsAreChangedByOneAtATime() throws {
        let folder = try TemporaryFolder()
        let path = folder.path.pathOf("mine.safetensors")
        var limits = ServerLimits()
        limits.takes = 2
        let server = try Self.server(folder, limits: limits)
        do {
            let other = try Enrolment(at: path)
            let answer = try server.http().request("POST", Self.rise, body: Self.take("aeo", 0))
            #expect(answer.status == 409 && answer.code == "words-in-use", "\(answer.text)")
            #expect(answer.fields["retry-after"] != nil)
            #expect(try server.http().request("DELETE", Self.rise).code == "words-in-use")
            withExtendedLifetime(other) {}
        }
        let wires = try (0..<2).map { _ in try server.http() }
        for (number, wire) in wires.enumerated() {
            let body = Self.take("aeo", number)
            wire.send(
                Array(
                    "POST \(Self.rise) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.count)\r\n\r\n"
                        .utf8)
                    + body)
        }
        // One waits for the other.
        for wire in wires { #expect(try wire.readAnswer().status == 200) }
        #expect(try Enrolment.words(at: path).map(\.takes.count) == [2])
        // There may be so many recordings; what is there can be forgotten all the same.
        let full = try server.http().request("POST", Self.rise, body: Self.take("aeo", 3))
        #expect(full.status == 409 && full.code == "too-many-takes", "\(full.text)")
        #expect(!full.text.contains(folder.path))
        #expect(try server.http().request("DELETE", Self.rise).status == 200)
    }
}
