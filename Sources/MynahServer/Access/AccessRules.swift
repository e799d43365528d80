import Glibc
import MynahBase
import NIOHTTP1

/// Who may ask: whoever has the token, under a name of this server, and from no page of another site.
package struct AccessRules: Sendable {
    /// Lengths and characters of a token: those that a header and a protocol name of a WebSocket can both hold.
    package static let tokenLengths = 16...256

    /// The protocol of the WebSocket, and what stands before the token in another one.
    static let webSocketProtocol = "mynah.v1"
    private static let webSocketTokenPrefix = "mynah.token."

    private let token: [UInt8]?
    private let allowedHosts: Set<String>
    private let allowedOrigins: Set<String>

    /// Whether a token is asked for.
    package var asksForToken: Bool { token != nil }

    /// Sets the rules.
    ///
    /// - Parameters:
    ///   - token: nil where everybody is served.
    ///   - allowedHosts: names of this server, beside its addresses, `localhost` and the name of the machine.
    ///   - allowedOrigins: other sites whose pages are served, as `https://example.org`.
    package init(token: String? = nil, allowedHosts: [String] = [], allowedOrigins: [String] = []) {
        self.token = token.map { Array($0.utf8) }
        var names: Set = ["localhost"]
        var name = [CChar](repeating: 0, count: 256)
        if gethostname(&name, name.count - 1) == 0 {
            let name = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                .lowercased()
            names.formUnion([name, name + ".local"])
        }
        self.allowedHosts = names.union(allowedHosts.map { $0.lowercased() })
        self.allowedOrigins = Set(allowedOrigins.map { $0.lowercased() })
    }

    /// What is wrong with a token; nil if it can be used.
    package static func fault(ofToken token: String) -> String? {
        guard tokenLengths.contains(token.utf8.count) else {
            return
                "the token has \(token.utf8.count) characters, expected \(tokenLengths.lowerBound) to \(tokenLengths.upperBound)"
        }
        let isUsable = token.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~+".utf8.contains(byte)
            }
        }
        return isUsable ? nil : "the token may have letters, digits and -._~+ only"
    }

    /// Checks the head of a request.
    ///
    /// - Throws: ``ServerFault/wrongHost(host:)``, ``ServerFault/wrongOrigin(origin:)``, ``ServerFault/unauthorized``.
    func check(_ head: HTTPRequestHead, isOpen: Bool) throws(ServerFault) {
        let hosts = head.headers["host"]
        guard hosts.count <= 1 else {
            throw .protocolError(reason: "the request has \(hosts.count) Host fields")
        }
        guard let host = hosts.first ?? (head.version == .http1_0 ? "localhost" : nil) else {
            throw .protocolError(reason: "the request has no Host field")
        }
        guard let name = Self.name(ofAuthority: host), isOwn(name) else { throw .wrongHost(host: host) }
        // A browser that asks for a page, or shows an image of it, sends none.
        if let origin = head.headers.first(name: "origin"), !isWelcome(origin, host: host) {
            throw .wrongOrigin(origin: origin)
        }
        guard isOpen || isAuthorized(head.headers) else { throw .unauthorized }
    }

    /// Whether a host is this one.
    ///
    /// An address cannot be taken over by whoever owns a name (DNS rebinding).
    private func isOwn(_ name: String) -> Bool {
        if allowedHosts.contains(name) || name.hasSuffix(".localhost") { return true }
        var address = in6_addr()
        return inet_pton(AF_INET, name, &address) == 1 || inet_pton(AF_INET6, name, &address) == 1
    }

    /// The other site whose page asks, if it is one of those that are served: its browser wants to be told so (the Fetch
    /// standard, section 3.2).
    func otherSite(_ headers: HTTPHeaders) -> String? {
        guard let origin = headers.first(name: "origin"), allowedOrigins.contains(origin.lowercased()) else {
            return nil
        }
        return origin
    }

    private func isWelcome(_ origin: String, host: String) -> Bool {
        let origin = origin.lowercased()
        if allowedOrigins.contains(origin) { return true }
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            return origin.dropFirst(scheme.count) == host.lowercased()
        }
        return false
    }

    /// The name within `name:port` or `[address]:port`, in lower case; nil where that is neither.
    static func name(ofAuthority authority: String) -> String? {
        let text = authority.lowercased()
        let (name, rest): (Substring, Substring)
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            name = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        } else {
            name = text.prefix { $0 != ":" }
            rest = text.dropFirst(name.count)
        }
        guard !name.isEmpty, rest.isEmpty || (rest.first == ":" && UInt16(rest.dropFirst()) != nil) else {
            return nil
        }
        return String(name)
    }

    private func isAuthorized(_ headers: HTTPHeaders) -> Bool {
        guard let token else { return true }
        var isRight = false
        for field in headers["authorization"] {
            let parts = field.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
            guard parts.count == 2 else { continue }
            let credentials = parts[1].drop { $0 == " " }
            switch parts[0].lowercased() {
            case "bearer": isRight = Self.isEqual(Array(credentials.utf8), token) || isRight
            case "basic":
                // The name of the user does not matter.
                guard let pair = Base64.decode(credentials.utf8),
                    let colon = pair.firstIndex(of: UInt8(ascii: ":"))
                else { continue }
                isRight = Self.isEqual(Array(pair[(colon + 1)...]), token) || isRight
            default: continue
            }
        }
        // A page cannot add a header to the request for a WebSocket, but it can name protocols.
        for name in headers[canonicalForm: "sec-websocket-protocol"]
        where name.hasPrefix(Self.webSocketTokenPrefix) {
            isRight =
                Self.isEqual(Array(name.dropFirst(Self.webSocketTokenPrefix.count).utf8), token) || isRight
        }
        return isRight
    }

    /// Compares in a time that depends on the length of what was sent alone.
    static func isEqual(_ sent: [UInt8], _ token: [UInt8]) -> Bool {
        var difference = sent.count ^ token.count
        for (index, byte) in sent.enumerated() { difference |= Int(byte ^ token[index % token.count]) }
        return difference == 0
    }
}

/// Base64 with its padding (RFC 4648), as user and password come in.
enum Base64 {
    /// The bytes; nil for what is no Base64.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count.isMultiple(of: 4), text.count <= 1 << 10 else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for character in text {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            case UInt8(ascii: "="):
                padding += 1
                value = 0
            default: return nil
            }
            guard padding == 0 || character == UInt8(ascii: "=") else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 1
            if count.isMultiple(of: 4) {
                bytes += [
                    UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 8),
                    UInt8(truncatingIfNeeded: bits),
                ]
                bits = 0
            }
        }
        guard padding <= 2 else { return nil }
        return bytes.dropLast(padding)
    }
}
