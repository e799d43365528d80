import MynahTestSupport
import Testing

@testable import MynahServer

/// Clients that want too much, or too slowly.
struct LimitTests {
    @Test func connectionsAreLimited() throws {
        var limits = ServerLimits()
        limits.connections = 3
        let server = try TestServer(limits: limits)
        var wires = try (0..<3).map { _ in try server.http() }
        for wire in wires { #expect(try wire.request("GET", "/health").status == 200) }
        let refused = try server.http()
        let answer = try refused.readAnswer()
        #expect(answer.status == 503 && answer.code == "too-many-connections")
        #expect(answer.fields["retry-after"] == "5")
        #expect(refused.isClosedByOtherEnd())
        #expect(
            server.metric("mynah_rejected_total{reason=\"too-many-connections\",transport=\"http\"}") == 1)
        wires.removeLast()
        #expect(server.waitUntil("mynah_connections{transport=\"http\"}", is: 2))
        #expect(try server.http().request("GET", "/health").status == 200)
    }

    @Test func streamsAreLimited() throws {
        var limits = ServerLimits()
        limits.streams = 2
        let server = try TestServer(limits: limits)
        let first = try server.webSocket()
        let wyoming = try server.wyoming()
        wyoming.send("audio-start", "{\"rate\":16000,\"width\":2,\"channels\":1}")
        #expect(server.waitUntil("mynah_streams{transport=\"wyoming\"}", is: 1))
        do {
            _ = try server.webSocket()
            Issue.record("a third stream")
        } catch let refused as WebSocketWire.Refused {
            #expect(refused.answer.status == 503 && refused.answer.code == "too-many-streams")
        }
        let other = try server.wyoming()
        other.send("audio-start", "{\"rate\":16000,\"width\":2,\"channels\":1}")
        #expect(try other.read().data.contains("too-many-streams"))
        // A place is free as soon as a sound is over.
        wyoming.send("audio-stop")
        #expect(try wyoming.read().type == "not-detected")
        #expect(server.waitUntil("mynah_streams{transport=\"wyoming\"}", is: 0))
        _ = try server.webSocket()
        #expect(first.answer.status == 101)
    }

    @Test func streamsOfAnAddressAreLimited() throws {
        var limits = ServerLimits()
        limits.streamsPerClient = 1
        let server = try TestServer(limits: limits)
        let first = try server.webSocket()
        do {
            _ = try server.webSocket()
            Issue.record("a second stream")
        } catch let refused as WebSocketWire.Refused {
            #expect(refused.answer.status == 429 && refused.answer.code == "too-many-streams-of-client")
        }
        #expect(first.answer.status == 101)
    }

    @Test func uploadsAreLimited() throws {
        var limits = ServerLimits()
        limits.uploads = 1
        limits.uploadBytes = 100_000
        let server = try TestServer(limits: limits)
        let clip = WAVFile([Float](repeating: 0, count: 16_000), sampleRate: 16_000).bytes
        do {
            let slow = try server.http()
            slow.send("POST /v1/recognize HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nabc")
            pause(milliseconds: 50)
            let second = try server.http().request("POST", "/v1/recognize", body: clip)
            #expect(second.status == 503 && second.code == "too-many-uploads")
        }
        // Whoever has gone makes room.
        #expect(server.waitUntil("mynah_connections{transport=\"http\"}", is: 0))
        #expect(try server.http().request("POST", "/v1/recognize", body: clip).status == 200)
        // Announced, and not.
        let announced = try server.http()
        announced.send("POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n\r\n")
        #expect(try announced.readAnswer().code == "upload-too-large")
        let chunked = try server.http()
        chunked.send("POST /v1/detect HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<20 {
            chunked.send(Array("4000\r\n".utf8) + [UInt8](repeating: 1, count: 1 << 14) + Array("\r\n".utf8))
        }
        let answer = try chunked.readAnswer()
        #expect(answer.status == 413 && answer.code == "upload-too-large")
        #expect(chunked.isClosedByOtherEnd())
        #expect(try server.http().request("POST", "/v1/recognize", body: clip).status == 200)
    }

    /// Whoever sends a byte now and then holds no place (slowloris), and neither does who sends none.
    @Test func slowClientsAreClosed() throws {
        var limits = ServerLimits()
        limits.messageSeconds = 0.3
        let server = try TestServer(limits: limits)
        let silent = try server.http()
        let slow = try server.http()
        let event = try server.wyoming()
        let begun = try server.wyoming()
        begun.send("ping")
        #expect(try begun.read().type == "pong")
        begun.wire.send("{\"type\":")
        let socket = try server.webSocket()
        for byte in "GET /health HTTP/1.1\r\n".utf8.prefix(12) {
            slow.send([byte])
            pause(milliseconds: 50)
        }
        for wire in [silent, slow] {
            let answer = try wire.readAnswer()
            #expect(answer.status == 408 && answer.code == "too-slow")
            #expect(wire.isClosedByOtherEnd())
        }
        for wyoming in [event, begun] {
            #expect(try wyoming.read().data.contains("too-slow"))
            #expect(wyoming.wire.isClosedByOtherEnd())
        }
        #expect(try socket.readFault().code == "too-slow")
        #expect(server.waitUntil("mynah_connections{transport=\"http\"}", is: 0))
        #expect(server.waitUntil("mynah_connections{transport=\"wyoming\"}", is: 0))
    }

    @Test func silentStreamsAreAskedAndGivenUp() throws {
        var limits = ServerLimits()
        limits.idleSeconds = 0.4
        let server = try TestServer(limits: limits)
        let socket = try server.webSocket()
        socket.send("{\"rate\":16000}")
        #expect(try socket.read().text.hasPrefix("{\"ready\""))
        // An answer is enough.
        for _ in 0..<3 {
            #expect(try socket.read().opcode == 9)
            socket.send(10, [])
        }
        #expect(try socket.read().opcode == 9)
        #expect(socket.wire.isClosedByOtherEnd())
        #expect(server.waitUntil("mynah_streams{transport=\"websocket\"}", is: 0))
        #expect(server.metric("mynah_dropped_total{reason=\"idle\",transport=\"websocket\"}") == 1)
    }

    /// Whoever does not read what was asked for is dropped, and nothing is kept for them without bound.
    @Test func slowReadersAreDropped() throws {
        var limits = ServerLimits()
        limits.slowReaderSeconds = 0.3
        let server = try TestServer(limits: limits)
        let wire = try server.http()
        wire.shrinkInput()
        let socket = try WebSocketWire(wire, path: "/v1/listen", fields: [])
        socket.send("{\"rate\":4000,\"format\":\"u8\",\"posteriors\":true}")
        let silence = [UInt8](repeating: 128, count: 60_000)
        for _ in 0..<400 where server.metric("mynah_streams{transport=\"websocket\"}") == 1 {
            socket.send(silence)
        }
        #expect(server.waitUntil("mynah_streams{transport=\"websocket\"}", is: 0))
        #expect(server.metric("mynah_dropped_total{reason=\"slow-reader\",transport=\"websocket\"}") == 1)
    }

    /// A recording that is sent as fast as it goes is heard whole.
    ///
    /// Whoever has sent as much as may wait, which a frame of the largest size is, is not read from meanwhile.
    @Test func whoeverIsFastWaits() throws {
        let server = try TestServer()
        let talk = WAVFile(try Talk.samples(), sampleRate: 16_000)
        var long: [UInt8] = []
        for _ in 0..<30 { long += talk.data }
        var file = talk
        file.data = long
        let expected = try Talk.lines(file.bytes)
        let socket = try server.webSocket()
        #expect(try socket.lines(of: long, start: "{\"rate\":16000}", pieces: 262_144) == expected)
        #expect((server.metric("mynah_overruns_total") ?? 0) > 0)
    }

    /// Connections and disconnections at any moment, beside a stream that behaves, which misses nothing.
    @Test func comingAndGoing() throws {
        let server = try TestServer()
        let talk = WAVFile(try Talk.samples(), sampleRate: 16_000)
        let expected = try Talk.lines(talk.bytes)
        let socket = try server.webSocket()
        socket.send("{\"rate\":16000}")
        _ = try socket.read()
        var generator = SystemRandomNumberGenerator()
        for place in stride(from: 0, to: talk.data.count, by: 640) {
            socket.send(Array(talk.data[place..<min(place + 640, talk.data.count)]))
            let wire =
                Int.random(in: 0..<2, using: &generator) == 0 ? try server.http() : try server.wyoming().wire
            let request = Array(
                """
                GET /v1/listen HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n\u{1}\u{2}
                """.utf8)
            wire.send(Array(request.prefix(Int.random(in: 0...request.count, using: &generator))))
        }
        socket.send("{\"finish\":true}")
        #expect(try socket.readToFinish().lines == expected)
        #expect(server.waitUntil("mynah_connections{transport=\"http\"}", is: 1))
        #expect(server.waitUntil("mynah_connections{transport=\"wyoming\"}", is: 0))
        #expect(server.metric("mynah_streams{transport=\"websocket\"}") == 1)
    }
}
