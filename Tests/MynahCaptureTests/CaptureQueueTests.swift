import Dispatch
import MynahCapture
import Testing

/// The queue between recorder and listener.
struct CaptureQueueTests {
    @Test func samplesPassInOrder() throws {
        let queue = CaptureQueue(capacity: 100)
        var block: [Float] = []
        let first: [Float] = [0.1, 0.2]
        let second: [Float] = [0.3]
        queue.add(first.span)
        queue.add(second.span)
        #expect(try queue.take(into: &block) == CaptureQueue.Report())
        #expect(block == [0.1, 0.2, 0.3])
        _ = try queue.take(into: &block)
        #expect(block.isEmpty)
    }

    /// A slow listener loses sound, and is told how much; one gap counts once.
    @Test func overrunsAreCounted() throws {
        let queue = CaptureQueue(capacity: 10)
        let samples = [Float](repeating: 0.5, count: 8)
        for _ in 0..<3 { queue.add(samples.span) }
        var block: [Float] = []
        var report = try queue.take(into: &block)
        #expect(block.count == 10)
        #expect(report.overrunCount == 1 && report.lostSampleCount == 14)
        for _ in 0..<2 { queue.add(samples.span) }
        queue.noteOverrun()
        report = try queue.take(into: &block)
        #expect(report.overrunCount == 2 && report.lostSampleCount == 6)
        #expect(try queue.take(into: &block) == CaptureQueue.Report())
    }

    @Test func brokenSamplesBecomeSilence() throws {
        let queue = CaptureQueue(capacity: 10)
        let samples: [Float] = [.nan, .infinity, -.infinity, 2, -0.25]
        queue.add(samples.span)
        var block: [Float] = []
        #expect(try queue.take(into: &block).brokenSampleCount == 3)
        #expect(block == [0, 0, 0, 1, -0.25])
    }

    /// What was recorded before a device failed is heard first.
    @Test func failureComesAfterTheSamples() throws {
        let queue = CaptureQueue(capacity: 10)
        let samples: [Float] = [1]
        queue.add(samples.span)
        queue.fail(.failed(device: "usb", reason: "gone"))
        queue.fail(.noDevice)
        var block: [Float] = []
        _ = try queue.take(into: &block)
        #expect(block == [1])
        #expect(throws: CaptureError.failed(device: "usb", reason: "gone")) {
            try queue.take(into: &block)
        }
    }

    @Test func threadsShareIt() throws {
        let queue = CaptureQueue(capacity: 1_000)
        let count = 20_000
        let done = DispatchSemaphore(value: 0)
        DispatchQueue.global().async {
            for value in 0..<count {
                let sample = [Float(value) / Float(count)]
                queue.add(sample.span)
            }
            done.signal()
        }
        var heard: [Float] = []
        var lost = 0
        var block: [Float] = []
        repeat {
            lost += try queue.take(into: &block).lostSampleCount
            heard += block
        } while done.wait(timeout: .now()) == .timedOut
        lost += try queue.take(into: &block).lostSampleCount
        heard += block
        #expect(heard.count + lost == count)
        #expect(heard == heard.sorted())
    }
}
