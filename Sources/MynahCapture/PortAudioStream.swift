import CPortAudio
import MynahAudio

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
    private var mixer: ChannelMixer
    private var isCancellationKnown = false
    private var isClosed = false
    private var frameCount = 0
    private var interleaved: [Float]

    /// Opens a device with one channel or, where it refuses that or a channel is chosen, all of them, at the rate asked
    /// for or its own.
    init(
        _ device: CaptureDevice, session: PortAudioSession, channel: Int?, preferredRate: Int
    ) throws(CaptureError) {
        if let channel, !(1...device.channelCount).contains(channel) {
            throw .noSuchChannel(device: device.name, channel: channel, channelCount: device.channelCount)
        }
        self.device = device
        self.session = session
        var handle: UnsafeMutableRawPointer?
        var status: PaError = paNoError.rawValue
        // Of a device that mixes for itself, and says that it could record any number, no more than are needed.
        let limit = AudioReader.supportedChannelCounts.upperBound
        let counts = [channel ?? 1, device.channelCount]
        let channelCounts = channel != nil && device.channelCount <= limit ? counts.reversed() : counts
        for rate in [preferredRate, device.sampleRate] {
            for channelCount in channelCounts {
                var parameters = PaStreamParameters(
                    device: PaDeviceIndex(device.number), channelCount: Int32(channelCount),
                    sampleFormat: Self.sampleFormat, suggestedLatency: Self.latencySeconds,
                    hostApiSpecificStreamInfo: nil)
                status = CaptureGate.pass(silently: true) {
                    session.library.openStream(&handle, &parameters, nil, Double(rate), 0, 0, nil, nil)
                }
                guard status == paNoError.rawValue, let handle else { continue }
                status = session.library.startStream(handle)
                guard status == paNoError.rawValue else {
                    _ = CaptureGate.pass { session.library.closeStream(handle) }
                    continue
                }
                self.handle = handle
                mixer = ChannelMixer(
                    channelCount: channelCount, selection: channel.map { .channel($0) } ?? .average)
                sampleRate = rate
                interleaved = [Float](repeating: 0, count: Self.blockLength * channelCount)
                return
            }
        }
        throw .cannotOpen(device: device.name, reason: session.library.reason(status))
    }

    deinit { close() }

    /// Closes the device, unless it is closed already; nothing is read after that.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        _ = session.library.abortStream(handle)
        _ = CaptureGate.pass { session.library.closeStream(handle) }
    }

    /// Replaces `block` by what has come, made one channel.
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
        mixer.mix(interleaved.span.extracting(first: count * mixer.channelCount), appendingTo: &block)
        frameCount += count
        // From a second of sound on, cancellation is no matter of a click.
        if !isCancellationKnown, frameCount >= sampleRate, mixer.channelsCancel {
            isCancellationKnown = true
            AudioNotice.channelsCancel(source: device.name, channelCount: mixer.channelCount).send()
        }
        return status == paInputOverflowed.rawValue ? .overrun : .samples
    }
}
