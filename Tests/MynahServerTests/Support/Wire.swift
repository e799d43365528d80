import Glibc
import MynahAudio
import MynahBase
import Testing

/// A connection to this machine that sends any bytes, and waits two minutes at most for what comes: words are learnt by a
/// thread that all others go before.
final class Wire: Sendable {
    struct Lost: Error { let reason: String }

    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Lost(reason: systemMessage()) }
        var time = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let failure = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard failure == 0 else { throw Lost(reason: systemMessage()) }
    }

    deinit { close(descriptor) }

    /// Sends all bytes; what the other end does not want any more is no failure.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { return }
            sent += count
        }
    }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// The next bytes, of which there are that many.
    func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var read = 0
        while read < count {
            let more = bytes[read...].withUnsafeMutableBytes { recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard more > 0 else {
                throw Lost(reason: more == 0 ? "closed after \(read) of \(count) bytes" : systemMessage())
            }
            read += more
        }
        return bytes
    }

    /// The next line, without its end.
    func readLine() throws -> String {
        var bytes: [UInt8] = []
        while true {
            let byte = try read(1)[0]
            if byte == UInt8(ascii: "\n") { break }
            bytes.append(byte)
        }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether the other end closes, whatever comes before.
    func isClosedByOtherEnd() -> Bool {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    /// What comes until the other end closes.
    func readToEnd() -> String {
        var all: [UInt8] = []
        while let byte = try? read(1) { all += byte }
        return String(decoding: all, as: UTF8.self)
    }

    /// Sends no more.
    func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Makes the room for what comes as small as it can be.
    func shrinkInput() {
        var size: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
}

func pause(milliseconds: Int) { usleep(UInt32(milliseconds * 1_000)) }

/// An answer over HTTP.
struct Answer {
    let status: Int
    let fields: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The code of a fault.
    var code: String? {
        text.firstMatch(of: /"code":"([a-z-]+)"/).map { String($0.1) }
    }
}

extension Wire {
    /// Reads an answer.
    func readAnswer(hasBody: Bool = true) throws -> Answer {
        let words = try readLine().split(separator: " ")
        let status = try #require(words.count > 1 ? Int(words[1]) : nil)
        var fields: [String: String] = [:]
        while true {
            let line = try readLine()
            if line.isEmpty { break }
            let name = line.prefix { $0 != ":" }
            let value = line.dropFirst(name.count + 1).drop { $0 == " " }
            fields[name.lowercased(), default: ""] += (fields[name.lowercased()] == nil ? "" : ", ") + value
        }
        let length = Int(fields["content-length"] ?? "0") ?? 0
        return Answer(status: status, fields: fields, body: hasBody ? try read(length) : [])
    }

    /// Sends a request and reads its answer.
    func request(
        _ method: String, _ target: String, fields: [String] = [], body: [UInt8] = []
    ) throws -> Answer {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        for field in fields { head += field + "\r\n" }
        if !body.isEmpty || method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        send(Array((head + "\r\n").utf8) + body)
        return try readAnswer(hasBody: method != "HEAD")
    }
}

/// A WebSocket, frame by frame.
struct WebSocketWire {
    struct Refused: Error { let answer: Answer }

    struct Frame: Equatable {
        let opcode: UInt8
        let payload: [UInt8]
        var text: String { String(decoding: payload, as: UTF8.self) }

        /// The status of a close frame.
        var code: Int? {
            opcode == 8 && payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : nil
        }
    }

    let wire: Wire
    let answer: Answer

    init(_ wire: Wire, path: String, fields: [String]) throws {
        self.wire = wire
        let own = [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        ]
        answer = try wire.request("GET", path, fields: own + fields)
        guard answer.status == 101 else { throw Refused(answer: answer) }
        // The example of RFC 6455, section 1.3.
        #expect(answer.fields["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    /// Sends a frame as a client does, or wrongly.
    func send(
        _ opcode: UInt8, _ payload: [UInt8], fin: Bool = true, isMasked: Bool = true, reserved: UInt8 = 0
    ) {
        var frame: [UInt8] = [(fin ? 0x80 : 0) | reserved << 4 | opcode]
        let masked: UInt8 = isMasked ? 0x80 : 0
        switch payload.count {
        case ...125: frame.append(masked | UInt8(payload.count))
        case ...0xffff: frame += [masked | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        default:
            frame +=
                [masked | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (8 * (7 - $0))) }
        }
        let mask: [UInt8] = [0x37, 0xfa, 0x21, 0x3d]
        if isMasked { frame += mask }
        frame += isMasked ? payload.enumerated().map { $1 ^ mask[$0 % 4] } : payload
        wire.send(frame)
    }

    func send(_ text: String) { send(1, Array(text.utf8)) }
    func send(_ samples: [UInt8]) { send(2, samples) }

    /// Reads the next frame, which must not be masked.
    func read() throws -> Frame {
        let head = try wire.read(2)
        #expect(head[0] & 0x70 == 0 && head[1] & 0x80 == 0)
        let length =
            switch head[1] {
            case 126: try wire.read(2).reduce(0) { $0 << 8 | Int($1) }
            case 127: try wire.read(8).reduce(0) { $0 << 8 | Int($1) }
            default: Int(head[1])
            }
        guard (0...1 << 24).contains(length) else { throw Wire.Lost(reason: "a frame of \(length) bytes") }
        return Frame(opcode: head[0] & 0x0f, payload: try wire.read(length))
    }

    /// The text messages until the stream has ended, and the line that says so.
    func readToFinish() throws -> (lines: [String], finished: String) {
        var lines: [String] = []
        while true {
            let frame = try read()
            // Asked whether it is still there.
            if frame.opcode == 9 { continue }
            guard frame.opcode == 1 else {
                throw Wire.Lost(reason: "opcode \(frame.opcode), \(frame.code ?? 0)")
            }
            if frame.text.hasPrefix("{\"finished\"") { return (lines, frame.text) }
            lines.append(frame.text)
        }
    }

    /// The lines of a stream, sent in pieces.
    func lines(of data: [UInt8], start: String, pieces: Int) throws -> [String] {
        send(start)
        let ready = try read()
        #expect(ready.text.hasPrefix("{\"ready\":{"), "\(ready.text)")
        for place in stride(from: 0, to: data.count, by: pieces) {
            send(Array(data[place..<min(data.count, place + pieces)]))
        }
        send("{\"finish\":true}")
        return try readToFinish().lines
    }

    /// The code of a fault and the status with which the connection is closed for it.
    func readFault() throws -> (code: String?, status: Int?) {
        let code = try read().text.firstMatch(of: /"code":"([a-z-]+)"/).map { String($0.1) }
        let close = try read()
        // Answered, so that the connection is closed at once.
        send(8, close.payload)
        return (code, close.code)
    }
}

/// Wyoming, event by event.
struct WyomingWire {
    struct Event {
        let type: String
        let data: String
    }

    let wire: Wire

    init(_ wire: Wire) {
        self.wire = wire
    }

    func send(_ type: String, _ data: String? = nil, payload: [UInt8] = []) {
        var line = "{\"type\":\"\(type)\",\"version\":\"1.8.0\""
        if let data { line += ",\"data_length\":\(data.utf8.count)" }
        if !payload.isEmpty { line += ",\"payload_length\":\(payload.count)" }
        wire.send(Array((line + "}\n" + (data ?? "")).utf8) + payload)
    }

    func read() throws -> Event {
        let line = try wire.readLine()
        let type = try #require(line.firstMatch(of: /"type":"([a-z-]+)"/)).1
        let length = line.firstMatch(of: /"data_length":([0-9]+)/).flatMap { Int($0.1) } ?? 0
        return Event(type: String(type), data: String(decoding: try wire.read(length), as: UTF8.self))
    }

    /// Sends a sound, in chunks.
    func send(_ samples: [UInt8], format: String, pieces: Int, timestamp: Int? = nil) {
        let time = timestamp.map { ",\"timestamp\":\($0)" } ?? ""
        send("audio-start", "{\(format)\(time)}")
        for place in stride(from: 0, to: samples.count, by: pieces) {
            send(
                "audio-chunk", "{\(format)}",
                payload: Array(samples[place..<min(samples.count, place + pieces)]))
        }
        send("audio-stop", "{}")
    }
}

/// A file without a name.
final class MemoryFile {
    private let descriptor: Int32

    init(_ bytes: [UInt8]) throws {
        descriptor = createNamelessFile(in: "/dev/shm") ?? -1
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Wire.Lost(reason: systemMessage())
        }
    }

    deinit { close(descriptor) }

    var source: AudioSource { .descriptor(descriptor, name: "sound") }
}
