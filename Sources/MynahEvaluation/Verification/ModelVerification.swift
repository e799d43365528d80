package import MynahBase
import MynahData
import MynahFeatures
package import MynahModel
import MynahNetwork
package import MynahRecognition
import Synchronization

/// The promises that Mynah makes of a model, tried out: a stream hears what a file does, however it is cut and however
/// long it lasts.
///
/// The sound is drawn from a seed. What is checked of the network is that two implementations agree: the one that
/// recognizes clips, which computes all frames of a clip together, and the one that follows streams, frame by frame.
package struct ModelVerification: Sendable {
    /// The largest difference of a posterior that counts as the same.
    package static let tolerance: Float = 1e-5

    /// Ways of cutting the sound that are tried.
    package var chunkingCount = 1_000

    /// Moments at which a stream is put aside and taken up elsewhere.
    package var snapshotCount = 100

    /// Seconds of the long stream.
    package var longSeconds = 3_600.0

    /// Threads that work at the same time, at least 1.
    package var threads = 1

    /// The processes that make the checks together; all of them get all results.
    package var communicator: any Communicator = SingleProcess()

    /// Seed of sound and cuts.
    package var seed: UInt64 = 1

    /// The model.
    package let model: CommandModel

    /// Prepares to verify a model.
    package init(_ model: CommandModel) {
        self.model = model
    }

    /// Makes all checks, the quick ones first.
    ///
    /// - Parameter onCheck: called with each result, in the same order for every model.
    /// - Throws: ``RecognitionError`` when front end or network of the model cannot be built.
    package func run(_ onCheck: (VerificationCheck) -> Void) throws(RecognitionError) {
        onCheck(VerificationCheck(rereading: model))
        let frontEnd = FrontEndVerification(model.frontEnd, hash: model.frontEndHash)
        onCheck(frontEnd.settingsCheck())
        onCheck(try frontEnd.featureCheck())
        guard let reason = streamingObstacle() else {
            let streams = StreamVerification(self)
            onCheck(try streams.clipCheck())
            for check in try longChecks() { onCheck(check) }
            return
        }
        onCheck(
            VerificationCheck(
                name: "streams", outcome: .skipped,
                detail: "the model cannot follow a stream, so there is nothing to compare: \(reason)"))
    }

    /// Why the model cannot follow a stream; nil if it can.
    private func streamingObstacle() -> String? {
        do throws(RecognitionError) {
            _ = try StreamingRecognizer(model: model)
            return nil
        } catch {
            return error.description
        }
    }

    /// The checks that take time, side by side.
    private func longChecks() throws(RecognitionError) -> [VerificationCheck] {
        let failure = Mutex<RecognitionError?>(nil)
        let checks = communicator.map(2, threads: threads, makeContext: {}) { _, part in
            do throws(RecognitionError) {
                return try longChecks(part: part)
            } catch {
                failure.withLock { $0 = error }
                return []
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return checks.flatMap { $0 }
    }

    private func longChecks(part: Int) throws(RecognitionError) -> [VerificationCheck] {
        guard part == 0 else { return try EndlessStreamVerification(self).checks() }
        let streams = StreamVerification(self)
        return [try streams.chunkingCheck(), try streams.snapshotCheck()]
    }
}

/// One thing that a verification looked at, and what it found.
package struct VerificationCheck: Sendable, Hashable, Codable {
    /// How a check ended.
    package enum Outcome: String, Sendable, Codable {
        case passed
        case failed
        /// It cannot be made of this model.
        case skipped
    }

    /// What was checked.
    package let name: String

    /// How it ended.
    package let outcome: Outcome

    /// The figures that it ended with.
    package let detail: String

    /// Wraps a result.
    package init(name: String, outcome: Outcome, detail: String) {
        self.name = name
        self.outcome = outcome
        self.detail = detail
    }

    /// A check that passes where a condition holds.
    init(_ name: String, _ isPassed: Bool, _ detail: String) {
        self.init(name: name, outcome: isPassed ? .passed : .failed, detail: detail)
    }

    /// Whether a model is read from its file as it was written.
    init(rereading model: some StoredModel) {
        let name = "model file"
        let bytes = model.fileBytes
        do throws(ModelError) {
            let again = try type(of: model).init(bytes: bytes.span.bytes, name: "the model as written")
            self.init(
                name, again.hash == model.hash && again.parameters == model.parameters,
                "\(NumberText.grouped(bytes.count)) bytes are read and written unchanged, SHA-256 \(model.hash)"
            )
        } catch {
            self.init(name, false, error.description)
        }
    }
}
