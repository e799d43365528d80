import MynahAudio
import MynahBase
import MynahData
import NIOHTTP1

/// Why a request, a stream or an event is refused: one case for each reason, with its status.
enum ServerFault: Error, Equatable, Sendable {
    // MARK: Who asks

    /// No token, or a wrong one.
    case unauthorized
    /// The request is for another host than this one, as where a name on the web was made to point here.
    case wrongHost(host: String)
    /// A page of another site asks.
    case wrongOrigin(origin: String)

    // MARK: What is asked for

    /// Nothing has this path.
    case notFound(path: String)
    /// The path is there, but not for this method.
    case wrongMethod(method: String, allowed: String)
    /// The address is for WebSockets alone.
    case upgradeRequired
    /// A parameter of the address has no such value.
    case badParameter(name: String, value: String, expected: String)
    /// There is no such parameter.
    case unknownParameter(name: String)
    /// No model has this name.
    case unknownModel(name: String, available: [String])
    /// The model reads clips from both ends.
    case cannotStream(model: String)
    /// A message cannot be understood.
    case badMessage(reason: String)
    /// A message is no text in UTF-8.
    case notText
    /// Samples before the message that says what they are.
    case noFirstMessage
    /// A frame, a header or an event breaks the protocol.
    case protocolError(reason: String)
    /// No intents are served.
    case noIntents

    // MARK: Words that are taught

    /// The server was started without teaching.
    case teachingOff
    /// The words of a model are not those that it was taught.
    case cannotTeach(model: String, reason: String)
    /// A word that no model can have.
    case badWord(word: String, reason: String)
    /// A word is to be forgotten that was not taught; `known` are those that were.
    case unknownWord(word: String, known: [String])
    /// The words of a model are being changed.
    case wordsInUse(model: String)
    /// There are so many recordings already.
    case tooManyTakes(limit: Int)
    /// Nothing is said in a recording.
    case nothingSaid

    // MARK: What is sent

    /// The body is compressed as a whole.
    case encodedBody(encoding: String)
    /// There is no body.
    case noBody
    /// The body is longer than it may be.
    case uploadTooLarge(limitBytes: Int)
    /// A message is longer than it may be.
    case messageTooLarge(limitBytes: Int)
    /// The sound lasts longer than it may.
    case soundTooLong(limitSeconds: Double, hint: String)
    /// The sound cannot be read.
    case audio(AudioError)
    /// Sound was to end, and its last frame is not whole.
    case incompleteFrame(bytes: Int, frameBytes: Int)

    // MARK: How much and how fast

    /// So many connections are open already.
    case tooManyConnections(limit: Int)
    /// So many streams are followed already.
    case tooManyStreams(limit: Int)
    /// So many streams of this client are followed already.
    case tooManyStreamsOfClient(limit: Int)
    /// So many uploads are at work already.
    case tooManyUploads(limit: Int)
    /// The client took too long.
    case tooSlow(what: String, limitSeconds: Double)

    // MARK: The server itself

    /// The server is about to end.
    case stopping
    /// The server cannot do its part, as on a full disk.
    case failed(reason: String)
}

extension ServerFault {
    /// The status of HTTP (RFC 9110).
    var status: HTTPResponseStatus {
        switch self {
        case .unauthorized: .unauthorized
        case .wrongHost: .misdirectedRequest
        case .wrongOrigin, .teachingOff: .forbidden
        case .notFound, .unknownModel, .unknownWord: .notFound
        case .wrongMethod: .methodNotAllowed
        case .upgradeRequired: .upgradeRequired
        case .badParameter, .unknownParameter, .badMessage, .notText, .noFirstMessage, .protocolError,
            .noBody,
            .incompleteFrame:
            .badRequest
        case .cannotStream, .noIntents, .cannotTeach, .wordsInUse, .tooManyTakes: .conflict
        case .encodedBody: .unsupportedMediaType
        case .uploadTooLarge, .messageTooLarge, .soundTooLong: .payloadTooLarge
        case .audio, .badWord, .nothingSaid: .unprocessableEntity
        case .tooManyStreamsOfClient: .tooManyRequests
        case .tooManyConnections, .tooManyStreams, .tooManyUploads, .stopping: .serviceUnavailable
        case .tooSlow: .requestTimeout
        case .failed: .internalServerError
        }
    }

    /// The name of the reason, for programs.
    var code: String {
        switch self {
        case .unauthorized: "unauthorized"
        case .wrongHost: "wrong-host"
        case .wrongOrigin: "wrong-origin"
        case .notFound: "not-found"
        case .wrongMethod: "wrong-method"
        case .upgradeRequired: "upgrade-required"
        case .badParameter: "bad-parameter"
        case .unknownParameter: "unknown-parameter"
        case .unknownModel: "unknown-model"
        case .cannotStream: "cannot-stream"
        case .badMessage: "bad-message"
        case .notText: "not-text"
        case .noFirstMessage: "no-first-message"
        case .protocolError: "protocol-error"
        case .noIntents: "no-intents"
        case .teachingOff: "teaching-off"
        case .cannotTeach: "cannot-teach"
        case .badWord: "bad-word"
        case .unknownWord: "unknown-word"
        case .wordsInUse: "words-in-use"
        case .tooManyTakes: "too-many-takes"
        case .nothingSaid: "nothing-said"
        case .encodedBody: "encoded-body"
        case .noBody: "no-body"
        case .uploadTooLarge: "upload-too-large"
        case .messageTooLarge: "message-too-large"
        case .soundTooLong: "sound-too-long"
        case .audio: "bad-audio"
        case .incompleteFrame: "incomplete-frame"
        case .tooManyConnections: "too-many-connections"
        case .tooManyStreams: "too-many-streams"
        case .tooManyStreamsOfClient: "too-many-streams-of-client"
        case .tooManyUploads: "too-many-uploads"
        case .tooSlow: "too-slow"
        case .stopping: "stopping"
        case .failed: "failed"
        }
    }
}

extension ServerFault: CustomStringConvertible {
    /// One line: what is wrong, expected, actual.
    var description: String {
        switch self {
        case .unauthorized: "a token is needed: Authorization: Bearer TOKEN, or as the password of any user"
        case .wrongHost(let host):
            "this is not \(host.quoted); names of the server other than its address are given with --allowed-host"
        case .wrongOrigin(let origin):
            "pages of \(origin.quoted) are not served; other sites are allowed with --allowed-origin"
        case .notFound(let path): "there is no \(path.quoted)"
        case .wrongMethod(let method, let allowed):
            "\(method.quoted) is not possible here, expected \(allowed)"
        case .upgradeRequired: "this address is for a WebSocket of version 13"
        case .badParameter(let name, let value, let expected):
            "\(name.printable) is \(value.quoted), expected \(expected)"
        case .unknownParameter(let name): "there is no parameter \(name.quoted)"
        case .unknownModel(let name, let available):
            "there is no model \(name.quoted), but \(available.map(\.printable).joined(separator: ", "))"
        case .cannotStream(let model):
            "\(model.printable) reads clips from both ends and cannot follow a stream"
        case .badMessage(let reason): "the message cannot be understood: \(reason)"
        case .notText: "the message is no text in UTF-8"
        case .noFirstMessage: "samples came before the message that says what they are"
        case .protocolError(let reason): reason
        case .noIntents: "no intents are served; mynah-server reads a model of them with --intents"
        case .teachingOff: "no words are taught over the network; mynah-server allows it with --teach"
        case .cannotTeach(let model, let reason): "\(model.printable) cannot be taught words: \(reason)"
        case .badWord(let word, let reason): "\(word.quoted) cannot be a word: \(reason)"
        case .unknownWord(let word, let known):
            "no word \(word.quoted) was taught\(known.isEmpty ? "" : "; there are \(listed(known, limit: 20))")"
        case .wordsInUse(let model): "the words of \(model.printable) are being changed; try again"
        case .tooManyTakes(let limit): "the model has learnt from \(limit) recordings, which is the limit"
        case .nothingSaid: "nothing is said in the recording"
        case .encodedBody(let encoding):
            "a body in \(encoding.quoted) is not read; send the sound as it is, it may be FLAC, Opus or MP3"
        case .noBody: "there is no sound in the body"
        case .uploadTooLarge(let limit): "the body is longer than \(limit) bytes"
        case .messageTooLarge(let limit): "the message is longer than \(limit) bytes"
        case .soundTooLong(let limit, let hint):
            "the sound is longer than \(NumberText.fixed(limit, decimals: 0)) s\(hint.isEmpty ? "" : "; \(hint)")"
        case .audio(let error): error.description
        case .incompleteFrame(let bytes, let frameBytes):
            "the sound ends within a frame: \(bytes) bytes are left, a frame has \(frameBytes)"
        case .tooManyConnections(let limit): "\(limit) connections are open already"
        case .tooManyStreams(let limit): "\(limit) streams are followed already"
        case .tooManyStreamsOfClient(let limit): "\(limit) streams of this address are followed already"
        case .tooManyUploads(let limit): "\(limit) uploads are at work already"
        case .tooSlow(let what, let limit):
            "\(what) took longer than \(NumberText.fixed(limit, decimals: 0)) s"
        case .stopping: "the server is about to end"
        case .failed(let reason): reason
        }
    }
}

/// A fault as clients are told of it: `{"error":{"code":…,"message":…}}`.
struct FaultLine: Encodable {
    struct Body: Encodable {
        let code: String
        let message: String
    }

    let error: Body

    init(_ fault: ServerFault) {
        error = Body(code: fault.code, message: fault.description)
    }
}
