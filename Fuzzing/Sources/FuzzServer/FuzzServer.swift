import FuzzSupport
import FuzzerDriver
import Logging
import MynahServer
import NIOCore
import NIOEmbedded

/// Sends inputs to the server as the bytes of a client.
///
/// The first byte of an input says of what kind: of Wyoming, of HTTP, or of a WebSocket that has begun; the second one into
/// pieces of which length the rest is cut.
@main
struct FuzzServer {
    static func main() { runFuzzer() }
}

/// Connections without a network, whose work is done at once.
private struct Client {
    private let pipelines: Pipelines

    init() {
        do {
            pipelines = Pipelines(
                shelf: try ModelShelf([
                    .init(name: "tiny", path: "models/commands-tiny.safetensors")
                ]),
                intents: nil, limits: ServerLimits(), access: AccessRules(), registry: MetricsRegistry(),
                logger: Logger(label: "fuzz") { _ in LineLogHandler(.text, level: .critical) },
                startUpload: { $0() }, startTeaching: { $0() })
        } catch {
            preconditionFailure("\(error)")
        }
    }

    private static let upgrade = """
        GET /v1/listen HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n
        """

    func send(_ bytes: ArraySlice<UInt8>, kind: UInt8, pieces: Int) {
        let channel = EmbeddedChannel()
        do {
            if kind == 0 {
                try pipelines.configureWyoming(channel)
            } else {
                try pipelines.configureHTTP(channel)
            }
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            if kind == 2 {
                try channel.writeInbound(ByteBuffer(string: Self.upgrade))
                channel.embeddedEventLoop.run()
                let answer = text(sentBy: channel)
                precondition(answer.hasPrefix("HTTP/1.1 101"), "no WebSocket: \(answer)")
            }
            for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: pieces) {
                let piece = bytes[start..<min(bytes.endIndex, start + pieces)]
                try channel.writeInbound(ByteBuffer(bytes: piece))
                channel.embeddedEventLoop.run()
            }
        } catch {
            // The connection was closed.
        }
        let answer = text(sentBy: channel)
        if kind == 1 {
            precondition(answer.isEmpty || answer.hasPrefix("HTTP/1."), "no answer of HTTP: \(answer)")
        }
        if kind == 0 {
            precondition(
                answer.isEmpty || answer.hasPrefix("{\"data_length\":"), "no event of Wyoming: \(answer)")
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
        channel.embeddedEventLoop.run()
    }

    private func text(sentBy channel: EmbeddedChannel) -> String {
        var text = ""
        while let part = try? channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: part) }
        return text
    }
}

private let client = Client()

/// One input; libFuzzer calls this by its name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzServer(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard bytes.count > 2 else { return 0 }
    client.send(bytes[2...], kind: bytes[0] % 3, pieces: 1 + 8 * Int(bytes[1]))
    return 0
}
