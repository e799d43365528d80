import MynahAudio
import MynahRecognition
import NIOCore

/// A connection of Home Assistant or of a satellite: events of Wyoming come and go.
///
/// Events are judged on the event loop, samples are heard on the lane of the connection. What is wrong with an event is told
/// by an event `error`; only what cannot be taken apart closes the connection.
final class WyomingHandler: StreamHandler {
    static let transport = Transport.wyoming

    typealias InboundIn = WyomingEvent
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What the pieces of the lane share.
    private final class Hearing: @unchecked Sendable {
        /// One for each model whose words are asked for, and the names of the words.
        var streams: [(stream: ListeningStream, names: [String: String])] = []
        var hasDetected = false
        var startMilliseconds = 0
    }

    /// Sound that has begun.
    private struct Sound: Equatable {
        let rate: Int
        let width: Int
        let channels: Int
        var isRefused = false
    }

    let services: Services
    private let client: String
    private var names: [String]?
    private var sound: Sound?
    private var hasStream = false
    var gate = ReadGate()
    private let hearing = Hearing()
    private(set) var lane: WorkLane?
    private var link: HandlerLink<WyomingHandler>?
    private var silence: Deadline?
    private(set) var slowness: Deadline?
    private var isClosing = false
    private var listing: Int?

    /// Tells whether an event has begun, which has to end soon.
    private let decoder: WyomingDecoder
    private var isWithinEvent = true

    /// Serves a client, whose bytes a decoder takes apart.
    init(_ services: Services, client: String, decoder: WyomingDecoder) {
        self.services = services
        self.client = client
        self.decoder = decoder
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        let link = HandlerLink(self, context)
        self.link = link
        lane = makeLane(link)
        silence = Deadline(context.eventLoop)
        slowness = Deadline(context.eventLoop)
        listing = services.connections.add { link.run { handler, context in handler.stop(context) } }
        watchEvent(context)
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
        endStream()
    }

    func channelInactive(context: ChannelHandlerContext) {
        handlerRemoved(context: context)
        context.fireChannelInactive()
    }

    private func endStream() {
        if hasStream {
            services.admissions.closeStream(of: client)
            services.metrics.streamClosed(.wyoming)
        }
        hasStream = false
    }

    /// Ends the sound since the server ends: what has come is heard.
    private func stop(_ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        isClosing = true
        if sound != nil { addEnd() }
        guard let link else { return }
        lane?.add { link.run { handler, context in handler.close(with: .stopping, context) } }
    }

    // MARK: What comes

    func read(context: ChannelHandlerContext) { gate.read(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        let event = unwrapInboundIn(data)
        isWithinEvent = false
        do throws(ServerFault) {
            try take(event, context)
        } catch {
            services.metrics.rejected(.wyoming, error)
            send("error", WyomingFault(error), context)
        }
    }

    /// Whoever has begun an event has to end it soon; between two events there may be hours.
    func channelReadComplete(context: ChannelHandlerContext) {
        defer { context.fireChannelReadComplete() }
        guard !isClosing, !isWithinEvent else { return }
        isWithinEvent = decoder.isWithinEvent
        if isWithinEvent { watchEvent(context) } else { watchSilence(context) }
    }

    private func watchEvent(_ context: ChannelHandlerContext) {
        let limit = services.limits.messageSeconds
        silence?.set(seconds: limit) { [weak self] in
            guard let self else { return }
            // Whoever has to wait for the recognizer cannot be blamed.
            if gate.isOpen {
                fail(.tooSlow(what: "an event", limitSeconds: limit), context)
            } else {
                watchEvent(context)
            }
        }
    }

    private func watchSilence(_ context: ChannelHandlerContext) {
        silence?.set(seconds: services.limits.wyomingIdleSeconds) { [weak self] in
            self?.services.metrics.dropped(.wyoming, "idle")
            context.close(promise: nil)
        }
    }

    private func take(_ event: WyomingEvent, _ context: ChannelHandlerContext) throws(ServerFault) {
        switch event.type {
        case "describe": send("info", WyomingInfo(WakeWord.all(services.shelf)), context)
        case "ping": send("pong", WyomingPong(text: event.data.text), context)
        case "detect":
            let known = WakeWord.all(services.shelf).map(\.name)
            for name in event.data.names ?? [] where !known.contains(name) {
                throw .unknownModel(name: name, available: known)
            }
            // Whoever asks for other words begins anew with the next chunk.
            if sound != nil, names != event.data.names { addEnd() }
            names = event.data.names
        case "audio-start":
            if sound != nil { addEnd() }
            try begin(event)
        case "audio-chunk":
            // Some clients leave out the start.
            if sound == nil { try begin(event) }
            try hear(event)
        case "audio-stop":
            guard sound != nil else { throw .protocolError(reason: "audio-stop without sound before it") }
            addEnd()
        default:
            // Events that are for others, or of a later version, pass.
            break
        }
    }

    private func begin(_ event: WyomingEvent) throws(ServerFault) {
        let data = event.data
        guard let rate = data.rate, let width = data.width, let channels = data.channels else {
            sound = Sound(rate: 0, width: 0, channels: 0, isRefused: true)
            throw .badMessage(reason: "\(event.type) needs 'rate', 'width' and 'channels'")
        }
        // What follows a start that was refused is passed over in silence.
        sound = Sound(rate: rate, width: width, channels: channels, isRefused: true)
        let encodings: [Int: SampleFormat.Encoding] = [
            1: .unsigned8, 2: .signed16, 3: .signed24, 4: .signed32,
        ]
        guard let encoding = encodings[width] else {
            throw .badMessage(reason: "'width' is \(width) bytes, expected 1 to 4")
        }
        if !hasStream {
            try services.admissions.openStream(of: client)
            hasStream = true
            services.metrics.streamOpened(.wyoming)
        }
        let request = ListeningRequest(
            format: SampleFormat(encoding: encoding, sampleRate: rate, channelCount: channels))
        let words = WakeWord.all(services.shelf).filter { names?.contains($0.name) ?? true }
        // Tried out here, so that the client is told before it sends more.
        do throws(AudioError) {
            _ = try SampleStream(request.format, sampleRate: 16_000, name: "sound")
        } catch {
            endStream()
            throw .audio(error)
        }
        sound?.isRefused = false
        let start = data.timestamp ?? 0
        add { hearing, services throws(ServerFault) in
            hearing.hasDetected = false
            hearing.startMilliseconds = start
            hearing.streams = []
            for (_, words) in Dictionary(grouping: words, by: \.entry.name).sorted(by: { $0.key < $1.key }) {
                let stream = try ListeningStream(
                    request, entry: words[0].entry, intents: nil, metrics: services.metrics)
                hearing.streams.append(
                    (stream, Dictionary(uniqueKeysWithValues: words.map { ($0.label, $0.name) })))
            }
            return []
        }
    }

    private func hear(_ event: WyomingEvent) throws(ServerFault) {
        guard let sound, !sound.isRefused else { return }
        let data = event.data
        guard
            (data.rate ?? sound.rate, data.width ?? sound.width, data.channels ?? sound.channels)
                == (sound.rate, sound.width, sound.channels)
        else {
            throw .badMessage(reason: "the chunk has another format than its start")
        }
        let arrival = ContinuousClock.now
        var payload = event.payload
        while let piece = payload.readSlice(length: min(payload.readableBytes, services.limits.turnBytes)),
            piece.readableBytes > 0
        {
            add(byteCount: piece.readableBytes) { hearing, services throws(ServerFault) in
                services.metrics.waited(.now - arrival)
                return try Self.tell(hearing) { stream, onEvent throws(ServerFault) in
                    try stream.push(piece, onEvent: onEvent)
                }
            }
        }
        checkRoom()
    }

    // MARK: The lane

    /// Lets all streams hear something; what they found, as events.
    private static func tell(
        _ hearing: Hearing,
        _ body: (ListeningStream, (ListeningEvent) -> Void) throws(ServerFault) -> Void
    ) throws(ServerFault) -> [ByteBuffer] {
        var events: [ByteBuffer] = []
        for (stream, names) in hearing.streams {
            try body(stream) { event in
                guard case .word(let line) = event, let name = names[line.word] else { return }
                hearing.hasDetected = true
                events.append(
                    wyomingBytes(
                        "detection",
                        WyomingDetection(line, name: name, startMilliseconds: hearing.startMilliseconds)))
            }
        }
        return events
    }

    private func addEnd() {
        let isRefused = sound?.isRefused ?? true
        sound = nil
        guard !isRefused else { return }
        add { hearing, _ throws(ServerFault) in
            var fault: ServerFault?
            var events = try Self.tell(hearing) { stream, onEvent in
                do throws(ServerFault) {
                    try stream.finish(onEvent: onEvent)
                } catch {
                    // What was heard is told all the same.
                    fault = error
                }
            }
            if let fault { events.append(wyomingBytes("error", WyomingFault(fault))) }
            if !hearing.hasDetected { events.append(wyomingBytes("not-detected", WyomingNothing())) }
            hearing.streams = []
            return events
        }
        guard let link else { return }
        lane?.add { link.run { handler, _ in if handler.sound == nil { handler.endStream() } } }
    }

    /// Adds a piece, whose events are sent, and whose fault ends the sound.
    private func add(
        byteCount: Int = 0,
        _ body: @escaping @Sendable (Hearing, Services) throws(ServerFault) -> [ByteBuffer]
    ) {
        guard let link else { return }
        let (hearing, services) = (hearing, services)
        lane?.add(byteCount: byteCount) {
            let events: [ByteBuffer]
            do throws(ServerFault) {
                events = try body(hearing, services)
            } catch {
                hearing.streams = []
                services.metrics.rejected(.wyoming, error)
                events = [wyomingBytes("error", WyomingFault(error))]
            }
            guard !events.isEmpty else { return }
            link.run { handler, context in handler.send(events, context) }
        }
    }

    // MARK: What goes

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        checkWritability(context)
        context.fireChannelWritabilityChanged()
    }

    private func send(_ type: String, _ data: some Encodable, _ context: ChannelHandlerContext) {
        send([wyomingBytes(type, data)], context)
    }

    private func send(_ events: [ByteBuffer], _ context: ChannelHandlerContext) {
        for event in events { context.write(wrapOutboundOut(event), promise: nil) }
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let fault = error as? ServerFault {
            fail(fault, context)
        } else {
            context.close(promise: nil)
        }
    }

    /// Says what is wrong, and closes.
    private func fail(_ fault: ServerFault, _ context: ChannelHandlerContext) {
        guard !isClosing else { return }
        services.metrics.rejected(.wyoming, fault)
        isClosing = true
        close(with: fault, context)
    }

    private func close(with fault: ServerFault, _ context: ChannelHandlerContext) {
        lane?.close()
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(wyomingBytes("error", WyomingFault(fault)))).whenComplete { _ in
            bound.value.close(promise: nil)
        }
    }
}
