import Logging
import MynahAudio
import MynahBase
import MynahData
import MynahModel
import MynahTeaching

/// The words of a model that clients may teach and forget.
///
/// The recordings lie beside the model file, as those of `mynah teach` do. Each change learns anew from all of them, and the new
/// model takes the place of the old one before the client is answered; streams that have begun go on with the model that
/// they have. Nothing here belongs on an event loop; changes wait for one another on one thread.
struct TaughtWords: Sendable {
    private let entry: ModelShelf.Entry
    private let path: String
    private let services: Services

    /// Finds a model.
    ///
    /// - Throws: ``ServerFault/unknownModel(name:available:)``, ``ServerFault/teachingOff``,
    ///   ``ServerFault/cannotTeach(model:reason:)``.
    init(of model: String, _ services: Services) throws(ServerFault) {
        entry = try services.shelf.entry(model)
        path = try entry.taughtPath.get()
        self.services = services
    }

    /// The file of a model whose words may be changed, or why they may not.
    static func path(of source: ModelShelf.Source, _ model: CommandModel) -> Result<String, ServerFault> {
        guard let path = source.path else {
            let reason = "it is built in; mynah-server serves one that can be with --model FILE"
            return .failure(.cannotTeach(model: source.name, reason: reason))
        }
        do throws(EnrolmentError) {
            try Enrolment.check(model, at: path)
            return .success(path)
        } catch {
            return .failure(ServerFault(error, of: source.name))
        }
    }

    // MARK: Requests

    /// Tells of the words.
    func list() throws(ServerFault) -> Response {
        do {
            return try answer(take: nil)
        } catch {
            throw ServerFault(error, of: entry.name)
        }
    }

    /// Teaches a word from a recording of it.
    ///
    /// - Parameter learns: whether the model is learnt anew at once, and not with the next change.
    func teach(_ word: String, _ upload: Upload, learns: Bool) throws(ServerFault) -> Response {
        // A file of this name would have other bytes.
        if word.hasUndecodedBytes { throw .badWord(word: word, reason: "expected 1 to 128 printable bytes") }
        let take = try upload.waveform(
            sampleRate: entry.model.sampleRate, limitSeconds: Enrolment.maximumSeconds)
        let limit = services.limits.takes
        // The last one is learnt from: what is only kept has to wait for another one.
        let room = learns ? limit : limit - 1
        return try change(learns ? "word taught" : "take kept", word) { enrolment in
            let count = try enrolment.words().reduce(0) { $0 + $1.takes.count }
            guard count < room else { throw ServerFault.tooManyTakes(limit: limit) }
            let line = TakeLine(try enrolment.keep(take, of: word))
            if learns { try services.shelf.reload(entry.name, advice: try enrolment.learn()) }
            return line
        }
    }

    /// Forgets a word.
    func forget(_ word: String) throws(ServerFault) -> Response {
        try change("word forgotten", word) { enrolment in
            try services.shelf.reload(entry.name, advice: try enrolment.forget(word))
            return nil
        }
    }

    /// Changes the words while nobody else can, and tells of them.
    private func change(
        _ what: Logger.Message, _ word: String, _ body: (Enrolment) throws -> TakeLine?
    ) throws(ServerFault) -> Response {
        do {
            var enrolment = try Enrolment(at: path, verifier: entry.verifier)
            enrolment.commandLine = "mynah-server"
            // Further threads would have the priority of streams.
            enrolment.threadCount = 1
            // Others have to wait until the new model is served.
            return try withExtendedLifetime(enrolment) {
                let take = try body(enrolment)
                services.logger.notice(
                    what, metadata: ["model": "\(entry.name)", "word": "\(word.printable)"])
                return try answer(take: take)
            }
        } catch {
            throw ServerFault(error, of: entry.name)
        }
    }

    private func answer(take: TakeLine?) throws -> Response {
        .json(WordsLine(try services.shelf.entry(entry.name), try Enrolment.words(at: path), take))
    }
}

extension ServerFault {
    /// Takes over what went wrong with the words of a model.
    init(_ error: any Error, of model: String) {
        switch error {
        case let fault as ServerFault: self = fault
        case EnrolmentError.unusableWord(let word, let reason): self = .badWord(word: word, reason: reason)
        case EnrolmentError.silentTake: self = .nothingSaid
        case EnrolmentError.unknownWord(let word, let known): self = .unknownWord(word: word, known: known)
        case EnrolmentError.inUse: self = .wordsInUse(model: model)
        case EnrolmentError.wordsWithoutRecordings(_, _, let words):
            let reason = "it knows \(listed(words, limit: 5)), of which there are no recordings beside it"
            self = .cannotTeach(model: model, reason: reason)
        case EnrolmentError.verifierMissing:
            self = .cannotTeach(
                model: model, reason: "its words were taught with a verifier, which the server does not have")
        case EnrolmentError.data(.otherNegatives):
            let reason = "the negatives that come with mynah are of another front end"
            self = .cannotTeach(model: model, reason: reason)
        default: self = .failed(reason: "\(error)")
        }
    }
}

/// The words of a model, and what became of the recording that was sent.
private struct WordsLine: Encodable {
    let model: String

    /// SHA-256 of the model that knows them, as 64 hexadecimal digits.
    let sha256: String
    let words: [WordLine]

    /// Stretches of other sound in which false alarms were counted; nil where no advice is known.
    let negativeCount: Int?
    let take: TakeLine?

    init(_ entry: ModelShelf.Entry, _ words: [(word: String, takes: [String])], _ take: TakeLine?) {
        model = entry.name
        sha256 = entry.hash
        self.words = words.map { WordLine($0.word, takeCount: $0.takes.count, entry.advice) }
        negativeCount = entry.advice?.negativeCount
        self.take = take
    }
}

/// A word that was taught.
private struct WordLine: Encodable {
    let word: String

    /// Its recordings.
    let takes: Int

    /// How many of ten times it will be heard; nil where that is not known.
    let heardOfTen: Int?

    /// What `mynah teach --json` tells of it; nil where recordings came or went since the advice was given.
    let advice: EnrolmentAdvice.Word?

    init(_ word: String, takeCount: Int, _ advice: EnrolmentAdvice?) {
        self.word = word
        takes = takeCount
        let own = advice?[word]
        self.advice = own?.takeCount == takeCount ? own : nil
        heardOfTen = self.advice?.heardOfTen
    }
}

/// What became of a recording.
private struct TakeLine: Encodable {
    /// Its name among the recordings of the word.
    let name: String

    /// Whether the same recording was there already.
    let isRepeated: Bool

    /// What is wrong with it; it was learnt from all the same.
    let faults: [TakeFault]

    init(_ reception: Enrolment.Reception) {
        name = reception.name
        isRepeated = reception.isRepeated
        faults = reception.faults
    }

    enum CodingKeys: String, CodingKey {
        case name, isRepeated = "repeated", faults
    }
}
