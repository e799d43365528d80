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
            let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
            if let file = PageFile(path: path) {
                self = .page(file)
            } else if parts.count == 3, parts.starts(with: ["v1", "models"]), let name = parts.last {
                self = .model(String(name))
            } else if parts.count == 4, parts.starts(with: ["v1", "models"]), parts.last == "file" {
                self = .modelFile(String(parts[parts.startIndex + 2]))
            } else {
                throw .notFound(path: path)
            }
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
        case .recognize: "/v1/recognize"
        case .detect: "/v1/detect"
        case .listen: "/v1/listen"
        }
    }

    /// Whether the body of a request is a sound.
    var takesSound: Bool { self == .recognize || self == .detect }

    /// Whether everybody may ask.
    var isOpen: Bool { self == .health }

    /// Refuses methods that are not meant here.
    func check(_ method: HTTPMethod) throws(ServerFault) {
        let isAllowed = takesSound ? method == .POST : method == .GET || method == .HEAD
        if !isAllowed { throw .wrongMethod(method: method.rawValue, allowed: allowedMethods) }
    }

    /// For the field Allow.
    var allowedMethods: String { takesSound ? "POST" : "GET, HEAD" }
}
