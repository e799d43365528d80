import FoundationEssentials
import MynahAudio
import MynahBase
import MynahFeatures
import MynahModel
import MynahRecognition

/// Hears files one after another as one stream, and keeps the posteriors.
final class StreamListener {
    /// What was heard in a stream.
    struct Heard: Sendable {
        /// `[frameCount, C]`, row-major.
        var posteriors: [Float] = []

        /// What the network said of the last moments alone at the same frames.
        var recent = PosteriorTrack.Recent()

        /// Samples at the rate of the model.
        var sampleCount = 0

        /// The files that were heard to their end, and the hashes of their samples.
        var pieces: [PosteriorTrack.Piece] = []
        var hashes: [String] = []

        var unreadable: [UnreadableClip] = []

        /// Processor time that it took, in seconds.
        var processingSeconds = 0.0
    }

    private let recognizer: StreamingRecognizer
    private let channel: ChannelSelection

    /// A listener for one thread; traps when the model cannot follow a stream, which its user has tried before.
    init(_ model: CommandModel, verifier: SpellingVerifier? = nil, channel: ChannelSelection = .average) {
        self.channel = channel
        do {
            recognizer = try StreamingRecognizer(model: model, verifier: verifier)
        } catch {
            preconditionFailure("a recognizer of this model was made before: \(error)")
        }
    }

    /// Hears a stream from its start to its end.
    func hear(_ files: ArraySlice<AudioSource>) -> Heard {
        let start = ThreadTime.seconds
        var heard = Heard()
        for file in files {
            let (frameCount, sampleCount) = (heard.recent.shares.count, heard.sampleCount)
            let state = recognizer.snapshot()
            do throws(AudioError) {
                try hear(file, into: &heard)
            } catch {
                recognizer.restore(state)
                heard.keep(frameCount)
                heard.sampleCount = sampleCount
                heard.unreadable.append(UnreadableClip(path: file.name, reason: reason(error, file.name)))
            }
        }
        recognizer.finish(onPosteriors: { _, posteriors in heard.append(posteriors, recognizer) })
        heard.processingSeconds = ThreadTime.seconds - start
        return heard
    }

    private func hear(_ file: AudioSource, into heard: inout Heard) throws(AudioError) {
        let rate = recognizer.model.frontEnd.sampleRate
        let start = Double(heard.sampleCount) / Double(rate)
        var stream = try AudioStream(file, sampleRate: rate, channel: channel)
        var digest = SHA256()
        var block: [Float] = []
        while try stream.read(into: &block) {
            digest.update(block.span.bytes)
            heard.sampleCount += block.count
            recognizer.push(
                block.span, onPosteriors: { _, posteriors in heard.append(posteriors, recognizer) })
        }
        heard.pieces.append(PosteriorTrack.Piece(name: file.name, start: start))
        heard.hashes.append(digest.hexDigest())
    }
}

/// What is wrong with a file, without its name, which a list of files has already.
private func reason(_ error: AudioError, _ name: String) -> String {
    let prefix = "\(name.printable): "
    let line = error.description
    return line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line
}

// What was heard, on its way from one process to another: what is not posteriors as JSON, and the posteriors as they lie in
// memory.
extension StreamListener.Heard {
    private struct Rest: Codable {
        let sampleCount: Int
        let pieceNames: [String]
        let pieceStarts: [Double]
        let hashes: [String]
        let unreadable: [UnreadableClip]
        let processingSeconds: Double
        let posteriorCount: Int
        let decisionCount: Int
    }

    var bytes: [UInt8] {
        let rest = Rest(
            sampleCount: sampleCount, pieceNames: pieces.map(\.name), pieceStarts: pieces.map(\.start),
            hashes: hashes, unreadable: unreadable, processingSeconds: processingSeconds,
            posteriorCount: posteriors.count, decisionCount: recent.shares.count)
        do {
            let text = Array(try jsonText(rest).utf8)
            var bytes = [text.count].withUnsafeBytes { Array($0) } + text
            for values in [posteriors, recent.posteriors, recent.shares] {
                bytes += values.withUnsafeBytes { Array($0) }
            }
            return bytes + recent.withheld.map { $0 ? 1 : 0 }
        } catch {
            preconditionFailure("what was heard cannot be handed to other processes: \(error)")
        }
    }

    init(bytes: [UInt8]) {
        let head = MemoryLayout<Int>.stride
        let length = [Int](rawBytes: Array(bytes[..<head]))[0]
        do {
            let rest = try JSONDecoder().decode(Rest.self, from: Data(bytes[head..<head + length]))
            let start = head + length
            let floatCount = rest.posteriorCount * 2 + rest.decisionCount
            let end = start + floatCount * MemoryLayout<Float>.stride
            let values = [Float](rawBytes: Array(bytes[start..<end]))
            sampleCount = rest.sampleCount
            pieces = zip(rest.pieceNames, rest.pieceStarts).map { PosteriorTrack.Piece(name: $0, start: $1) }
            hashes = rest.hashes
            unreadable = rest.unreadable
            processingSeconds = rest.processingSeconds
            posteriors = Array(values[..<rest.posteriorCount])
            recent = PosteriorTrack.Recent(
                posteriors: Array(values[rest.posteriorCount..<2 * rest.posteriorCount]),
                shares: Array(values[(2 * rest.posteriorCount)...]), withheld: bytes[end...].map { $0 == 1 })
        } catch {
            preconditionFailure("what another process heard cannot be read: \(error)")
        }
    }
}

extension StreamListener.Heard {
    fileprivate mutating func append(_ row: Span<Float>, _ recognizer: StreamingRecognizer) {
        for index in row.indices { posteriors.append(row[index]) }
        let last = recognizer.recent
        recent.posteriors += last.posteriors
        recent.shares.append(last.share)
        recent.withheld += recognizer.withheld
    }

    /// Forgets all but the first frames.
    fileprivate mutating func keep(_ frameCount: Int) {
        let valuesPerFrame = recent.shares.isEmpty ? 0 : posteriors.count / recent.shares.count
        if !recent.withheld.isEmpty { recent.withheld.removeSubrange((frameCount * valuesPerFrame)...) }
        posteriors.removeSubrange((frameCount * valuesPerFrame)...)
        recent.posteriors.removeSubrange((frameCount * valuesPerFrame)...)
        recent.shares.removeSubrange(frameCount...)
    }
}
