import MynahBase
import Synchronization

/// The samples of clips, in memory as far as they fit: each clip is kept when it is decoded for the first time, while there is
/// room, and decoded again otherwise.
///
/// In what order clips are asked for decides what is kept, and never what is heard.
final class ClipShelf: Sendable {
    private struct Content {
        /// `[clips]`, those that are kept.
        var samples: [QuantizedSamples?]
        var byteCount = 0
        var loss: DataError?
    }

    private let paths: [String]
    private let decoder: ClipDecoder
    private let limits: ClipStore.Limits
    private let content: Mutex<Content>

    /// An empty shelf for clips at some paths.
    init(_ paths: [String], decoder: ClipDecoder, limits: ClipStore.Limits) {
        self.paths = paths
        self.decoder = decoder
        self.limits = limits
        content = Mutex(Content(samples: Array(repeating: nil, count: paths.count)))
    }

    /// Memory that the samples take, in bytes.
    var byteCount: Int { content.withLock(\.byteCount) }

    /// The first clip that could be decoded once and cannot be any more.
    var loss: DataError? { content.withLock(\.loss) }

    /// Decodes a clip, and keeps it while there is room.
    func decode(_ place: Int) -> Result<QuantizedSamples, ClipDecoder.Failure> {
        let result = decoder.samples(of: paths[place], maximumSeconds: limits.clipSeconds)
        if case .success(let samples) = result {
            let byteCount = samples.count * MemoryLayout<Int16>.stride
            content.withLock { content in
                guard content.samples[place] == nil, content.byteCount + byteCount <= limits.bytes else {
                    return
                }
                content.samples[place] = samples
                content.byteCount += byteCount
            }
        }
        return result
    }

    /// The samples of a clip that had so many when it was decoded first; silence where it cannot be decoded any more, which
    /// ``loss`` then tells.
    func samples(at place: Int, expectedCount: Int) -> QuantizedSamples {
        if let kept = content.withLock({ $0.samples[place] }) { return kept }
        let reason: String
        switch decode(place) {
        case .success(let samples) where samples.count == expectedCount: return samples
        case .success(let samples): reason = "has \(samples.count) samples, expected \(expectedCount)"
        case .failure(let failure): reason = failure.reason
        }
        content.withLock { content in
            content.loss = content.loss ?? .lostRecording(path: paths[place], reason: reason)
        }
        return QuantizedSamples([Float](repeating: 0, count: expectedCount))
    }
}
