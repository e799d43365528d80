import Foundation
import MynahModel
import MynahRecognition
import MynahTestSupport
import Testing

@testable import MynahServer

/// Requests, good and bad.
struct HTTPTests {
    private static let clip = WAVFile(
        SyntheticSignal.noise(sampleCount: 16_000, seed: 1, amplitude: 0.1), sampleRate: 16_000
    ).bytes

    /// What is asked for, and the status and the code that it gets.
    struct Case: Sendable, CustomTestStringConvertible {
        let method: String
        let target: String
        var fields: [String] = []
        var body: [UInt8] = []
        let status: Int
        var code: String?

        var testDescription: String { "\(method) \(target) \(fields) → \(status)" }
    }

    private static let cases: [Case] = [
        Case(method: "GET", target: "/health", status: 200),
        Case(method: "HEAD", target: "/health", status: 200),
        Case(method: "GET", target: "/", status: 200),
        Case(method: "GET", target: "/page.js", status: 200),
        Case(method: "GET", target: "/metrics", status: 200),
        Case(method: "GET", target: "/openapi.json", status: 200),
        Case(method: "GET", target: "/v1/models", status: 200),
        Case(method: "GET", target: "/v1/models/commands", status: 200),
        Case(method: "GET", target: "/v1/models/%63ommands", status: 200),
        Case(method: "GET", target: "/v1/models/commands/file", status: 200),
        Case(method: "POST", target: "/v1/recognize", body: clip, status: 200),
        Case(method: "POST", target: "/v1/detect", body: clip, status: 200),
        Case(
            method: "POST", target: "/v1/recognize", fields: ["Content-Encoding: identity"], body: clip,
            status: 200),
        Case(method: "GET", target: "/nothing", status: 404, code: "not-found"),
        Case(method: "GET", target: "/../etc/passwd", status: 404, code: "not-found"),
        Case(method: "GET", target: "/v1/models/", status: 404, code: "unknown-model"),
        Case(method: "GET", target: "/v1/models/none", status: 404, code: "unknown-model"),
        Case(method: "GET", target: "/v1/models/none/file", status: 404, code: "unknown-model"),
        Case(method: "GET", target: "/v1/models/a/b/c", status: 404, code: "not-found"),
        Case(method: "GET", target: "/%ff", status: 400, code: "protocol-error"),
        Case(method: "GET", target: "/%4", status: 400, code: "protocol-error"),
        Case(method: "GET", target: "http://127.0.0.1/health", status: 400, code: "protocol-error"),
        Case(method: "GET", target: "/health?verbose", status: 400, code: "unknown-parameter"),
        Case(method: "GET", target: "/v1/recognize", status: 405, code: "wrong-method"),
        Case(method: "DELETE", target: "/v1/models/commands", status: 405, code: "wrong-method"),
        Case(method: "OPTIONS", target: "/v1/detect", status: 405, code: "wrong-method"),
        Case(method: "PROPFIND", target: "/", status: 405, code: "wrong-method"),
        Case(method: "GET", target: "/v1/listen", status: 426, code: "upgrade-required"),
        Case(method: "POST", target: "/v1/recognize", status: 400, code: "no-body"),
        Case(method: "POST", target: "/v1/detect", status: 400, code: "no-body"),
        Case(
            method: "POST", target: "/v1/recognize", body: Array("no sound".utf8), status: 422,
            code: "bad-audio"),
        Case(method: "POST", target: "/v1/detect", body: [0], status: 422, code: "bad-audio"),
        Case(method: "POST", target: "/v1/detect?rate=16000", body: [0], status: 422, code: "bad-audio"),
        Case(method: "POST", target: "/v1/recognize?channel=2", body: clip, status: 422, code: "bad-audio"),
        Case(
            method: "POST", target: "/v1/recognize", body: Array(clip.prefix(5_000)), status: 422,
            code: "bad-audio"),
        Case(method: "POST", target: "/v1/recognize?top=0", body: clip, status: 400, code: "bad-parameter"),
        Case(method: "POST", target: "/v1/recognize?top=two", body: clip, status: 400, code: "bad-parameter"),
        Case(
            method: "POST", target: "/v1/recognize?top=1&top=2", body: clip, status: 400,
            code: "bad-parameter"),
        Case(
            method: "POST", target: "/v1/recognize?early=0.1", body: clip, status: 400, code: "bad-parameter"),
        Case(
            method: "POST", target: "/v1/recognize?early=nan", body: clip, status: 400, code: "bad-parameter"),
        Case(method: "POST", target: "/v1/recognize?rate=1", body: clip, status: 400, code: "bad-parameter"),
        Case(
            method: "POST", target: "/v1/recognize?channel=0", body: clip, status: 400, code: "bad-parameter"),
        Case(
            method: "POST", target: "/v1/recognize?color=red", body: clip, status: 400,
            code: "unknown-parameter"),
        Case(
            method: "POST", target: "/v1/recognize?model=none", body: clip, status: 404, code: "unknown-model"
        ),
        Case(
            method: "POST", target: "/v1/detect?threshold=2", body: clip, status: 400, code: "bad-parameter"),
        Case(
            method: "POST", target: "/v1/detect?threshold=cat%3D0.5", body: clip, status: 400,
            code: "bad-message"),
        Case(method: "POST", target: "/v1/detect?intents=true", body: clip, status: 409, code: "no-intents"),
        Case(
            method: "POST", target: "/v1/recognize", fields: ["Content-Encoding: gzip"], body: clip,
            status: 415,
            code: "encoded-body"),
        Case(
            method: "POST", target: "/v1/recognize", fields: ["Origin: https://evil.example"], body: clip,
            status: 403, code: "wrong-origin"),
        Case(
            method: "GET", target: "/health", fields: ["Origin: http://127.0.0.1"], status: 200),
    ]

    @Test func eachCaseHasItsStatus() throws {
        let server = try TestServer()
        for request in Self.cases {
            let wire = try server.http()
            let answer = try wire.request(
                request.method, request.target, fields: request.fields, body: request.body)
            #expect(answer.status == request.status, "\(request.testDescription): \(answer.text)")
            if let code = request.code {
                #expect(answer.code == code, "\(request.testDescription): \(answer.text)")
                #expect(answer.fields["content-type"] == "application/json")
            }
            // Where the connection stays open, the next request is answered as if nothing had been.
            if answer.fields["connection"] != "close" {
                #expect(try wire.request("GET", "/health").status == 200, "\(request.testDescription)")
            }
        }
    }

    /// Bytes that a parser could take for something else than the next one does, and other damage.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
        "POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: identity, chunked, gzip\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\u{0}b\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}",
        "GET /\r\n\r\n",
    ])
    func damagedRequestsAreRefused(request: String) throws {
        let server = try TestServer()
        let wire = try server.http()
        wire.send(request)
        wire.endOutput()
        let answer = wire.readToEnd()
        #expect(
            answer.isEmpty || answer.hasPrefix("HTTP/1.1 400") || answer.hasPrefix("HTTP/1.0 400"),
            "\(answer)")
        #expect(answer.ranges(of: "HTTP/1.").count <= 1, "\(answer)")
        #expect(try server.http().request("GET", "/health").status == 200)
    }

    @Test func twoHostsAreRefused() throws {
        let server = try TestServer()
        #expect(
            try server.http().request("GET", "/health", fields: ["Host: localhost"]).code == "protocol-error")
        let none = try server.http()
        none.send("GET /health HTTP/1.1\r\n\r\n")
        #expect(try none.readAnswer().code == "protocol-error")
    }

    @Test func longHeadersAreRefused() throws {
        let server = try TestServer()
        for fields in [
            ["X: " + String(repeating: "a", count: 17 << 10)],
            (0..<100).map { "X-\($0): a" },
            (0..<60).map { "X-\($0): " + String(repeating: "a", count: 400) },
        ] {
            let wire = try server.http()
            wire.send(
                "GET /health HTTP/1.1\r\nHost: localhost\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n")
            #expect(wire.readToEnd().hasPrefix("HTTP/1.1 400"))
        }
    }

    @Test func requestsFollowOneAnother() throws {
        let server = try TestServer()
        let wire = try server.http()
        // All at once, before any answer.
        wire.send(String(repeating: "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", count: 20))
        for _ in 0..<20 { #expect(try wire.readAnswer().status == 200) }
        wire.send("GET /health HTTP/1.0\r\n\r\n")
        #expect(wire.readToEnd().contains("\"status\":\"ok\""))
    }

    @Test func aBodyMayComeInChunks() throws {
        let server = try TestServer()
        let wire = try server.http()
        wire.send("POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        for place in stride(from: 0, to: Self.clip.count, by: 3_333) {
            let chunk = Self.clip[place..<min(place + 3_333, Self.clip.count)]
            wire.send(Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + Array("\r\n".utf8))
        }
        wire.send("0\r\n\r\n")
        #expect(try wire.readAnswer().status == 200)
    }

    @Test func clientsThatAskFirstAreToldToGoOn() throws {
        let server = try TestServer()
        let wire = try server.http()
        wire.send(
            "POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: \(Self.clip.count)\r\n\r\n"
        )
        #expect(try wire.readAnswer().status == 100)
        wire.send(Self.clip)
        #expect(try wire.readAnswer().status == 200)
        // And are told before they send what is not wanted.
        let refused = try server.http()
        refused.send(
            "POST /v1/none HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n"
        )
        #expect(try refused.readAnswer().status == 404)
    }

    /// Compressed silence is small, and lasts for as long as its author likes.
    @Test func longSoundsAreRefused() throws {
        var limits = ServerLimits()
        limits.clipSeconds = 5
        limits.recordingSeconds = 8
        let server = try TestServer(limits: limits)
        let sound = WAVFile([Float](repeating: 0, count: 16_000 * 10), sampleRate: 16_000).bytes
        for route in ["recognize", "detect"] {
            let answer = try server.http().request("POST", "/v1/\(route)", body: sound)
            #expect(answer.status == 413 && answer.code == "sound-too-long", "\(answer.text)")
        }
    }

    @Test func pagesAreServedWithAPolicy() throws {
        let server = try TestServer()
        for file in PageFile.allCases {
            let answer = try server.http().request("GET", file.rawValue)
            #expect(answer.status == 200)
            #expect(answer.fields["content-type"] == file.type)
            #expect(answer.fields["content-security-policy"]?.hasPrefix("default-src 'none'") == true)
            #expect(answer.fields["x-content-type-options"] == "nosniff")
        }
        let model = try server.http().request("GET", "/v1/models/commands/file")
        #expect(model.body == (try readFile("\(Talk.sources)/models/commands.safetensors")))
    }

    /// The model's thresholds of another strictness are those of every stream; a model without such is no model to begin with.
    @Test func thresholdsOfAStrictness() throws {
        let model = try CommandModel.builtIn()
        for strictness in Strictness.allCases {
            let server = try TestServer(strictness: strictness)
            let answer = try server.http().request("GET", "/v1/models/commands")
            let line = try JSONDecoder().decode(ThresholdLine.self, from: Data(answer.body))
            #expect(line.detection == model.detection(strictness))
        }
        let path = "\(Talk.sources)/models/words.safetensors"
        #expect(throws: ModelError.noThresholds(model: path, strictness: .strict)) {
            try ModelShelf([.init(name: "words", path: path)], strictness: .strict)
        }
    }

    private struct ThresholdLine: Decodable {
        let detection: DetectionSettings
    }
}
