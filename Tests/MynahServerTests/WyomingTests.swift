import MynahTestSupport
import NIOCore
import Testing

@testable import MynahServer

/// Wyoming, as clients speak it, and as they should not.
struct WyomingTests {
    private static let format = "\"rate\":16000,\"width\":2,\"channels\":1"

    @Test func eachWordIsAWakeModel() throws {
        let server = try TestServer(models: [
            .init(name: "first", path: nil),
            .init(name: "tiny", path: "\(Talk.sources)/models/commands-tiny.safetensors"),
            .init(name: "best", path: "\(Talk.sources)/models/commands-best.safetensors"),
        ])
        let wyoming = try server.wyoming()
        wyoming.send("describe")
        let info = try wyoming.read()
        #expect(info.type == "info")
        for part in [
            "\"name\":\"yes\"", "\"name\":\"tiny/yes\"", "\"phrase\":\"yes\"", "\"asr\":[]",
            "\"installed\":true",
        ] {
            #expect(info.data.contains(part), "\(part)")
        }
        // One that reads clips from both ends cannot wake anybody.
        #expect(!info.data.contains("best/"))
    }

    /// Only the words that were asked for; without any, all words of all models.
    @Test func wordsAreChosen() throws {
        let server = try TestServer(models: [
            .init(name: "first", path: nil),
            .init(name: "tiny", path: "\(Talk.sources)/models/commands-tiny.safetensors"),
        ])
        let file = WAVFile(try Talk.samples(), sampleRate: 16_000)
        let wyoming = try server.wyoming()
        wyoming.send("detect", "{\"names\":[\"stop\",\"tiny/left\"]}")
        wyoming.send(file.data, format: Self.format, pieces: 2_000)
        wyoming.send("ping")
        var names: [String] = []
        while case let event = try wyoming.read(), event.type != "pong" {
            names.append(event.data.firstMatch(of: /"name":"([a-z\/]+)"/).map { String($0.1) } ?? event.type)
        }
        // The answer to the ping may come before what waits to be heard.
        while names.count < 2, case let event = try wyoming.read() {
            names.append(event.data.firstMatch(of: /"name":"([a-z\/]+)"/).map { String($0.1) } ?? event.type)
        }
        #expect(names == ["stop", "tiny/left"])
        wyoming.send("detect", "{\"names\":[\"no\"]}")
        wyoming.send(file.data, format: Self.format, pieces: 2_000)
        #expect(try wyoming.read().type == "not-detected")
        wyoming.send("detect", "{\"names\":null}")
        wyoming.send(file.data, format: Self.format, pieces: 2_000)
        for _ in 0..<4 { #expect(try wyoming.read().type == "detection") }
    }

    /// What is wrong with an event is told; the connection goes on.
    @Test func eventsThatAreRefused() throws {
        let server = try TestServer()
        let wyoming = try server.wyoming()
        for (type, data, payload, code) in [
            ("detect", "{\"names\":[\"cat\"]}", 0, "unknown-model"),
            ("audio-stop", "{}", 0, "protocol-error"),
            ("audio-start", "{}", 0, "bad-message"),
            ("audio-start", "{\"rate\":16000,\"width\":2}", 0, "bad-message"),
            ("audio-start", "{\"rate\":0,\"width\":2,\"channels\":1}", 0, "bad-audio"),
            ("audio-start", "{\"rate\":1000000000,\"width\":2,\"channels\":1}", 0, "bad-audio"),
            ("audio-start", "{\"rate\":16000,\"width\":2,\"channels\":300}", 0, "bad-audio"),
            ("audio-start", "{\"rate\":16000,\"width\":2,\"channels\":-1}", 0, "bad-audio"),
            ("audio-start", "{\"rate\":16000,\"width\":0,\"channels\":1}", 0, "bad-message"),
            ("audio-start", "{\"rate\":16000,\"width\":8,\"channels\":1}", 0, "bad-message"),
        ] {
            wyoming.send(type, data, payload: [UInt8](repeating: 0, count: payload))
            let event = try wyoming.read()
            #expect(
                event.type == "error" && event.data.contains("\"code\":\"\(code)\""),
                "\(type) \(data): \(event)")
            #expect(event.data.contains("\"text\":"))
            // Of what follows a start that was refused, nothing is heard.
            if type == "audio-start" {
                wyoming.send("audio-chunk", "{\(Self.format)}", payload: [0, 0])
                wyoming.send("audio-stop")
            }
        }
        wyoming.send("an-event-of-a-later-version", "{\"a\":[1,2]}", payload: [1, 2, 3])
        wyoming.send("ping")
        #expect(try wyoming.read().type == "pong")
        #expect(server.metric("mynah_streams{transport=\"wyoming\"}") == 0)
    }

    /// Some clients leave out the start; a chunk of another format than the first is refused, and the rest is heard.
    @Test func chunksWithoutAStart() throws {
        let server = try TestServer()
        let file = WAVFile(try Talk.samples("yes-espeak-us.wav"), sampleRate: 16_000)
        let wyoming = try server.wyoming()
        for place in stride(from: 0, to: file.data.count, by: 1_001) {
            wyoming.send(
                "audio-chunk", "{\(Self.format)}",
                payload: Array(file.data[place..<min(place + 1_001, file.data.count)]))
        }
        wyoming.send("audio-chunk", "{\"rate\":8000,\"width\":2,\"channels\":1}", payload: [0, 0])
        wyoming.send("audio-stop")
        let types = try (0..<2).map { _ in try wyoming.read().type }
        #expect(types.sorted() == ["detection", "error"])
    }

    @Test func aCutSampleIsTold() throws {
        let server = try TestServer()
        let wyoming = try server.wyoming()
        wyoming.send([UInt8](repeating: 0, count: 2_001), format: Self.format, pieces: 100)
        let error = try wyoming.read()
        #expect(error.type == "error" && error.data.contains("incomplete-frame"))
        #expect(try wyoming.read().type == "not-detected")
    }

    /// What cannot be taken apart is told, and ends the connection.
    @Test(arguments: [
        "no JSON\n", "\n", "[]\n", "{}\n", "{\"type\":5}\n", "{\"type\":\"a\",\"data_length\":-1}\n",
        "{\"type\":\"a\",\"payload_length\":-9223372036854775808}\n",
        "{\"type\":\"a\",\"data_length\":9223372036854775807}\n",
        "{\"type\":\"a\",\"data_length\":1e400}\n", "{\"type\":\"a\",\"payload_length\":1073741824}\n",
        "{\"type\":\"a\",\"payload_length\":\"5\"}\n", "{\"type\":\"a\",\"data_length\":7}\nno JSON",
        "{\"type\":\"detect\",\"data_length\":12}\n{\"names\":[1]}", "{\"type\":\"detect\",\"data\":[]}\n",
        "GET / HTTP/1.1\r\n\r\n",
    ])
    func bytesThatAreNoEvent(bytes: String) throws {
        let server = try TestServer()
        let wyoming = try server.wyoming()
        wyoming.wire.send(bytes)
        #expect(try wyoming.read().type == "error")
        #expect(wyoming.wire.isClosedByOtherEnd())
        #expect(server.waitUntil("mynah_connections{transport=\"wyoming\"}", is: 0))
    }

    @Test func longAndDeepLines() throws {
        let server = try TestServer()
        for bytes in [
            [UInt8](repeating: UInt8(ascii: "a"), count: 40_000),
            Array("{\"type\":\"a\",\"data\":\(String(repeating: "{\"a\":", count: 3_000))1\n".utf8),
            Array("{\"type\":\"a\",\"data\":{\"names\":\(String(repeating: "[", count: 9_000))}\n".utf8),
            [0xff, 0xfe, 0xfd, 0x0a], Array("{\"type\":\"".utf8) + [0xc0, 0xaf] + Array("\"}\n".utf8),
        ] {
            let wyoming = try server.wyoming()
            wyoming.wire.send(bytes)
            #expect(try wyoming.read().type == "error")
            #expect(wyoming.wire.isClosedByOtherEnd())
        }
    }

    /// Events are found wherever the bytes are cut, and data in the line is filled up by the data behind it.
    @Test func eventsInPieces() throws {
        let bytes = Array(
            """
            {"type":"audio-start","data":{"rate":8000,"width":2,"channels":1}}
            {"type":"audio-chunk","data":{"rate":8000,"timestamp":5},"data_length":14,"payload_length":3}
            {"rate":16000}abc{"type":"audio-stop"}

            """.utf8)
        for size in [1, 2, 3, 10, 1_000] {
            let decoder = WyomingDecoder(ServerLimits())
            var buffer = ByteBuffer()
            var events: [WyomingEvent] = []
            for place in stride(from: 0, to: bytes.count, by: size) {
                buffer.writeBytes(bytes[place..<min(place + size, bytes.count)])
                while let event = try decoder.next(&buffer) { events.append(event) }
            }
            #expect(events.map(\.type) == ["audio-start", "audio-chunk", "audio-stop"])
            #expect(events[0].data.rate == 8_000 && events[0].data.width == 2)
            #expect(events[1].data.rate == 16_000 && events[1].data.timestamp == 5)
            #expect(String(buffer: events[1].payload) == "abc")
            #expect(!decoder.isWithinEvent)
        }
    }

    /// A line and data that come again say the same again, and others of their length say something else.
    @Test func repeatedLines() throws {
        let decoder = WyomingDecoder(ServerLimits())
        var buffer = ByteBuffer()
        for (type, rate) in [("a", 1), ("a", 1), ("b", 1), ("b", 2), ("a", 1)] {
            buffer.writeString("{\"type\":\"\(type)\",\"data_length\":10}\n{\"rate\":\(rate)}")
            let event = try #require(try decoder.next(&buffer))
            #expect(event.type == type && event.data.rate == rate)
        }
    }
}
