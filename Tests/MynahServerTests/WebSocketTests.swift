import MynahTestSupport
import Testing

@testable import MynahServer

/// WebSockets that break the rules, and what they get for it.
struct WebSocketTests {
    private func fault(
        _ limits: ServerLimits = ServerLimits(), _ body: (WebSocketWire) throws -> Void
    ) throws -> (code: String?, status: Int?) {
        let server = try TestServer(limits: limits)
        let socket = try server.webSocket()
        try body(socket)
        let fault = try socket.readFault()
        #expect(socket.wire.isClosedByOtherEnd())
        #expect(server.waitUntil("mynah_streams{transport=\"websocket\"}", is: 0))
        #expect(try server.http().request("GET", "/health").text == "{\"status\":\"ok\",\"streams\":0}\n")
        return fault
    }

    private func begin(_ socket: WebSocketWire, _ start: String = "{\"rate\":16000}") throws {
        socket.send(start)
        #expect(try socket.read().text.hasPrefix("{\"ready\""))
    }

    @Test func firstMessagesThatAreNone() throws {
        let bomb = String(repeating: "[", count: 8_000)
        for (message, code, status) in [
            ("", "bad-message", 1008), ("{", "bad-message", 1008), ("[]", "bad-message", 1008),
            ("null", "bad-message", 1008), ("{}", "bad-message", 1008), (bomb, "bad-message", 1008),
            ("{\"a\":\(bomb)", "bad-message", 1008),
            ("{\"rate\":\"16000\"}", "bad-message", 1008), ("{\"rate\":1e99}", "bad-message", 1008),
            ("{\"rate\":16000.5}", "bad-message", 1008),
            ("{\"rate\":16000,\"format\":\"mp3\"}", "bad-message", 1008),
            ("{\"rate\":0}", "bad-audio", 1008), ("{\"rate\":-16000}", "bad-audio", 1008),
            ("{\"rate\":1000000000}", "bad-audio", 1008),
            ("{\"rate\":9223372036854775807}", "bad-audio", 1008),
            ("{\"rate\":16000,\"channels\":300}", "bad-audio", 1008),
            ("{\"rate\":16000,\"channels\":0}", "bad-audio", 1008),
            ("{\"rate\":16000,\"channels\":9223372036854775807}", "bad-audio", 1008),
            ("{\"rate\":16000,\"channel\":2}", "bad-audio", 1008),
            ("{\"rate\":16000,\"threshold\":0}", "bad-message", 1008),
            ("{\"rate\":16000,\"thresholds\":{\"cat\":0.5}}", "bad-message", 1008),
            ("{\"rate\":16000,\"model\":\"none\"}", "unknown-model", 1008),
            ("{\"rate\":16000,\"intents\":true}", "no-intents", 1008),
            (String(repeating: " ", count: 17 << 10), "message-too-large", 1009),
        ] {
            let fault = try fault { $0.send(message) }
            #expect(fault.code == code && fault.status == status, "\(message.prefix(60)): \(fault)")
        }
    }

    @Test func samplesBeforeTheFirstMessage() throws {
        let fault = try fault { $0.send([0, 0]) }
        #expect(fault.code == "no-first-message" && fault.status == 1008)
    }

    @Test func textThatIsNone() throws {
        let fault = try fault {
            $0.send(1, Array("{\"rate\":16000,\"model\":\"".utf8) + [0xff, 0xfe] + Array("\"}".utf8))
        }
        #expect(fault.code == "not-text" && fault.status == 1007)
    }

    @Test func framesThatBreakTheProtocol() throws {
        for (name, status, body) in [
            ("no mask", 1002, { $0.send(1, Array("{\"rate\":16000}".utf8), isMasked: false) }),
            ("compressed", 1002, { $0.send(1, [1, 2, 3], reserved: 4) }),
            ("reserved bit", 1002, { $0.send(2, [1, 2, 3], reserved: 1) }),
            ("fragment of nothing", 1002, { $0.send(0, [1, 2]) }),
            (
                "message within a message", 1002,
                {
                    $0.send(1, [0x7b], fin: false); $0.send(2, [1, 2])
                }
            ),
            ("ping in fragments", 1002, { $0.send(9, [], fin: false) }),
            ("long ping", 1002, { $0.send(9, [UInt8](repeating: 0, count: 126)) }),
            ("unknown opcode", 1002, { $0.send(5, []) }),
            ("unknown control frame", 1002, { $0.send(0xb, []) }),
            (
                "endless frame", 1009,
                { $0.wire.send([0x82, 0xff] + [UInt8](repeating: 0x7f, count: 8) + [1, 2, 3, 4]) }
            ),
            (
                "negative length", 1009,
                { $0.wire.send([0x82, 0xff] + [UInt8](repeating: 0xff, count: 8) + [1, 2, 3, 4]) }
            ),
            ("a gigabyte", 1009, { $0.wire.send([0x82, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4]) }),
        ] as [(String, Int, (WebSocketWire) throws -> Void)] {
            let fault = try fault(body: body)
            #expect(fault.status == status, "\(name): \(fault)")
        }
    }

    private func fault(body: (WebSocketWire) throws -> Void) throws -> (code: String?, status: Int?) {
        try fault(ServerLimits(), body)
    }

    @Test func messagesWhileSoundIsHeard() throws {
        for message in [
            "{}", "{\"rate\":8000}", "{\"posteriors\":true}", "{\"rate\":8000,\"threshold\":0.5}",
        ] {
            let fault = try fault {
                try begin($0)
                $0.send(message)
            }
            #expect(fault.code == "bad-message" && fault.status == 1008, "\(message)")
        }
    }

    @Test func numbersThatAreNoSamples() throws {
        let fault = try fault {
            try begin($0, "{\"rate\":16000,\"format\":\"f32le\"}")
            $0.send([Float(32_000)].withUnsafeBytes { Array($0) })
        }
        #expect(fault.code == "bad-audio")
    }

    /// A message in fragments, with a ping among them, is a message.
    @Test func fragments() throws {
        let server = try TestServer()
        let file = WAVFile(try Talk.samples("yes-espeak-us.wav"), sampleRate: 16_000)
        let socket = try server.webSocket()
        socket.send(1, Array("{\"rate\":".utf8), fin: false)
        socket.send(9, Array("ping".utf8))
        socket.send(0, Array("16000}".utf8))
        #expect(try socket.read() == .init(opcode: 10, payload: Array("ping".utf8)))
        #expect(try socket.read().text.hasPrefix("{\"ready\""))
        socket.send(2, Array(file.data[..<101]), fin: false)
        socket.send(0, [], fin: false)
        socket.send(0, Array(file.data[101..<5_000]), fin: false)
        socket.send(10, [])
        socket.send(0, Array(file.data[5_000...]))
        socket.send("{\"finish\":true}")
        #expect(try socket.readToFinish().lines == (try Talk.lines(file.bytes)))
    }

    /// The last sample may be cut: that is told after all that was heard, and the next stream begins anew.
    @Test func oddNumbersOfBytes() throws {
        let server = try TestServer()
        let file = WAVFile(try Talk.samples("yes-espeak-us.wav"), sampleRate: 16_000)
        let expected = try Talk.lines(file.bytes)
        let socket = try server.webSocket()
        let lines = try socket.lines(of: file.data + [1], start: "{\"rate\":16000}", pieces: 999)
        #expect(lines.dropLast() == expected[...])
        #expect(lines.last?.contains("incomplete-frame") == true)
        #expect(try socket.lines(of: file.data, start: "{\"rate\":16000}", pieces: 999) == expected)
    }

    @Test func closing() throws {
        let server = try TestServer()
        for (payload, code) in [
            ([], 1000), ([0x03, 0xe8], 1000), ([0x03, 0xe9] + Array("bye".utf8), 1001), ([0x0b, 0xb8], 3000),
            // What must not be sent, half a status, and a reason that is no text.
            ([0x03, 0xed], 1002), ([0x03], 1002), ([0x03, 0xe8, 0xff], 1002), ([0, 0], 1002),
        ] as [([UInt8], Int)] {
            let socket = try server.webSocket()
            socket.send(8, payload)
            #expect(try socket.read().code == code, "\(payload)")
            #expect(socket.wire.isClosedByOtherEnd())
        }
    }

    /// Whoever goes without a word leaves no stream behind.
    @Test func aStreamIsFreedAtOnce() throws {
        let server = try TestServer()
        do {
            let socket = try server.webSocket()
            try begin(socket)
            socket.send([UInt8](repeating: 0, count: 100_000))
            #expect(server.metric("mynah_streams{transport=\"websocket\"}") == 1)
        }
        #expect(server.waitUntil("mynah_streams{transport=\"websocket\"}", is: 0))
        // In the midst of a frame, too.
        do {
            let socket = try server.webSocket()
            try begin(socket)
            socket.wire.send([0x82, 0xfe, 0x10, 0x00, 1, 2])
        }
        #expect(server.waitUntil("mynah_streams{transport=\"websocket\"}", is: 0))
        #expect(server.waitUntil("mynah_connections{transport=\"http\"}", is: 0))
    }

    @Test func upgradesThatAreNone() throws {
        let server = try TestServer()
        let good = [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        for (fields, target, status) in [
            (Array(good.dropLast()), "/v1/listen", 426), (Array(good.dropFirst()), "/v1/listen", 426),
            (good.map { $0.replacing("13", with: "8") }, "/v1/listen", 426),
            (good + ["Origin: https://evil.example"], "/v1/listen", 403),
            (good, "/v1/listen?rate=16000", 400), (good, "/v1/nothing", 404), (good, "/health", 200),
            (good.map { $0.replacing("websocket", with: "h2c") }, "/v1/listen", 426),
        ] {
            let answer = try server.http().request("GET", target, fields: fields)
            #expect(answer.status == status, "\(fields) \(target): \(answer.text)")
        }
        #expect(try server.http().request("POST", "/v1/listen", fields: good).status == 405)
        #expect(server.metric("mynah_streams{transport=\"websocket\"}") == 0)
    }
}
