import MynahRecognition
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The requests of one connection, one after another.
final class HTTPHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// Bytes of a body that nobody asked for, and seconds for it, before the connection is closed.
    private static let needlessBytes = 64 << 10
    private static let lingeringSeconds = 2.0

    /// Bytes of an answer that are handed to the system at once.
    private static let sliceBytes = 64 << 10

    /// Seconds in which a body has to make progress, and the least that is one.
    private static let progressSeconds = 10.0
    private static let progressBytes = 4 << 10

    private struct Request {
        let head: HTTPRequestHead
        let route: Route
        let action: Action
        let start = ContinuousClock.now
        var byteCount = 0
        var checkedByteCount = 0
    }

    /// What is done when a request has come whole.
    private enum Action: Sendable {
        case answer
        case recognize(Upload, RecognitionParameters)
        case detect(Upload, DetectionParameters, writesLines: Bool)
        case list(TaughtWords)
        case teach(Upload, TeachingParameters, TaughtWords)
        case forget(String, TaughtWords)

        var upload: Upload? {
            switch self {
            case .answer, .list, .forget: nil
            case .recognize(let upload, _), .detect(let upload, _, _), .teach(let upload, _, _): upload
            }
        }

        /// Whether a model is learnt anew.
        var changesWords: Bool {
            switch self {
            case .teach, .forget: true
            case .answer, .recognize, .detect, .list: false
            }
        }
    }

    private enum State {
        case waiting
        case receiving(Request)
        case working(Request)
        /// Answered; what still comes of the body is thrown away.
        case answered(closes: Bool)
        case closed
    }

    /// Why a WebSocket was refused before its request came here.
    private var upgradeFault: ServerFault?

    /// Whether a stream was admitted for a WebSocket that this connection is about to become.
    private var hasStream = false
    private var client = ""

    private let services: Services
    private var state = State.waiting
    private var gate = ReadGate()
    private var deadline: Deadline?
    private var lane: WorkLane?
    private var hasUpload = false
    private var listing: Int?
    private var isStopping = false

    init(_ services: Services) {
        self.services = services
    }

    // MARK: Beginning and end

    func handlerAdded(context: ChannelHandlerContext) {
        deadline = Deadline(context.eventLoop)
        let (handler, context) = (
            NIOLoopBound(self, eventLoop: context.eventLoop),
            NIOLoopBound(context, eventLoop: context.eventLoop)
        )
        let eventLoop = context.value.eventLoop
        listing = services.connections.add { eventLoop.execute { handler.value.stop(context.value) } }
        let limit = services.limits.messageSeconds
        deadline?.set(seconds: limit) { [weak self] in
            self?.refuse(.tooSlow(what: "the first request", limitSeconds: limit), context.value)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        guard let listing else { return }
        self.listing = nil
        services.connections.remove(listing)
        state = .closed
        deadline?.clear()
        endUpload()
        if hasStream { services.admissions.closeStream(of: client) }
        hasStream = false
    }

    func channelInactive(context: ChannelHandlerContext) {
        handlerRemoved(context: context)
        context.fireChannelInactive()
    }

    /// What is at work is answered, and then the connection is closed.
    private func stop(_ context: ChannelHandlerContext) {
        isStopping = true
        switch state {
        case .waiting: context.close(promise: nil)
        case .receiving(let request): refuse(.stopping, of: request, context)
        case .working, .answered, .closed: break
        }
    }

    // MARK: WebSockets

    /// Decides whether a request for a WebSocket is granted; if it is not, it comes here as any other, and is refused.
    ///
    /// - Returns: fields of the answer; nil where it is refused.
    func admitWebSocket(_ head: HTTPRequestHead, client: String) -> HTTPHeaders? {
        do throws(ServerFault) {
            let target = try RequestTarget(head.uri)
            try services.access.check(head, isOpen: false)
            let route = try Route(path: target.path)
            guard route == .listen else { return nil }
            try route.check(head.method)
            try Parameters(target).checkNoneLeft()
            try services.admissions.openStream(of: client)
            hasStream = true
            self.client = client
            let offered = head.headers[canonicalForm: "sec-websocket-protocol"]
            return offered.contains(AccessRules.webSocketProtocol[...])
                ? ["sec-websocket-protocol": AccessRules.webSocketProtocol] : [:]
        } catch {
            upgradeFault = error
            return nil
        }
    }

    /// The handler that takes over, with the stream that was admitted.
    func makeWebSocketHandler() -> WebSocketHandler {
        precondition(hasStream, "a WebSocket that was not admitted")
        hasStream = false
        return WebSocketHandler(services, client: client)
    }

    private func endUpload() {
        lane?.close()
        lane = nil
        if hasUpload { services.admissions.closeUpload() }
        hasUpload = false
    }

    // MARK: What comes

    func read(context: ChannelHandlerContext) { gate.read(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let bytes): take(bytes, context)
        case .end: end(context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard case .waiting = state else { return }
        deadline?.clear()
        if head.method == .OPTIONS, head.headers.contains(name: "access-control-request-method"),
            services.access.otherSite(head.headers) != nil
        {
            return answer(.preflight, to: head, isWhole: true, context)
        }
        do {
            let request = try check(head, context)
            state = .receiving(request)
            if request.action.upload != nil { watchProgress(context) }
            if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))),
                    promise: nil)
            }
        } catch {
            let hasBody =
                head.headers.contains(name: "transfer-encoding")
                || (head.headers.first(name: "content-length") ?? "0") != "0"
            services.metrics.rejected(.http, error)
            answer(.fault(error), to: head, isWhole: !hasBody, context)
            services.metrics.answered(route: "refused", status: error.status.code, in: .zero)
        }
    }

    private func check(
        _ head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) throws(ServerFault) -> Request {
        let target = try RequestTarget(head.uri)
        let path = try? Route(path: target.path)
        try services.access.check(head, isOpen: path?.isOpen ?? false)
        let route = try Route(path: target.path)
        try route.check(head.method)
        if route == .listen {
            throw upgradeFault ?? .upgradeRequired
        }
        let action = try action(route, target, head)
        if case .answer = action { return Request(head: head, route: route, action: action) }
        try services.admissions.openUpload()
        hasUpload = true
        let (handler, bound) = (
            NIOLoopBound(self, eventLoop: context.eventLoop),
            NIOLoopBound(context, eventLoop: context.eventLoop)
        )
        let eventLoop = context.eventLoop
        lane = WorkLane(
            resumingBytes: services.limits.resumingBytes,
            start: action.changesWords ? services.startTeaching : services.startUpload
        ) {
            eventLoop.execute {
                handler.value.gate.isLaneFull = false
                handler.value.gate.makeUp(bound.value)
            }
        }
        return Request(head: head, route: route, action: action)
    }

    /// What is to be done, of which all is checked that can be before a body comes.
    private func action(
        _ route: Route, _ target: RequestTarget, _ head: HTTPRequestHead
    ) throws(ServerFault) -> Action {
        switch route {
        case .recognize:
            try checkSound(head)
            let parameters = try RecognitionParameters(target)
            _ = try services.shelf.entry(parameters.sound.model)
            return .recognize(Upload(), parameters)
        case .detect:
            try checkSound(head)
            let parameters = try DetectionParameters(target)
            let entry = try services.shelf.entry(parameters.sound.model)
            guard entry.model.canStream else { throw .cannotStream(model: entry.name) }
            if parameters.wantsIntents, services.intents == nil { throw .noIntents }
            _ = try ListeningStream.settings(
                of: entry, threshold: parameters.threshold, thresholds: parameters.thresholds)
            let accepted = head.headers[canonicalForm: "accept"].map { $0.prefix { $0 != ";" } }
            return .detect(Upload(), parameters, writesLines: accepted.contains("application/x-ndjson"))
        case .words(let model):
            try Parameters(target).checkNoneLeft()
            return .list(try TaughtWords(of: model, services))
        case .word(let word, let model):
            if head.method == .DELETE {
                try Parameters(target).checkNoneLeft()
                return .forget(word, try TaughtWords(of: model, services))
            }
            try checkSound(head)
            return .teach(
                Upload(), try TeachingParameters(target, word: word), try TaughtWords(of: model, services))
        case .health, .metrics, .openAPI, .page, .models, .model, .modelFile, .listen:
            try Parameters(target).checkNoneLeft()
            return .answer
        }
    }

    /// Refuses a body that is compressed, or says of itself that it is too long.
    private func checkSound(_ head: HTTPRequestHead) throws(ServerFault) {
        if let encoding = head.headers.first(name: "content-encoding"), encoding.lowercased() != "identity" {
            throw .encodedBody(encoding: encoding)
        }
        let limit = services.limits.uploadBytes
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }), length > limit {
            throw .uploadTooLarge(limitBytes: limit)
        }
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard case .receiving(var request) = state else { return }
        request.byteCount += bytes.readableBytes
        state = .receiving(request)
        guard let upload = request.action.upload else {
            if request.byteCount > Self.needlessBytes {
                refuse(.uploadTooLarge(limitBytes: Self.needlessBytes), of: request, context)
            }
            return
        }
        guard request.byteCount <= services.limits.uploadBytes else {
            return refuse(.uploadTooLarge(limitBytes: services.limits.uploadBytes), of: request, context)
        }
        work(byteCount: bytes.readableBytes, context) { () throws(ServerFault) in
            try upload.append(bytes)
            return nil
        }
        if lane?.hasRoom(below: services.limits.waitingBytes) == false { gate.isLaneFull = true }
    }

    /// A body that hardly moves keeps a file open and a place taken.
    private func watchProgress(_ context: ChannelHandlerContext) {
        deadline?.set(seconds: Self.progressSeconds) { [weak self] in
            guard let self, case .receiving(var request) = state else { return }
            guard gate.isLaneFull || request.byteCount - request.checkedByteCount >= Self.progressBytes else {
                return refuse(
                    .tooSlow(
                        what: "\(Self.progressBytes) bytes of the body", limitSeconds: Self.progressSeconds),
                    of: request, context)
            }
            request.checkedByteCount = request.byteCount
            state = .receiving(request)
            watchProgress(context)
        }
    }

    private func end(_ context: ChannelHandlerContext) {
        switch state {
        case .receiving(let request): finish(request, context)
        case .answered(let closes): if closes { context.close(promise: nil) }
        case .waiting, .working, .closed: break
        }
    }

    private func finish(_ request: Request, _ context: ChannelHandlerContext) {
        deadline?.clear()
        state = .working(request)
        let services = services
        switch request.action {
        case .answer:
            do throws(ServerFault) {
                answer(try Response.answer(request.route, services), to: request, context)
            } catch {
                services.metrics.rejected(.http, error)
                answer(.fault(error), to: request, context)
            }
        case .recognize(let upload, let parameters):
            work(context) { () throws(ServerFault) in try upload.recognize(parameters, services) }
        case .list(let words):
            work(context) { () throws(ServerFault) in try words.list() }
        case .teach(let upload, let parameters, let words):
            work(context) { () throws(ServerFault) in
                try words.teach(parameters.word, upload, learns: parameters.learns)
            }
        case .forget(let word, let words):
            work(context) { () throws(ServerFault) in try words.forget(word) }
        case .detect(let upload, let parameters, let writesLines):
            guard let lane else { return }
            let reply = reply(context)
            work(context) { () throws(ServerFault) in
                let detecting = try Detecting(upload, parameters, services, writesLines: writesLines)
                Self.goOn(detecting, lane, reply)
                return nil
            }
        }
    }

    // MARK: Work

    private typealias Reply = @Sendable (Result<Response, ServerFault>) -> Void

    /// Adds a piece of work, whose answer or fault, if it has one, ends the request.
    private func work(
        byteCount: Int = 0, _ context: ChannelHandlerContext,
        _ body: @escaping @Sendable () throws(ServerFault) -> Response?
    ) {
        let reply = reply(context)
        lane?.add(byteCount: byteCount) {
            do throws(ServerFault) {
                if let response = try body() { reply(.success(response)) }
            } catch {
                reply(.failure(error))
            }
        }
    }

    /// Hears a recording block by block, so that others have their turn.
    private static func goOn(_ detecting: Detecting, _ lane: WorkLane, _ reply: @escaping Reply) {
        lane.add {
            do throws(ServerFault) {
                if let response = try detecting.goOn() {
                    reply(.success(response))
                } else {
                    goOn(detecting, lane, reply)
                }
            } catch {
                reply(.failure(error))
            }
        }
    }

    /// The way back from the lane to the event loop.
    private func reply(_ context: ChannelHandlerContext) -> Reply {
        let eventLoop = context.eventLoop
        let (handler, context) = (
            NIOLoopBound(self, eventLoop: eventLoop), NIOLoopBound(context, eventLoop: eventLoop)
        )
        let request = currentRequest
        return { result in
            eventLoop.execute {
                guard let request else { return }
                switch result {
                case .success(let response): handler.value.answer(response, to: request, context.value)
                case .failure(let fault): handler.value.refuse(fault, of: request, context.value)
                }
            }
        }
    }

    private var currentRequest: Request? {
        switch state {
        case .receiving(let request), .working(let request): request
        case .waiting, .answered, .closed: nil
        }
    }

    // MARK: What goes

    /// Refuses a request that has not begun.
    private func refuse(_ fault: ServerFault, _ context: ChannelHandlerContext) {
        guard case .waiting = state else { return }
        services.metrics.dropped(.http, fault.code)
        state = .answered(closes: true)
        // Behind the handlers that keep requests and answers together, since there is no request.
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
        (encoder ?? context).writeAndFlush(NIOAny(Response.fault(fault).bytesOfClosing)).whenComplete { _ in
            bound.value.close(promise: nil)
        }
    }

    private func refuse(_ fault: ServerFault, of request: Request, _ context: ChannelHandlerContext) {
        services.metrics.rejected(.http, fault)
        answer(.fault(fault), to: request, context)
    }

    private func answer(_ response: Response, to request: Request, _ context: ChannelHandlerContext) {
        let isWhole: Bool
        switch state {
        case .receiving: isWhole = false
        case .working: isWhole = true
        case .waiting, .answered, .closed: return
        }
        services.metrics.answered(
            route: request.route.name, status: response.status.code, in: .now - request.start)
        answer(response, to: request.head, isWhole: isWhole, context)
    }

    /// Writes an answer, in slices whose arrival is watched.
    ///
    /// - Parameter isWhole: whether all of the request has come; what else comes is thrown away, for a moment, so that the
    ///   client can read the answer before the connection is closed.
    private func answer(
        _ response: Response, to head: HTTPRequestHead, isWhole: Bool, _ context: ChannelHandlerContext
    ) {
        endUpload()
        let closes = !head.isKeepAlive || !isWhole || isStopping
        var headers = response.headers
        if closes { headers.add(name: "connection", value: "close") }
        if let site = services.access.otherSite(head.headers) {
            headers.add(name: "access-control-allow-origin", value: site)
            headers.add(name: "vary", value: "origin")
        }
        state = .answered(closes: closes)
        context.write(
            wrapOutboundOut(
                .head(HTTPResponseHead(version: head.version, status: response.status, headers: headers))),
            promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        watchReader(context)
        var body = response.body
        while head.method != .HEAD, body.readableBytes > 0,
            let slice = body.readSlice(length: min(body.readableBytes, Self.sliceBytes))
        {
            context.write(wrapOutboundOut(.body(.byteBuffer(slice)))).whenSuccess {
                handler.value.watchReader(bound.value)
            }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            handler.value.hasWritten(isWhole: isWhole, closes: closes, bound.value)
        }
        gate.isLaneFull = false
        gate.makeUp(context)
    }

    private func watchReader(_ context: ChannelHandlerContext) {
        deadline?.set(seconds: services.limits.slowReaderSeconds) { [weak self] in
            self?.services.metrics.dropped(.http, "slow-reader")
            context.close(promise: nil)
        }
    }

    private func hasWritten(isWhole: Bool, closes: Bool, _ context: ChannelHandlerContext) {
        guard case .answered = state else { return }
        if !isWhole {
            // The rest of the body may still be on its way.
            deadline?.set(seconds: Self.lingeringSeconds) { context.close(promise: nil) }
        } else if closes {
            context.close(promise: nil)
        } else {
            waitForNext(context)
        }
    }

    private func waitForNext(_ context: ChannelHandlerContext) {
        guard !isStopping else { return context.close(promise: nil) }
        state = .waiting
        deadline?.set(seconds: services.limits.idleSeconds) { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is NIOWebSocketUpgradeError: upgradeFault = upgradeFault ?? .upgradeRequired
        case is HTTPParserError:
            // Answered by the handler of protocol errors, which closes.
            services.metrics.rejected(.http, .protocolError(reason: "\(error)"))
            context.close(promise: nil)
        default: context.close(promise: nil)
        }
    }
}
