import Dispatch
import Glibc
import Synchronization

/// A device at work: a thread of its own records it into a queue, so that no pause of the listener loses sound at once.
package final class Microphone: Sendable {
    /// Seconds of sound that wait for a slow listener before some is lost.
    package static let queueSeconds = 10

    /// Seconds without a sample after which a device is taken for unplugged.
    private static let patienceSeconds = 3.0

    /// The device.
    package let device: CaptureDevice

    /// Samples per second, in Hz.
    package let sampleRate: Int

    private let queue: CaptureQueue
    private let isWanted = Atomic(true)
    private let ended = DispatchSemaphore(value: 0)

    /// Starts to record.
    ///
    /// - Parameters:
    ///   - wish: number or name of the device, as ``CaptureDevice/choose(_:among:)`` takes it.
    ///   - channel: the one that is recorded, counted from 1; nil for the mean of all.
    ///   - preferredRate: sample rate in Hz that is asked for; a device that lacks it records at its own.
    /// - Throws: ``CaptureError``.
    package init(
        _ wish: String? = nil, channel: Int? = nil, preferredRate: Int
    ) throws(CaptureError) {
        let session = try PortAudioSession.start()
        let device = try CaptureDevice.choose(wish, among: session.devices)
        let stream = try PortAudioStream(
            device, session: session, channel: channel, preferredRate: preferredRate)
        self.device = device
        sampleRate = stream.sampleRate
        queue = CaptureQueue(capacity: Self.queueSeconds * stream.sampleRate)
        let thread = DispatchQueue(label: "microphone", qos: .userInteractive)
        thread.async { [self] in
            record(stream)
            stream.close()
            ended.signal()
        }
    }

    /// Replaces `block` by all samples that have come, `[_]` within ±1, and tells what was lost.
    ///
    /// - Throws: ``CaptureError`` once, when the device has stopped working.
    package func read(into block: inout [Float]) throws(CaptureError) -> CaptureQueue.Report {
        try queue.take(into: &block)
    }

    /// Stops recording and waits until the device is closed, which a device that hangs has a second for.
    package func stop() {
        isWanted.store(false, ordering: .relaxed)
        _ = ended.wait(timeout: .now() + 1)
    }

    private func record(_ stream: PortAudioStream) {
        var block: [Float] = []
        var idleSince = ContinuousClock.now
        while isWanted.load(ordering: .relaxed) {
            do throws(CaptureError) {
                switch try stream.read(into: &block) {
                case .nothingYet:
                    guard ContinuousClock.now - idleSince < .seconds(Self.patienceSeconds) else {
                        throw .silent(device: device.name, seconds: Self.patienceSeconds)
                    }
                    usleep(5_000)
                    continue
                case .overrun: queue.noteOverrun()
                case .samples: break
                }
            } catch {
                queue.fail(error)
                return
            }
            idleSince = .now
            queue.add(block.span)
        }
    }
}
