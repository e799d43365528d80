import MynahModel
import MynahRecognition
import NIOCore
import NIOWebSocket

/// A WebSocket on `/v1/listen` (RFC 6455): samples come, events go.
///
/// The first message says what the samples are. Each event is a text message, the very line that `mynah listen --json` prints.
/// Frames are judged on the event loop, samples are heard on the lane of the connection.
final class WebSocketHandler: StreamHandler {
    static let transport = Transport.webSocket

    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private enum Stage {
        /// A first message is due.
        case waiting
        case listening
        /// A close frame was sent; what comes is not heard any more.
        case closing
    }

    /// What the pieces of the lane share.
    private final class Hearing: @unchecked Sendable {
        var stream: ListeningStream?
        /// A stream that has failed hears no more.
        var hasFailed = false
    }

    let services: Services
    private let client: String
    private var stage = Stage.waiting
    var gate = ReadGate()

    /// A message in fragments: its kind, and its text so far.
    private var fragmented: WebSocketOpcode?
    private var text = ByteBuffer()

    private let hearing = Hearing()
    private(set) var lane: WorkLane?
    private var link: HandlerLink<WebSocketHandler>?
    private var silence: Deadline?
    private(set) var slowness: Deadline?
    private var isPinged = false
    private var listing: Int?

    /// Follows a stream of a client, which was admitted.
    init(_ services: Services, client: String) {
        self.services = services
        self.client = client
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        let link = HandlerLink(self, context)
        self.link = link
        lane = makeLane(link)
        silence = Deadline(context.eventLoop)
        slowness = Deadline(context.eventLoop)
        services.metrics.streamOpened(.webSocket)
        listing = services.connections.add { link.run { handler, context in handler.stop(context) } }
        waitForFirstMessage(context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        guard let listing else { return }
        self.listing = nil
        services.connections.remove(listing)
        // Whoever has gone hears nothing more, and makes room at once. Lane and link hold this handler, which holds them.
        lane?.close()
        lane = nil
        link = nil
        silence?.clear()
        slowness?.clear()
        services.admissions.closeStream(of: client)
        services.metrics.streamClosed(.webSocket)
    }

    func channelInactive(context: ChannelHandlerContext) {
        handlerRemoved(context: context)
        context.fireChannelInactive()
    }

    private func waitForFirstMessage(_ context: ChannelHandlerContext) {
        let limit = services.limits.messageSeconds
        silence?.set(seconds: limit) { [weak self] in
            self?.fail(.tooSlow(what: "the first message", limitSeconds: limit), context)
        }
    }

    /// The other end may be gone without a word: it is asked, and given up if it does not answer.
    private func watchSilence(_ context: ChannelHandlerContext) {
        isPinged = false
        silence?.set(seconds: services.limits.idleSeconds / 2) { [weak self] in self?.onSilence(context) }
    }

    private func onSilence(_ context: ChannelHandlerContext) {
        guard !isPinged else {
            services.metrics.dropped(.webSocket, "idle")
            context.close(promise: nil)
            return
        }
        isPinged = true
        write(.ping, ByteBuffer(), context)
        silence?.set(seconds: services.limits.idleSeconds / 2) { [weak self] in self?.onSilence(context) }
    }

    /// Ends the stream since the server ends: what has come is heard.
    private func stop(_ context: ChannelHandlerContext) {
        guard stage != .closing else { return }
        let isListening = stage == .listening
        stage = .closing
        if isListening { addEnd(closing: .goingAway) } else { close(.goingAway, context) }
    }

    // MARK: What comes

    func read(context: ChannelHandlerContext) { gate.read(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if isPinged || stage == .listening { watchSilence(context) }
        do {
            try take(frame, context)
        } catch {
            fail(error, context)
        }
    }

    private func take(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) throws(ServerFault) {
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            throw .protocolError(reason: "the frame is compressed or extended, which was not agreed on")
        }
        guard frame.maskKey != nil else { throw .protocolError(reason: "the frame is not masked") }
        switch frame.opcode {
        case .connectionClose:
            if stage != .closing { close(Self.answer(to: frame), context) }
            context.close(promise: nil)
        case .ping:
            write(.pong, frame.unmaskedData, context)
        case .pong:
            break
        case .text, .binary:
            guard fragmented == nil else {
                throw .protocolError(reason: "a message begins within another one")
            }
            if !frame.fin { fragmented = frame.opcode }
            try take(frame, of: frame.opcode, context)
        case .continuation:
            guard let opcode = fragmented else {
                throw .protocolError(reason: "a fragment belongs to no message")
            }
            if frame.fin { fragmented = nil }
            try take(frame, of: opcode, context)
        default:
            throw .protocolError(reason: "there is no opcode \(Int(webSocketOpcode: frame.opcode))")
        }
    }

    /// The code that is sent back: that of the client, unless it is none that may be sent.
    private static func answer(to frame: WebSocketFrame) -> WebSocketErrorCode {
        var data = frame.unmaskedData
        guard data.readableBytes > 0 else { return .normalClosure }
        let isAllowed: (UInt16) -> Bool = { code in
            (1_000...1_003).contains(code) || (1_007...1_011).contains(code) || (3_000...4_999).contains(code)
        }
        guard let code = data.readInteger(as: UInt16.self), isAllowed(code),
            String(validating: data.readableBytesView, as: UTF8.self) != nil
        else { return .protocolError }
        return WebSocketErrorCode(codeNumber: Int(code))
    }

    private func take(
        _ frame: WebSocketFrame, of opcode: WebSocketOpcode, _ context: ChannelHandlerContext
    ) throws(ServerFault) {
        guard stage != .closing else { return }
        guard opcode == .text else {
            guard stage == .listening else { throw .noFirstMessage }
            addSamples(frame)
            return
        }
        guard text.readableBytes + frame.length <= services.limits.textBytes else {
            throw .messageTooLarge(limitBytes: services.limits.textBytes)
        }
        var part = frame.unmaskedData
        text.writeBuffer(&part)
        guard frame.fin else { return }
        let message = text
        text = ByteBuffer()
        try take(try readJSON(ListenMessage.self, from: message.readableBytesView), context)
    }

    private func take(_ message: ListenMessage, _ context: ChannelHandlerContext) throws(ServerFault) {
        switch stage {
        case .closing: return
        case .waiting:
            let request = try message.request()
            let entry = try services.shelf.entry(message.model)
            stage = .listening
            watchSilence(context)
            addStart(request, entry)
        case .listening where message.finish == true:
            stage = .waiting
            watchSilence(context)
            addEnd(closing: nil)
        case .listening:
            guard message.rate == nil, message.threshold != nil || message.thresholds != nil else {
                throw .badMessage(
                    reason: "while sound is heard, expected 'threshold', 'thresholds', or 'finish': true")
            }
            addThresholds(message)
        }
    }

    // MARK: The lane

    private func addStart(_ request: ListeningRequest, _ entry: ModelShelf.Entry) {
        add { hearing, services throws(ServerFault) in
            let stream = try ListeningStream(
                request, entry: entry, intents: services.intents, metrics: services.metrics)
            hearing.stream = stream
            return [
                lineText(
                    ReadyLine(
                        ready: .init(
                            model: entry.name, labels: entry.model.labels, words: entry.words,
                            sampleRate: entry.model.sampleRate,
                            decisionSeconds: StreamTiming(entry.model).decisionSeconds,
                            detection: stream.detection)))
            ]
        }
    }

    private func addSamples(_ frame: WebSocketFrame) {
        var data = frame.data
        let mask = frame.maskKey
        let arrival = ContinuousClock.now
        // Cut at multiples of four bytes, at which the mask begins anew.
        while let piece = data.readSlice(length: min(data.readableBytes, services.limits.turnBytes)),
            piece.readableBytes > 0
        {
            add(byteCount: piece.readableBytes) { hearing, services throws(ServerFault) in
                services.metrics.waited(.now - arrival)
                var piece = piece
                if let mask { piece.webSocketUnmask(mask) }
                var lines: [String] = []
                try hearing.stream?.push(piece) { lines.append($0.text) }
                return lines
            }
        }
        checkRoom()
    }

    private func addThresholds(_ message: ListenMessage) {
        add { hearing, _ throws(ServerFault) in
            try hearing.stream?.setThresholds(message.threshold, of: message.thresholds)
            return []
        }
    }

    /// Ends the stream.
    ///
    /// - Parameter code: closes the connection with it; nil leaves it open for the next stream.
    private func addEnd(closing code: WebSocketErrorCode?) {
        add { hearing, _ throws(ServerFault) in
            guard let stream = hearing.stream else { return [] }
            hearing.stream = nil
            var lines: [String] = []
            do throws(ServerFault) {
                try stream.finish { lines.append($0.text) }
            } catch {
                // All that was heard is told before that.
                lines.append(lineText(FaultLine(error)))
            }
            return lines + [lineText(FinishedLine(seconds: stream.seconds))]
        }
        guard let code, let link else { return }
        lane?.add { link.run { handler, context in handler.close(code, context) } }
    }

    /// Adds a piece, whose lines are sent, and whose fault ends the connection.
    private func add(
        byteCount: Int = 0,
        _ body: @escaping @Sendable (Hearing, Services) throws(ServerFault) -> [String]
    ) {
        guard let link else { return }
        let (hearing, services) = (hearing, services)
        lane?.add(byteCount: byteCount) {
            guard !hearing.hasFailed else { return }
            do throws(ServerFault) {
                let lines = try body(hearing, services)
                guard !lines.isEmpty else { return }
                link.run { handler, context in handler.send(lines, context) }
            } catch {
                hearing.hasFailed = true
                let fault = error
                link.run { handler, context in handler.fail(fault, context) }
            }
        }
    }

    // MARK: What goes

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        checkWritability(context)
        context.fireChannelWritabilityChanged()
    }

    private func send(_ lines: [String], _ context: ChannelHandlerContext) {
        for line in lines {
            context.write(
                wrapOutboundOut(.init(fin: true, opcode: .text, data: ByteBuffer(string: line))), promise: nil
            )
        }
        context.flush()
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.init(fin: true, opcode: opcode, data: data)), promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength:
            fail(.messageTooLarge(limitBytes: services.limits.messageBytes), context)
        case NIOWebSocketError.fragmentedControlFrame:
            fail(.protocolError(reason: "a control frame is in fragments"), context)
        case NIOWebSocketError.multiByteControlFrameLength:
            fail(.protocolError(reason: "a control frame is longer than 125 bytes"), context)
        default:
            // The connection is lost.
            context.close(promise: nil)
        }
    }

    /// Says what is wrong, and closes.
    private func fail(_ fault: ServerFault, _ context: ChannelHandlerContext) {
        guard stage != .closing else { return }
        services.metrics.rejected(.webSocket, fault)
        send([lineText(FaultLine(fault))], context)
        close(fault.closeCode, context)
    }

    /// Sends a close frame, and gives the client a moment to answer it.
    private func close(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) {
        stage = .closing
        lane?.close()
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        write(.connectionClose, data, context)
        silence?.set(seconds: 2) { context.close(promise: nil) }
    }
}

extension ServerFault {
    /// The status of a WebSocket that is closed for it (RFC 6455, section 7.4.1).
    fileprivate var closeCode: WebSocketErrorCode {
        switch self {
        case .protocolError: .protocolError
        case .notText: .dataInconsistentWithMessage
        case .messageTooLarge: .messageTooLarge
        case .failed: .unexpectedServerError
        case .stopping: .goingAway
        default: .policyViolation
        }
    }
}
