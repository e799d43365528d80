import NIOHTTP1

/// What an address stands for.
enum Route: Equatable, Sendable {
    case health
    case metrics
    case openAPI
    case page(PageFile)
    case models
    case model(String)
    case modelFile(String)
    case words(of: String)
    case word(String, of: String)
    case recognize
    case detect
    case listen

    /// Finds the route of a path.
    init(path: String) throws(ServerFault) {
        switch path {
        case "/health": self = .health
        case "/metrics": self = .metrics
        case "/openapi.json": self = .openAPI
        case "/v1/models": self = .models
        case "/v1/recognize": self = .recognize
        case "/v1/detect": self = .detect
        case "/v1/listen": self = .listen
        default:
            if let file = PageFile(path: path) {
                self = .page(file)
            } else {
                self = try Self.ofModel(path)
            }
        }
    }

    /// The route of a path that names a model.
    private static func ofModel(_ path: String) throws(ServerFault) -> Route {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        guard parts.count >= 3, parts.starts(with: ["v1", "models"]) else { throw .notFound(path: path) }
        let name = String(parts[parts.startIndex + 2])
        let rest = parts.dropFirst(3)
        switch (rest.first, rest.count) {
        case (nil, _): return .model(name)
        case ("file", 1): return .modelFile(name)
        case ("words", 1): return .words(of: name)
        // A word with a slash is refused as a word.
        case ("words", _): return .word(rest.dropFirst().joined(separator: "/"), of: name)
        default: throw .notFound(path: path)
        }
    }

    /// The address as a pattern, for metrics.
    var name: String {
        switch self {
        case .health: "/health"
        case .metrics: "/metrics"
        case .openAPI: "/openapi.json"
        case .page: "/"
        case .models: "/v1/models"
        case .model: "/v1/models/{name}"
        case .modelFile: "/v1/models/{name}/file"
        case .words: "/v1/models/{name}/words"
        case .word: "/v1/models/{name}/words/{word}"
        case .recognize: "/v1/recognize"
        case .detect: "/v1/detect"
        case .listen: "/v1/listen"
        }
    }

    /// Whether everybody may ask.
    var isOpen: Bool { self == .health }

    /// Refuses methods that are not meant here.
    func check(_ method: HTTPMethod) throws(ServerFault) {
        guard methods.contains(method) else {
            let allowed = methods.map(\.rawValue).joined(separator: ", ")
            throw .wrongMethod(method: method.rawValue, allowed: allowed)
        }
    }

    private var methods: [HTTPMethod] {
        switch self {
        case .recognize, .detect: [.POST]
        case .word: [.POST, .DELETE]
        default: [.GET, .HEAD]
        }
    }
}
