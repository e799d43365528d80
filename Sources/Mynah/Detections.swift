import Dispatch
public import MynahAudio
public import MynahCapture
public import MynahModel
public import MynahRecognition

/// The words that are said in a sound, one after another, each as soon as it is sure.
///
/// ```swift
/// for try await word in try Detections(inMicrophone: nil, model: .builtIn()) {
///     print(word.label, word.end)
/// }
/// ```
///
/// Each loop over it opens the sound anew and follows it with a state of its own; standard input cannot be opened
/// anew, so one loop alone can hear it. A file is read as fast as it can be heard,
/// standard input and a microphone as their sound comes; the same sound gives the same detections at the same times from all
/// three. Times are seconds of sound since the start.
///
/// The work is done on a thread of the loop's own, never on that of the caller, and nothing is heard ahead: a file waits
/// while a detection is looked at, a microphone keeps ten seconds, and what comes after them is lost. Where the task of a
/// loop is cancelled, the loop ends as at the end of the sound. What it opened is closed then, or when the loop is left.
public struct Detections: AsyncSequence, Sendable {
    /// Where the sound comes from.
    fileprivate enum Origin: Sendable {
        case source(AudioSource, ChannelSelection)
        case microphone(name: String?, channel: Int?)
    }

    private let origin: Origin
    private let model: CommandModel
    private let settings: DetectionSettings?
    private let verifier: SpellingVerifier?

    /// Words in a file, or in what comes through standard input: WAV with plain samples, or raw ones.
    ///
    /// - Parameters:
    ///   - source: where the sound is, at any sample rate.
    ///   - channel: how several channels become one.
    ///   - model: one that can follow a stream, see ``CommandModel/canStream``.
    ///   - settings: when a word counts as said; nil takes those of the model. Traps where
    ///     ``DetectionSettings/fault(labels:)`` finds fault with them.
    ///   - verifier: what must find a word spelled in the sound before it counts.
    /// - Throws: ``RecognitionError`` when the model cannot follow a stream.
    public init(
        in source: AudioSource, channel: ChannelSelection = .average, model: CommandModel,
        settings: DetectionSettings? = nil, verifier: SpellingVerifier? = nil
    ) throws(RecognitionError) {
        try self.init(.source(source, channel), model: model, settings: settings, verifier: verifier)
    }

    /// Words that a microphone hears, without end.
    ///
    /// - Parameters:
    ///   - name: number, name or part of the name of a device; nil means the default one.
    ///   - channel: the channel that is heard, counted from 1; nil for the mean of all.
    ///   - model: one that can follow a stream, see ``CommandModel/canStream``.
    ///   - settings: when a word counts as said; nil takes those of the model. Traps where
    ///     ``DetectionSettings/fault(labels:)`` finds fault with them.
    ///   - verifier: what must find a word spelled in the sound before it counts.
    /// - Throws: ``RecognitionError`` when the model cannot follow a stream.
    public init(
        inMicrophone name: String?, channel: Int? = nil, model: CommandModel,
        settings: DetectionSettings? = nil, verifier: SpellingVerifier? = nil
    ) throws(RecognitionError) {
        try self.init(
            .microphone(name: name, channel: channel), model: model, settings: settings, verifier: verifier)
    }

    private init(
        _ origin: Origin, model: CommandModel, settings: DetectionSettings?, verifier: SpellingVerifier?
    ) throws(RecognitionError) {
        // Tried out here, so that it cannot fail later.
        _ = try StreamingRecognizer(model: model, detection: settings, verifier: verifier)
        self.origin = origin
        self.model = model
        self.settings = settings
        self.verifier = verifier
    }

    /// Starts to listen; the sound is opened when the first detection is asked for.
    public func makeAsyncIterator() -> Iterator {
        do {
            let recognizer = try StreamingRecognizer(model: model, detection: settings, verifier: verifier)
            return Iterator(Listener(recognizer, to: origin))
        } catch {
            preconditionFailure("a recognizer of this model was made before: \(error)")
        }
    }

    /// One loop over the detections.
    public struct Iterator: AsyncIteratorProtocol {
        private let ear: Ear
        private var found: [Detection] = []

        fileprivate init(_ listener: Listener) {
            ear = Ear(listener)
        }

        /// The next word, or nil at the end of the sound, where it could not be read further, or when the task is cancelled.
        ///
        /// - Throws: ``ListeningError`` once, when the sound cannot be opened or read to its end; all words before
        ///   that have been told.
        public mutating func next() async throws(ListeningError) -> Detection? {
            try await next(isolation: nil)
        }

        /// The same, on the caller's actor.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(ListeningError) -> Detection? {
            while found.isEmpty {
                guard !Task.isCancelled else {
                    ear.listener.close()
                    return nil
                }
                guard let more = try await ear.listener.listen().get() else { return nil }
                found = more
            }
            return found.removeFirst()
        }
    }
}

/// What a loop has of its listener, which closes when the loop is given up: on its own thread, since a microphone may take
/// a while to close.
private final class Ear: Sendable {
    let listener: Listener

    init(_ listener: Listener) {
        self.listener = listener
    }

    deinit { listener.close() }
}

/// A stream that is followed on a thread of its own: all that changes is touched on its queue only.
private final class Listener: @unchecked Sendable {
    private let queue = DispatchQueue(label: "mynah.detections")
    private let recognizer: StreamingRecognizer

    /// Where the sound comes from, until it is opened or given up.
    private var origin: Detections.Origin?

    /// Nil before and after.
    private var session: ListeningSession?

    /// What was wrong with a sound that has ended, to be told after its last words.
    private var failure: ListeningError?

    init(_ recognizer: StreamingRecognizer, to origin: Detections.Origin) {
        self.recognizer = recognizer
        self.origin = origin
    }

    /// Hears the next piece of the sound.
    ///
    /// - Returns: the words in it, possibly none; nil when there is no more.
    func listen() async -> Result<[Detection]?, ListeningError> {
        await withCheckedContinuation { continuation in
            queue.async {
                let result = Result { () throws(ListeningError) in try self.hear() }
                continuation.resume(returning: result)
            }
        }
    }

    /// Closes what was opened.
    func close() {
        queue.async { self.end() }
    }

    private func end() {
        origin = nil
        session = nil
    }

    private func hear() throws(ListeningError) -> [Detection]? {
        do throws(ListeningError) {
            if let origin = origin.take() {
                session = ListeningSession(try open(origin), recognizer: recognizer)
            }
            var found: [Detection] = []
            guard let progress = try session?.hear(&found) else {
                defer { failure = nil }
                if let failure { throw failure }
                return nil
            }
            guard progress == .end else { return found }
            do throws(ListeningError) {
                try session?.sound.checkEnd()
            } catch {
                failure = error
            }
            end()
            return found
        } catch {
            end()
            throw error
        }
    }

    private func open(_ origin: Detections.Origin) throws(ListeningError) -> ListeningSound {
        let rate = recognizer.model.sampleRate
        switch origin {
        case .microphone(let name, let channel):
            do {
                return ListeningSound(
                    try Microphone(name, channel: channel, preferredRate: rate), sampleRate: rate)
            } catch {
                throw .microphone(error)
            }
        case .source(let source, let channel):
            return try ListeningSound(source, channel: channel, sampleRate: rate)
        }
    }
}
