import NIOCore

/// An event of the Wyoming protocol: a line of JSON, more JSON where the line announces it, and a payload
/// (https://github.com/OHF-Voice/wyoming).
struct WyomingEvent {
    let type: String

    /// What is known of the data; that behind the line wins over that within it.
    let data: WyomingData
    let payload: ByteBuffer
}

/// The members of the data of all events that are understood.
struct WyomingData: Decodable {
    var names: [String]?
    var rate: Int?
    var width: Int?
    var channels: Int?
    /// Milliseconds.
    var timestamp: Int?
    var text: String?

    /// These members, and those of `other` where they are missing.
    func filled(from other: WyomingData?) -> WyomingData {
        guard let other else { return self }
        return WyomingData(
            names: names ?? other.names, rate: rate ?? other.rate, width: width ?? other.width,
            channels: channels ?? other.channels, timestamp: timestamp ?? other.timestamp,
            text: text ?? other.text)
    }
}

/// Takes bytes apart into events.
final class WyomingDecoder: ByteToMessageDecoder {
    typealias InboundOut = WyomingEvent

    /// The line.
    private struct Header: Decodable {
        let type: String
        let data: WyomingData?
        let dataLength: Int?
        let payloadLength: Int?

        enum CodingKeys: String, CodingKey {
            case type, data, dataLength = "data_length", payloadLength = "payload_length"
        }
    }

    private let limits: ServerLimits
    private var header: Header?

    /// The last line and the last data: a client sends the same with each chunk.
    private var lastLine = ReadMessage<Header>()
    private var lastData = ReadMessage<WyomingData>()

    /// Bytes that were searched for the end of a line already.
    private var searchedCount = 0

    init(_ limits: ServerLimits) {
        self.limits = limits
    }

    /// Whether an event has begun.
    private(set) var isWithinEvent = false

    func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let event = try next(&buffer) else { return .needMoreData }
        context.fireChannelRead(Self.wrapInboundOut(event))
        return .continue
    }

    func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        // What the end of the connection has cut off is nobody's any more.
        try decode(context: context, buffer: &buffer)
    }

    /// Takes the next event off a buffer; nil where more of it has to come.
    ///
    /// - Throws: ``ServerFault``, after which nothing can be made of what follows.
    func next(_ buffer: inout ByteBuffer) throws(ServerFault) -> WyomingEvent? {
        isWithinEvent = true
        if header == nil {
            guard let line = try readLine(&buffer) else {
                isWithinEvent = buffer.readableBytes > 0
                return nil
            }
            let header = try lastLine.value(of: line)
            for (length, limit) in [
                (header.dataLength ?? 0, limits.textBytes), (header.payloadLength ?? 0, limits.messageBytes),
            ] {
                guard length >= 0 else {
                    throw .badMessage(reason: "a length is \(length), expected 0 or more")
                }
                guard length <= limit else { throw .messageTooLarge(limitBytes: limit) }
            }
            self.header = header
        }
        guard let header else { return nil }
        let (dataLength, payloadLength) = (header.dataLength ?? 0, header.payloadLength ?? 0)
        guard buffer.readableBytes >= dataLength + payloadLength else { return nil }
        let data = buffer.readSlice(length: dataLength) ?? ByteBuffer()
        let payload = buffer.readSlice(length: payloadLength) ?? ByteBuffer()
        self.header = nil
        isWithinEvent = buffer.readableBytes > 0
        let behind = dataLength > 0 ? try lastData.value(of: data) : nil
        return WyomingEvent(
            type: header.type, data: (behind ?? WyomingData()).filled(from: header.data), payload: payload)
    }

    private func readLine(_ buffer: inout ByteBuffer) throws(ServerFault) -> ByteBuffer? {
        let view = buffer.readableBytesView
        guard let end = view.dropFirst(searchedCount).firstIndex(of: UInt8(ascii: "\n")) else {
            searchedCount = view.count
            guard view.count <= limits.textBytes else { throw .messageTooLarge(limitBytes: limits.textBytes) }
            return nil
        }
        let length = end - view.startIndex
        searchedCount = 0
        guard length <= limits.textBytes else { throw .messageTooLarge(limitBytes: limits.textBytes) }
        let line = buffer.readSlice(length: length)
        buffer.moveReaderIndex(forwardBy: 1)
        return line
    }
}

/// A short message in JSON and its bytes, so that the same bytes need not be read again.
private struct ReadMessage<Value: Decodable> {
    private var last: (bytes: ByteBuffer, value: Value)?

    /// Longer ones are not kept.
    private static var longestByteCount: Int { 512 }

    /// What a message says.
    mutating func value(of bytes: ByteBuffer) throws(ServerFault) -> Value {
        if let last, last.bytes == bytes { return last.value }
        let value = try readJSON(Value.self, from: bytes.readableBytesView)
        // Copied, since a slice would hold on to all that was received with it.
        if bytes.readableBytes <= Self.longestByteCount {
            last = (ByteBuffer(bytes: bytes.readableBytesView), value)
        }
        return value
    }
}

/// An event as it is sent.
func wyomingBytes(_ type: String, _ data: some Encodable) -> ByteBuffer {
    let text = lineText(data)
    return ByteBuffer(
        string: lineText(WyomingLine(type: type, dataLength: text.utf8.count)) + "\n" + text)
}

/// The line of an event that is sent.
private struct WyomingLine: Encodable {
    let type: String
    let dataLength: Int

    /// The version of the protocol whose events are known here.
    let version = "1.8.0"

    enum CodingKeys: String, CodingKey {
        case type, dataLength = "data_length", version
    }
}
