import MynahAudio
import MynahModel

/// A text message of a client on `/v1/listen`: the first one says what the samples are, later ones change thresholds or
/// end the stream.
struct ListenMessage: Decodable, Sendable {
    /// Frames per second, in Hz; in the first message.
    var rate: Int?
    /// Channels of a frame; 1 unless given.
    var channels: Int?
    /// How samples are coded; `s16le` unless given.
    var format: String?
    /// The channel that is heard, from 1; the mean of all unless given.
    var channel: Int?
    var model: String?
    var threshold: Float?
    var thresholds: [String: Float]?
    var posteriors: Bool?
    var intents: Bool?
    /// Ends the stream.
    var finish: Bool?

    /// The stream that a first message asks for.
    func request() throws(ServerFault) -> ListeningRequest {
        guard let rate else { throw .badMessage(reason: "'rate' is missing, the rate of the samples in Hz") }
        guard
            let encoding = SampleFormat.Encoding(rawValue: format ?? SampleFormat.Encoding.signed16.rawValue)
        else {
            let known = SampleFormat.Encoding.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badMessage(reason: "'format' has no such value, expected one of \(known)")
        }
        return ListeningRequest(
            format: SampleFormat(encoding: encoding, sampleRate: rate, channelCount: channels ?? 1),
            channel: channel.map { .channel($0) } ?? .average, threshold: threshold, thresholds: thresholds,
            wantsPosteriors: posteriors ?? false, wantsIntents: intents ?? false)
    }
}

/// The answer to a first message.
struct ReadyLine: Encodable {
    struct Body: Encodable {
        let model: String
        let labels: [String]
        let words: [String]
        let sampleRate: Int
        let decisionSeconds: Double
        let detection: DetectionSettings
    }

    let ready: Body
}

/// The answer to the end of a stream.
struct FinishedLine: Encodable {
    struct Body: Encodable {
        /// Seconds of sound that were heard.
        let seconds: Double
    }

    let finished: Body

    init(seconds: Double) {
        finished = Body(seconds: (seconds * 1e6).rounded() / 1e6)
    }
}
