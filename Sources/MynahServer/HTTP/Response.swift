import MynahModel
import NIOCore
import NIOHTTP1

/// An answer.
struct Response: Sendable {
    var status = HTTPResponseStatus.ok
    var type: String
    var fields: [(name: String, value: String)] = []
    var body: ByteBuffer

    /// A value as JSON, on a line.
    static func json(_ value: some Encodable) -> Response {
        Response(type: "application/json", body: ByteBuffer(string: lineText(value) + "\n"))
    }

    /// Values as JSON, each on a line (https://github.com/ndjson/ndjson-spec).
    static func lines(_ lines: [String]) -> Response {
        Response(
            type: "application/x-ndjson", body: ByteBuffer(string: lines.map { $0 + "\n" }.joined()))
    }

    /// What a browser wants to know before a page of another site, which is served, may send a sound or a token.
    static let preflight = Response(
        type: "text/plain",
        fields: [
            ("access-control-allow-methods", "GET, POST, DELETE"),
            ("access-control-allow-headers", "authorization, content-type, accept"),
            ("access-control-max-age", "600"),
        ], body: ByteBuffer())

    /// Why something is refused.
    static func fault(_ fault: ServerFault) -> Response {
        var response = Response.json(FaultLine(fault))
        response.status = fault.status
        switch fault {
        case .unauthorized:
            response.fields = [
                ("www-authenticate", "Bearer realm=\"mynah\""),
                ("www-authenticate", "Basic realm=\"mynah\", charset=\"UTF-8\""),
            ]
        case .wrongMethod(_, let allowed): response.fields = [("allow", allowed)]
        case .upgradeRequired:
            response.fields = [("upgrade", "websocket"), ("sec-websocket-version", "13")]
        case .tooManyConnections, .tooManyStreams, .tooManyStreamsOfClient, .tooManyUploads, .wordsInUse,
            .stopping:
            response.fields = [("retry-after", "5")]
        default: break
        }
        return response
    }

    /// The whole answer as it is sent by a connection that is closed then, without a request that it belongs to.
    var bytesOfClosing: ByteBuffer {
        var bytes = ByteBuffer(
            string: "HTTP/1.1 \(status.code) \(status.reasonPhrase)\r\nconnection: close\r\n")
        for field in headers { bytes.writeString("\(field.name): \(field.value)\r\n") }
        bytes.writeString("\r\n")
        bytes.writeImmutableBuffer(body)
        return bytes
    }

    /// The head of the answer, of all fields but those about the connection.
    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        headers.add(name: "content-type", value: type)
        headers.add(name: "content-length", value: "\(body.readableBytes)")
        headers.add(name: "cache-control", value: "no-cache")
        headers.add(name: "x-content-type-options", value: "nosniff")
        for (name, value) in fields { headers.add(name: name, value: value) }
        return headers
    }
}

extension Response {
    /// What the page may do: run its own scripts, talk to its own server, and nothing else; nobody may frame it.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; \
        connect-src 'self'; media-src 'self' blob:; worker-src 'self'; base-uri 'none'; form-action 'none'; \
        frame-ancestors 'none'
        """

    /// Answers what can be answered at once: all routes but those that take a sound or look at recordings.
    static func answer(_ route: Route, _ services: Services) throws(ServerFault) -> Response {
        switch route {
        case .health:
            if services.admissions.isStopping { throw .stopping }
            return .json(HealthLine(streams: services.admissions.streamCount))
        case .metrics:
            return Response(
                type: "text/plain; version=0.0.4; charset=utf-8",
                body: ByteBuffer(string: services.registry.text))
        case .openAPI:
            return Response(type: "application/json", body: PageFile.openAPI)
        case .page(let file):
            var response = Response(type: file.type, body: file.bytes)
            response.fields = [
                ("content-security-policy", policy), ("referrer-policy", "no-referrer"),
                ("permissions-policy", "microphone=(self), camera=(), geolocation=()"),
            ]
            return response
        case .models:
            let entries = services.shelf.all
            return .json(
                ModelsLine(
                    models: entries.enumerated().map { ModelLine($1, isDefault: $0 == 0) },
                    intents: services.intents != nil))
        case .model(let name):
            let entry = try services.shelf.entry(name)
            return .json(ModelLine(entry, isDefault: services.shelf.all.first?.name == name))
        case .modelFile(let name):
            let entry = try services.shelf.entry(name)
            var response = Response(
                type: "application/octet-stream", body: ByteBuffer(bytes: entry.model.fileBytes))
            response.fields = [
                ("content-disposition", "attachment; filename=\"\(entry.name).safetensors\"")
            ]
            return response
        case .listen: throw .upgradeRequired
        case .recognize, .detect, .words, .word:
            preconditionFailure("\(route.name) is answered by a piece of work")
        }
    }
}

private struct HealthLine: Encodable {
    var status = "ok"
    let streams: Int
}

private struct ModelsLine: Encodable {
    let models: [ModelLine]

    /// Whether intents can be asked for.
    let intents: Bool
}
