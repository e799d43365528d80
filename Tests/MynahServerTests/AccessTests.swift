import Logging
import NIOHTTP1
import Testing

@testable import MynahServer

/// Who is served, and who is not.
struct AccessTests {
    private static let token = "a-token.of_32~characters+0123456"

    private func fault(_ rules: AccessRules, _ fields: HTTPHeaders, isOpen: Bool = false) -> ServerFault? {
        do throws(ServerFault) {
            try rules.check(
                HTTPRequestHead(version: .http1_1, method: .GET, uri: "/", headers: fields), isOpen: isOpen)
            return nil
        } catch {
            return error
        }
    }

    @Test func tokens() {
        let rules = AccessRules(token: Self.token)
        func fault(_ fields: HTTPHeaders, isOpen: Bool = false) -> ServerFault? {
            self.fault(rules, ["host": "localhost"] + fields, isOpen: isOpen)
        }
        #expect(fault([:]) == .unauthorized)
        #expect(fault([:], isOpen: true) == nil)
        #expect(fault(["authorization": "Bearer \(Self.token)"]) == nil)
        #expect(fault(["authorization": "bearer  \(Self.token)"]) == nil)
        #expect(fault(["authorization": "Bearer \(Self.token)x"]) == .unauthorized)
        #expect(fault(["authorization": "Bearer \(Self.token.dropLast())"]) == .unauthorized)
        #expect(fault(["authorization": "Bearer \(Self.token)\(Self.token)"]) == .unauthorized)
        #expect(fault(["authorization": "Bearer"]) == .unauthorized)
        #expect(fault(["authorization": Self.token]) == .unauthorized)
        #expect(fault(["sec-websocket-protocol": "mynah.v1, mynah.token.\(Self.token)"]) == nil)
        #expect(fault(["sec-websocket-protocol": "mynah.token.x"]) == .unauthorized)
        // "anybody:" and the token.
        #expect(
            fault(["authorization": "Basic YW55Ym9keTphLXRva2VuLm9mXzMyfmNoYXJhY3RlcnMrMDEyMzQ1Ng=="]) == nil)
        #expect(fault(["authorization": "Basic YW55Ym9keTphLXRva2Vu"]) == .unauthorized)
        #expect(fault(["authorization": "Basic ????"]) == .unauthorized)
        #expect(self.fault(AccessRules(), ["host": "localhost"]) == nil)
    }

    @Test func comparisonSeesEveryByte() {
        let token = Array(Self.token.utf8)
        #expect(AccessRules.isEqual(token, token))
        #expect(!AccessRules.isEqual([], token))
        for index in token.indices {
            var other = token
            other[index] ^= 1
            #expect(!AccessRules.isEqual(other, token))
        }
        // A difference of the lengths is seen even where it is a multiple of 256.
        #expect(!AccessRules.isEqual([UInt8](repeating: token[0], count: token.count + 256), token))
    }

    @Test func tokensThatCannotBeUsed() {
        #expect(AccessRules.fault(ofToken: Self.token) == nil)
        for token in [
            "", "short", String(repeating: "a", count: 257), Self.token + " ", Self.token + "/",
            Self.token + "ä",
        ] {
            #expect(AccessRules.fault(ofToken: token) != nil, "\(token)")
        }
    }

    /// A name on the web that points here is not this server, whatever page its owner shows.
    @Test(arguments: [
        ("localhost", true), ("LOCALHOST:8380", true), ("127.0.0.1:8380", true), ("[::1]:8380", true),
        ("192.168.1.5", true), ("mynah.example.org", true), ("a.localhost", true), ("evil.example", false),
        ("evil.example:8380", false), ("127.0.0.1.evil.example", false), ("", false), (":8380", false),
        ("[::1", false), ("localhost:99999", false), ("localhost:", false), ("127.1", false),
    ])
    func hosts(host: String, isOwn: Bool) {
        let rules = AccessRules(allowedHosts: ["mynah.example.org"])
        #expect((fault(rules, ["host": host]) == nil) == isOwn)
    }

    @Test(arguments: [
        ("http://localhost:8380", true), ("https://localhost:8380", true), ("https://app.example", true),
        ("http://localhost", false), ("http://localhost:8381", false), ("https://evil.example", false),
        ("null", false), ("file://", false), ("https://localhost:8380.evil.example", false), ("", false),
    ])
    func origins(origin: String, isWelcome: Bool) {
        let rules = AccessRules(allowedOrigins: ["https://app.example"])
        #expect((fault(rules, ["host": "localhost:8380", "origin": origin]) == nil) == isWelcome)
    }

    /// A browser asks whether a page of another site may; pages of sites that are not served are not told so.
    @Test func pagesOfOtherSites() throws {
        let server = try TestServer(
            access: AccessRules(token: Self.token, allowedOrigins: ["https://app.example"]))
        let ask = "Access-Control-Request-Method: POST"
        let welcome = try server.http().request(
            "OPTIONS", "/v1/recognize", fields: ["Origin: https://app.example", ask])
        #expect(welcome.status == 200)
        #expect(welcome.fields["access-control-allow-origin"] == "https://app.example")
        #expect(welcome.fields["access-control-allow-headers"]?.contains("authorization") == true)
        let answer = try server.http().request(
            "GET", "/v1/models",
            fields: ["Origin: https://app.example", "Authorization: Bearer \(Self.token)"])
        #expect(answer.status == 200)
        #expect(answer.fields["access-control-allow-origin"] == "https://app.example")
        let other = try server.http().request(
            "OPTIONS", "/v1/recognize", fields: ["Origin: https://evil.example", ask])
        #expect(other.status == 403)
        #expect(other.fields["access-control-allow-origin"] == nil)
    }

    @Test func base64() {
        #expect(Base64.decode("".utf8) == [])
        #expect(Base64.decode("Zg==".utf8) == Array("f".utf8))
        #expect(Base64.decode("Zm8=".utf8) == Array("fo".utf8))
        #expect(Base64.decode("Zm9v+/A=".utf8) == Array("foo".utf8) + [0xfb, 0xf0])
        for text in ["Z", "Zg=", "Z===", "====", "Zg==Zg==", "Zm 8", "Zm8\n"] {
            #expect(Base64.decode(text.utf8) == nil, "\(text)")
        }
    }

    /// Everything but `/health` needs the token, over the wire as well.
    @Test func everythingIsClosed() throws {
        let server = try TestServer(access: AccessRules(token: Self.token))
        #expect(try server.http().request("GET", "/health").status == 200)
        for target in [
            "/", "/metrics", "/openapi.json", "/v1/models", "/v1/models/commands/file", "/page.js",
            "/v1/listen", "/none",
        ] {
            let answer = try server.http().request("GET", target)
            #expect(answer.status == 401, "\(target)")
            #expect(answer.fields["www-authenticate"]?.contains("Basic") == true)
        }
        #expect(try server.http().request("POST", "/v1/recognize", body: [1]).status == 401)
        #expect(throws: WebSocketWire.Refused.self) { try server.webSocket() }
        let socket = try server.webSocket(
            fields: [
                "Sec-WebSocket-Protocol: mynah.v1, mynah.token.\(Self.token)", "Origin: http://127.0.0.1",
            ])
        #expect(socket.answer.fields["sec-websocket-protocol"] == "mynah.v1")
        #expect(
            try server.http().request("GET", "/", fields: ["Authorization: Bearer \(Self.token)"]).status
                == 200)
    }

    @Test func othersAreServedOnlyOnPurpose() throws {
        func fault(_ change: (inout ServerConfiguration) -> Void) throws -> ServerError? {
            var configuration = ServerConfiguration()
            configuration.port = 0
            configuration.wyomingPort = 0
            change(&configuration)
            let server = Server(
                configuration, shelf: try ModelShelf([.init(name: "commands", path: nil)]),
                logger: .init(label: "test") { _ in LineLogHandler(.text, level: .critical) })
            defer { server.stop() }
            do throws(ServerError) {
                _ = try server.start()
                return nil
            } catch {
                return error
            }
        }
        #expect(try fault { $0.host = "0.0.0.0" } == .openToOthers(address: "0.0.0.0:0"))
        #expect(try fault { $0.host = "::" } == .openToOthers(address: ":::0"))
        #expect(try fault { $0.wyomingHost = "0.0.0.0" } == .wyomingOpenToOthers(address: "0.0.0.0:0"))
        #expect(
            try fault {
                $0.wyomingHost = "0.0.0.0"
                $0.access = AccessRules(token: Self.token)
            } == .wyomingOpenToOthers(address: "0.0.0.0:0"))
        #expect(
            try fault {
                $0.host = "0.0.0.0"
                $0.access = AccessRules(token: Self.token)
            } == nil)
        #expect(
            try fault {
                $0.wyomingHost = "0.0.0.0"
                $0.host = "0.0.0.0"
                $0.isInsecure = true
            } == nil)
        let isTaken = try fault {
            $0.host = "203.0.113.1"
            $0.isInsecure = true
        }
        guard case .cannotListen = isTaken else {
            Issue.record("\(String(describing: isTaken))")
            return
        }
    }
}

extension HTTPHeaders {
    fileprivate static func + (first: HTTPHeaders, second: HTTPHeaders) -> HTTPHeaders {
        var sum = first
        sum.add(contentsOf: second)
        return sum
    }
}
