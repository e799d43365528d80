import Glibc
import MynahBase
import MynahModel
import MynahTestSupport
import Testing

@testable import MynahServer

/// Models that change while they are served, and the end.
struct LifeTests {
    @Test func aBrokenModelDoesNotReplaceAGoodOne() throws {
        let folder = try TemporaryFolder()
        let tiny = try readFile("\(Talk.sources)/models/commands-tiny.safetensors")
        let commands = try readFile("\(Talk.sources)/models/commands.safetensors")
        let path = try folder.put(tiny, as: "words.safetensors")
        let server = try TestServer(models: [.init(name: "words", path: path)])
        func hash() throws -> String {
            let text = try server.http().request("GET", "/v1/models/words").text
            return try #require(text.firstMatch(of: /"sha256":"([0-9a-f]{64})"/)).1.description
        }
        let first = try hash()
        let file = WAVFile(try Talk.samples(), sampleRate: 16_000)
        let before = try Talk.lines(file.bytes, model: CommandModel(contentsOf: path))
        let socket = try server.webSocket()
        socket.send("{\"rate\":16000}")
        _ = try socket.read()
        socket.send(Array(file.data[..<20_000]))

        for broken in [
            [], Array(commands.prefix(commands.count / 2)), Array("no model".utf8), commands.map { ~$0 },
        ] {
            _ = try folder.put(broken, as: "words.safetensors")
            #expect(!server.server.reloadModels())
            #expect(try hash() == first)
        }
        unlink(path)
        #expect(!server.server.reloadModels())
        #expect(server.log.text.contains("the one before stays"))

        _ = try folder.put(commands, as: "words.safetensors")
        #expect(server.server.reloadModels())
        #expect(try hash() != first)
        // The stream that has begun goes on with the model it has.
        socket.send(Array(file.data[20_000...]))
        socket.send("{\"finish\":true}")
        #expect(try socket.readToFinish().lines == before)
        #expect(
            try socket.lines(of: file.data, start: "{\"rate\":16000}", pieces: 640)
                == (try Talk.lines(file.bytes)))
    }

    /// What has come is heard and told before the connection is closed.
    @Test func streamsAreToldOfTheEnd() throws {
        let server = try TestServer()
        let file = WAVFile(try Talk.samples("yes-espeak-us.wav"), sampleRate: 16_000)
        let expected = try Talk.lines(file.bytes)
        let socket = try server.webSocket()
        socket.send("{\"rate\":16000}")
        _ = try socket.read()
        let wyoming = try server.wyoming()
        wyoming.send("audio-start", "{\"rate\":16000,\"width\":2,\"channels\":1}")
        wyoming.send("audio-chunk", "{\"rate\":16000,\"width\":2,\"channels\":1}", payload: file.data)
        socket.send(file.data)
        let waiting = try server.webSocket()
        let idle = try server.http()
        #expect(try idle.request("GET", "/health").status == 200)
        // Both sounds have arrived.
        #expect(server.waitUntil("mynah_audio_seconds_total", is: 2))
        server.stop()
        let end = try socket.readToFinish()
        #expect(end.lines == expected)
        #expect(try socket.read().code == 1001)
        #expect(try waiting.read().code == 1001)
        #expect(try wyoming.read().type == "detection")
        #expect(try wyoming.read().data.contains("\"code\":\"stopping\""))
        for wire in [socket.wire, waiting.wire, wyoming.wire, idle] { #expect(wire.isClosedByOtherEnd()) }
        #expect(throws: Wire.Lost.self) { _ = try server.http() }
    }
}
