import MynahAudio
import Synchronization

/// Samples on their way from the thread that records to the one that listens, with room for some seconds.
///
/// What does not fit is dropped and counted: recording goes on whatever the listener does.
package final class CaptureQueue: Sendable {
    /// What became of the sound since the last time.
    package struct Report: Sendable, Equatable {
        /// Times that sound was lost, in the device or here.
        package var overrunCount = 0

        /// Samples that were lost here; those lost in a device are not known.
        package var lostSampleCount = 0

        /// Samples that were not finite numbers and became 0.
        package var brokenSampleCount = 0

        /// Nothing happened.
        package init() {}
    }

    private struct Contents {
        var samples: [Float] = []
        var report = Report()
        var failure: CaptureError?
        var isDropping = false
    }

    private let capacity: Int
    private let contents = Mutex(Contents())

    /// Makes room for so many samples.
    package init(capacity: Int) {
        precondition(capacity > 0, "a queue of \(capacity) samples")
        self.capacity = capacity
        contents.withLock { $0.samples.reserveCapacity(capacity) }
    }

    /// Adds samples, as far as they fit.
    package func add(_ samples: Span<Float>) {
        contents.withLock { contents in
            let start = contents.samples.count
            let fitting = min(samples.count, capacity - start)
            for index in 0..<fitting {
                let sample = samples[index]
                if !sample.isFinite { contents.report.brokenSampleCount += 1 }
                contents.samples.append(sample.isFinite ? sample : 0)
            }
            clampToFullScale(&contents.samples, from: start)
            contents.report.lostSampleCount += samples.count - fitting
            if fitting < samples.count, !contents.isDropping { contents.report.overrunCount += 1 }
            contents.isDropping = fitting < samples.count
        }
    }

    /// Notes that a device has lost sound.
    package func noteOverrun() {
        contents.withLock { $0.report.overrunCount += 1 }
    }

    /// Notes that nothing more will come.
    package func fail(_ error: CaptureError) {
        contents.withLock { $0.failure = $0.failure ?? error }
    }

    /// Replaces `block` by all samples that have come, and tells what was lost since the last time.
    ///
    /// - Throws: the error that ended recording, once all samples before it were taken.
    package func take(into block: inout [Float]) throws(CaptureError) -> Report {
        block.removeAll(keepingCapacity: true)
        var failure: CaptureError?
        var report = Report()
        contents.withLock { contents in
            // The two arrays change places, so that nothing is copied while the recorder waits.
            swap(&contents.samples, &block)
            report = contents.report
            contents.report = Report()
            if block.isEmpty { failure = contents.failure }
        }
        if let failure { throw failure }
        return report
    }
}
