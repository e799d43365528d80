import CPortAudio

/// An open device, read without waiting.
///
/// Only the thread that records uses it after it was made.
final class PortAudioStream: @unchecked Sendable {
    enum Progress {
        case samples
        /// Samples came, and before them some were lost.
        case overrun
        case nothingYet
    }

    /// Sound that the system keeps for us, in seconds.
    private static let latencySeconds = 0.2

    /// `paFloat32`, which is a cast in C.
    private static let sampleFormat: PaSampleFormat = 1

    /// Most frames read at once.
    private static let blockLength = 4_096

    /// Samples per second, in Hz.
    let sampleRate: Int

    private let device: CaptureDevice
    private let session: PortAudioSession
    private let handle: UnsafeMutableRawPointer
    private let channelCount: Int
    private var interleaved: [Float]

    /// Opens a device with one channel or, where it refuses that, all of them, at the rate asked for or its own.
    init(_ device: CaptureDevice, session: PortAudioSession, preferredRate: Int) throws(CaptureError) {
        self.device = device
        self.session = session
        var handle: UnsafeMutableRawPointer?
        var status: PaError = paNoError.rawValue
        for rate in [preferredRate, device.sampleRate] {
            for channelCount in [1, device.channelCount] {
                var parameters = PaStreamParameters(
                    device: PaDeviceIndex(device.number), channelCount: Int32(channelCount),
                    sampleFormat: Self.sampleFormat, suggestedLatency: Self.latencySeconds,
                    hostApiSpecificStreamInfo: nil)
                status = PortAudioSession.withoutStandardError {
                    session.library.openStream(&handle, &parameters, nil, Double(rate), 0, 0, nil, nil)
                }
                guard status == paNoError.rawValue, let handle else { continue }
                status = session.library.startStream(handle)
                guard status == paNoError.rawValue else {
                    _ = session.library.closeStream(handle)
                    continue
                }
                self.handle = handle
                self.channelCount = channelCount
                sampleRate = rate
                interleaved = [Float](repeating: 0, count: Self.blockLength * channelCount)
                return
            }
        }
        throw .cannotOpen(device: device.name, reason: session.library.reason(status))
    }

    deinit {
        _ = session.library.abortStream(handle)
        _ = session.library.closeStream(handle)
    }

    /// Replaces `block` by what has come, the mean of all channels.
    func read(into block: inout [Float]) throws(CaptureError) -> Progress {
        let available = session.library.readAvailable(handle)
        guard available >= 0 else {
            throw .failed(device: device.name, reason: session.library.reason(PaError(available)))
        }
        guard available > 0 else { return .nothingYet }
        let count = min(available, Self.blockLength)
        let status = session.library.readStream(handle, &interleaved, UInt(count))
        guard status == paNoError.rawValue || status == paInputOverflowed.rawValue else {
            throw .failed(device: device.name, reason: session.library.reason(status))
        }
        block.removeAll(keepingCapacity: true)
        for frame in 0..<count {
            var sum: Float = 0
            for channel in 0..<channelCount { sum += interleaved[frame * channelCount + channel] }
            block.append(sum / Float(channelCount))
        }
        return status == paInputOverflowed.rawValue ? .overrun : .samples
    }
}
