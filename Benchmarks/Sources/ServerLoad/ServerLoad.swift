import Glibc
import MynahAudio
import MynahBase
import MynahModel
import MynahRecognition

/// Follows many streams in real time at a server on this machine, and says how late events come.
///
///     ServerLoad PROTOCOL PORT SOUND STREAMS SECONDS MILLISECONDS PID
///
/// PROTOCOL is `websocket` or `wyoming`; each of STREAMS hears SOUND (16 kHz are sent, whatever it has) over and over for
/// SECONDS, in chunks of so many MILLISECONDS, which are spread evenly over time. PID is the process of the server. One line of JSON says
/// how late events came after the chunk whose last sample they needed (milliseconds; also of the answer to the end of the
/// stream), whether each stream got the events that the library finds in the sound (of a server of other words: any), what server and
/// client took of a core, and the server's memory.
@main
struct ServerLoad {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.count == 7, let first = arguments.first,
            let spoken = StreamProtocol(rawValue: first)
        else { fail("usage: ServerLoad PROTOCOL PORT SOUND STREAMS SECONDS MILLISECONDS PID") }
        let rest = Array(arguments.dropFirst())
        guard let port = UInt16(rest[0]), let streams = Int(rest[2]), let seconds = Int(rest[3]),
            let milliseconds = Int(rest[4]), let server = pid_t(rest[5]), streams > 0, seconds > 0,
            milliseconds > 0
        else { fail("expected whole numbers") }
        do {
            let sound = try Waveform(
                contentsOf: .file(path: rest[1]), sampleRate: 16_000, maximumDuration: 3_600)
            var load = try Load(
                spoken, port: port, sound: sound.samples, streams: streams, seconds: seconds,
                milliseconds: milliseconds, server: server)
            try load.run()
            print(load.report)
        } catch {
            fail("\(error)")
        }
    }

    static func fail(_ message: String) -> Never {
        let line = "ServerLoad: \(message)\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        exit(1)
    }
}

/// How streams are sent.
private enum StreamProtocol: String {
    case websocket, wyoming

    /// What a client sends before its first samples.
    var opening: [UInt8] {
        switch self {
        case .websocket: Self.frame(1, Array("{\"rate\":16000}".utf8))
        case .wyoming: Self.event("audio-start", [])
        }
    }

    /// What ends a stream.
    var end: [UInt8] {
        switch self {
        case .websocket: Self.frame(1, Array("{\"finish\":true}".utf8))
        case .wyoming: Self.event("audio-stop", [])
        }
    }

    func chunk(_ samples: [UInt8]) -> [UInt8] {
        switch self {
        case .websocket: Self.frame(2, samples)
        case .wyoming: Self.event("audio-chunk", samples)
        }
    }

    /// A frame of a client, under a mask of zeros, so that all streams can send the same bytes.
    private static func frame(_ opcode: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let length = payload.count
        let head: [UInt8] =
            length < 126
            ? [0x80 | UInt8(length)]
            : length < 1 << 16
                ? [0xfe, UInt8(length >> 8), UInt8(length & 0xff)]
                : [0xff] + (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * (7 - $0))) }
        return [0x80 | opcode] + head + [0, 0, 0, 0] + payload
    }

    private static func event(_ type: String, _ payload: [UInt8]) -> [UInt8] {
        let data = "{\"rate\":16000,\"width\":2,\"channels\":1}"
        let length = payload.isEmpty ? "" : ",\"payload_length\":\(payload.count)"
        return Array("{\"type\":\"\(type)\",\"data_length\":\(data.utf8.count)\(length)}\n\(data)".utf8)
            + payload
    }
}

/// Streams on their way.
private struct Load {
    private let spoken: StreamProtocol
    private let chunkLength: Int
    private let period: Double
    private let chunkCount: Int
    private let chunks: [[UInt8]]

    /// The lines that each stream should get.
    private let expected: [String]
    private let server: pid_t
    private var connections: [Connection]
    private var latenesses: [Double] = []
    private var endings: [Double] = []
    private var wrongStreams = 0
    private var usage = (client: 0.0, server: 0.0, seconds: 0.0)
    private var memory = (before: 0, after: 0)
    private var lateSends = 0

    init(
        _ spoken: StreamProtocol, port: UInt16, sound: [Float], streams: Int, seconds: Int,
        milliseconds: Int, server: pid_t
    ) throws {
        self.spoken = spoken
        self.server = server
        chunkLength = 16 * milliseconds
        period = Double(milliseconds) / 1_000
        let chunkCount = 1_000 * seconds / milliseconds
        self.chunkCount = chunkCount
        var bytes: [UInt8] = []
        var heard: [Float] = []
        for index in 0..<chunkCount * chunkLength {
            let value = Int16((sound[index % sound.count] * 32_767).rounded())
            bytes += [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
            heard.append(Float(value) / 32_768)
        }
        let byteCount = 2 * chunkLength
        chunks = (0..<chunkCount).map { spoken.chunk(Array(bytes[$0 * byteCount..<($0 + 1) * byteCount])) }
        let recognizer = try StreamingRecognizer(model: .builtIn())
        var expected: [String] = []
        recognizer.push(heard.span, onDetection: { expected.append((try? jsonText(EventLine($0))) ?? "") })
        self.expected = expected
        memory.before = Self.residentKilobytes(server)
        connections = (0..<streams).map { _ in Connection(port: port, spoken) }
    }

    mutating func run() throws {
        // The last chunk of each stream has come, and its recognizer is made, before the clock starts.
        usleep(1_500_000)
        for index in connections.indices { connections[index].readAll() }
        let before = (Self.processSeconds(getpid()), Self.processSeconds(server))
        let start = now()
        let count = connections.count
        for step in 0..<chunkCount * count {
            let due = start + Double(step) * period / Double(count)
            wait(until: due)
            let index = step % count
            if now() > due + period / 2 { lateSends += 1 }
            connections[index].send(chunks[step / count], at: now())
        }
        wait(until: now() + 1)
        usage = (
            Self.processSeconds(getpid()) - before.0, Self.processSeconds(server) - before.1, now() - start
        )
        memory.after = Self.residentKilobytes(server)
        for index in connections.indices { connections[index].send(spoken.end, at: now()) }
        let limit = now() + 10
        while now() < limit, connections.contains(where: { !$0.hasEnded }) { wait(until: now() + 0.05) }
        for connection in connections {
            let got = connection.events.map(\.line)
            // A word may still have come with the end of the sound.
            if !expected.starts(with: got) && !got.starts(with: expected) || got.count < expected.count {
                wrongStreams += 1
            }
            for event in connection.events {
                let chunk = Int((event.end * 16_000 / Double(chunkLength)).rounded(.up)) - 1
                guard chunk >= 0, chunk < chunkCount else { continue }
                latenesses.append(1_000 * (event.time - connection.sendTimes[1 + chunk]))
            }
            if let ending = connection.endTime, let sent = connection.sendTimes.last {
                endings.append(1_000 * (ending - sent))
            }
        }
    }

    /// Takes what comes until a moment.
    private mutating func wait(until moment: Double) {
        while true {
            let left = moment - now()
            var requests = connections.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
            guard poll(&requests, nfds_t(requests.count), Int32(max(0, left * 1_000))) > 0 else {
                if now() >= moment { return }
                continue
            }
            for (index, request) in requests.enumerated() where request.revents != 0 {
                connections[index].readAll()
            }
            if now() >= moment { return }
        }
    }

    /// The line.
    var report: String {
        func quantile(_ values: [Double], _ share: Double) -> String {
            let sorted = values.sorted()
            return sorted.isEmpty ? "null" : rounded(sorted[Int(share * Double(sorted.count - 1))])
        }
        func rounded(_ value: Double) -> String { "\((1_000 * value).rounded() / 1_000)" }
        return """
            {"protocol": "\(spoken.rawValue)", "streams": \(connections.count), "seconds": \(rounded(usage.seconds)), \
            "chunkMilliseconds": \(rounded(1_000 * period)), "eventsPerStream": \(expected.count), \
            "events": \(latenesses.count), "wrongStreams": \(wrongStreams), "lateSends": \(lateSends), \
            "medianMilliseconds": \(quantile(latenesses, 0.5)), "p99Milliseconds": \(quantile(latenesses, 0.99)), \
            "longestMilliseconds": \(quantile(latenesses, 1)), "endMedianMilliseconds": \(quantile(endings, 0.5)), \
            "endP99Milliseconds": \(quantile(endings, 0.99)), "ended": \(endings.count), \
            "serverCores": \(rounded(usage.server / usage.seconds)), "clientCores": \(rounded(usage.client / usage.seconds)), \
            "serverKilobytesBefore": \(memory.before), "serverKilobytes": \(memory.after), \
            "kilobytesPerStream": \(rounded(Double(memory.after - memory.before) / Double(connections.count)))}
            """
    }

    /// Processor time that a process has used.
    private static func processSeconds(_ process: pid_t) -> Double {
        guard let stat = contents(of: "/proc/\(process)/stat"), let end = stat.lastIndex(of: ")") else {
            return 0
        }
        let fields = stat[end...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else {
            return 0
        }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    private static func residentKilobytes(_ process: pid_t) -> Int {
        guard let fields = contents(of: "/proc/\(process)/statm")?.split(separator: " "), fields.count > 1
        else { return 0 }
        return (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) / 1_024
    }

    private static func contents(of path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let count = fread(&buffer, 1, buffer.count, file)
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

/// One stream.
private struct Connection {
    struct Event {
        let line: String
        let end: Double
        let time: Double
    }

    let descriptor: Int32
    private(set) var events: [Event] = []

    /// Of the opening, of each chunk, and of the end.
    private(set) var sendTimes: [Double] = []
    private(set) var endTime: Double?
    var hasEnded: Bool { endTime != nil }

    private let spoken: StreamProtocol
    private var pending: [UInt8] = []

    init(port: UInt16, _ spoken: StreamProtocol) {
        self.spoken = spoken
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port.bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let failure = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard failure == 0 else { ServerLoad.fail("no connection to port \(port): \(systemMessage())") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        if spoken == .websocket {
            let request = """
                GET /v1/listen HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
                """
            send(Array(request.utf8))
            var head: [UInt8] = []
            var byte: UInt8 = 0
            while !head.ends(with: "\r\n\r\n".utf8) {
                guard recv(descriptor, &byte, 1, 0) == 1 else { ServerLoad.fail("no WebSocket") }
                head.append(byte)
            }
            guard head.starts(with: "HTTP/1.1 101".utf8) else {
                ServerLoad.fail(String(decoding: head, as: UTF8.self))
            }
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        send(spoken.opening, at: now())
    }

    mutating func send(_ bytes: [UInt8], at time: Double) {
        sendTimes.append(time)
        send(bytes)
    }

    private func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN {
                // The server is behind: the client waits for it, which shows in the times.
                var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&request, 1, 1_000)
            } else {
                ServerLoad.fail("a stream was closed: \(systemMessage())")
            }
        }
    }

    /// Takes all that has come.
    mutating func readAll() {
        let time = now()
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while case let count = recv(descriptor, &buffer, buffer.count, 0), count > 0 {
            pending += buffer[..<count]
        }
        switch spoken {
        case .websocket: readFrames(time)
        case .wyoming: readEvents(time)
        }
    }

    private mutating func readFrames(_ time: Double) {
        var start = 0
        while pending.count >= start + 2 {
            var head = 2
            var length = Int(pending[start + 1] & 0x7f)
            if length == 126 {
                guard pending.count >= start + 4 else { break }
                length = Int(pending[start + 2]) << 8 | Int(pending[start + 3])
                head = 4
            }
            guard pending.count >= start + head + length else { break }
            if pending[start] == 0x81 {
                take(
                    String(decoding: pending[start + head..<start + head + length], as: UTF8.self), time)
            }
            start += head + length
        }
        pending.removeFirst(start)
    }

    private mutating func readEvents(_ time: Double) {
        while let newline = pending.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: pending[..<newline], as: UTF8.self)
            let length = line.firstMatch(of: /"data_length": ?([0-9]+)/).flatMap { Int($0.1) } ?? 0
            guard pending.count > newline + length else { return }
            let data = String(
                decoding: pending[(newline + 1)..<(newline + 1 + length)], as: UTF8.self)
            pending.removeFirst(newline + 1 + length)
            if line.contains("\"not-detected\"") { endTime = endTime ?? time }
            if line.contains("\"detection\"") {
                take(
                    data.replacing(/"name":"[^"]*",/, with: "").replacing(/"timestamp":[0-9]+,/, with: ""),
                    time)
            }
        }
    }

    private mutating func take(_ line: String, _ time: Double) {
        if line.hasPrefix("{\"finished\"") { endTime = time }
        guard let match = line.firstMatch(of: /"end":([0-9.]+)/), let end = Double(match.1) else { return }
        events.append(Event(line: line, end: end, time: time))
    }
}

extension [UInt8] {
    fileprivate func ends(with tail: String.UTF8View) -> Bool { suffix(tail.count).elementsEqual(tail) }
}

private func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
