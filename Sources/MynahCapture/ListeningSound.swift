import Glibc
public import MynahAudio

/// Why a sound cannot be listened to, or not to its end.
public enum ListeningError: Error, Equatable, Sendable {
    /// A file or pipe cannot be read.
    case audio(AudioError)

    /// A microphone cannot be heard.
    case microphone(CaptureError)
}

extension ListeningError: CustomStringConvertible {
    /// One line: which sound, what is wrong with it, what was expected.
    public var description: String {
        switch self {
        case .audio(let error): error.description
        case .microphone(let error): error.description
        }
    }
}

/// The sound that is listened to, at the rate of a model: a file, a pipe or a microphone.
package struct ListeningSound: ~Copyable {
    /// What a read gave.
    package enum Progress: Sendable {
        case samples
        /// Nothing came in the time given.
        case nothingYet
        case end
    }

    /// Longest wait for sound, so that commands and signals are attended to in between.
    private static let waitMilliseconds: Int32 = 20

    /// Samples per second of what is delivered, in Hz.
    package let sampleRate: Int

    /// What was lost or broken since the start.
    package private(set) var losses = CaptureQueue.Report()

    /// Why the recording was cut short; listening goes on without it.
    package private(set) var recordingFailure: (any Error)?

    /// How much sound was lost since the start, as far as it is known.
    package var lostSeconds: Double {
        Double(losses.lostSampleCount) / Double(microphone?.sampleRate ?? sampleRate)
    }

    /// How much sound has come from a pipe, in seconds; nil for other sources, and before the first sample.
    package private(set) var pipedSeconds: Double?

    private var file: AudioStream?
    private var pipe: LivePipe?
    private var recorder: SoundRecorder?
    private let microphone: Microphone?
    private var resampler: Resampler?
    private var arrived: [Float] = []

    /// A file, which is read as fast as it is heard, or standard input, to be delivered at a rate.
    ///
    /// - Throws: ``ListeningError/audio(_:)`` when it cannot be opened.
    package init(
        _ source: AudioSource, channel: ChannelSelection, sampleRate: Int,
        recorder: consuming SoundRecorder? = nil
    ) throws(ListeningError) {
        self.sampleRate = sampleRate
        self.recorder = consume recorder
        microphone = nil
        do throws(AudioError) {
            switch source.location {
            case .file, .descriptor:
                file = try AudioStream(source, sampleRate: sampleRate, channel: channel)
                pipe = nil
            case .standardInput:
                pipe = try LivePipe(rawSampleRate: source.rawSampleRate, channel: channel)
                file = nil
            }
        } catch {
            throw .audio(error)
        }
    }

    /// A microphone, to be delivered at a rate.
    package init(_ microphone: Microphone, sampleRate: Int, recorder: consuming SoundRecorder? = nil) {
        self.sampleRate = sampleRate
        self.microphone = microphone
        self.recorder = consume recorder
        file = nil
        pipe = nil
    }

    deinit { microphone?.stop() }

    /// Replaces `block` by the next samples, within ±1.
    package mutating func read(into block: inout [Float]) throws(ListeningError) -> Progress {
        block.removeAll(keepingCapacity: true)
        arrived.removeAll(keepingCapacity: true)
        if let microphone { return try read(microphone, into: &block) }
        let progress: LivePipe.Progress?
        do {
            if let isRead = try file?.read(into: &block) { return isRead ? .samples : .end }
            progress = try pipe?.read(appendingTo: &arrived, timeoutMilliseconds: Self.waitMilliseconds)
        } catch {
            throw .audio(error)
        }
        losses.brokenSampleCount = pipe?.brokenSampleCount ?? 0
        pipedSeconds = pipe?.duration
        if let rate = pipe?.sampleRate { convert(from: rate, into: &block) }
        switch progress {
        case .samples: return .samples
        case .nothingYet: return .nothingYet
        case .end, nil:
            resampler?.finish(appendingTo: &block)
            clampToFullScale(&block)
            return .end
        }
    }

    /// Completes the recording of what was heard, if there is one and it was not cut short.
    ///
    /// - Returns: how long it is, in seconds.
    package mutating func finishRecording() throws -> Double? {
        guard let recorder = recorder.take() else { return nil }
        let rate = resampler?.inputRate ?? sampleRate
        return try recorder.finish(sampleRate: rate).map { Double($0) / Double(rate) }
    }

    /// Tells what was wrong with a pipe that has ended, once all of it was heard.
    package func checkEnd() throws(ListeningError) {
        do {
            try pipe?.checkEnd()
        } catch {
            throw .audio(error)
        }
    }

    private mutating func read(_ microphone: Microphone, into block: inout [Float]) throws(ListeningError)
        -> Progress
    {
        let report: CaptureQueue.Report
        do {
            report = try microphone.read(into: &arrived)
        } catch {
            throw .microphone(error)
        }
        losses.overrunCount += report.overrunCount
        losses.lostSampleCount += report.lostSampleCount
        losses.brokenSampleCount += report.brokenSampleCount
        guard !arrived.isEmpty else {
            usleep(UInt32(Self.waitMilliseconds) * 500)
            return .nothingYet
        }
        convert(from: microphone.sampleRate, into: &block)
        return .samples
    }

    private mutating func convert(from rate: Int, into block: inout [Float]) {
        do {
            try recorder?.append(arrived, sampleRate: rate)
        } catch {
            recordingFailure = error
        }
        guard rate != sampleRate else {
            swap(&block, &arrived)
            return
        }
        if resampler == nil { resampler = Resampler(from: rate, to: sampleRate) }
        let samples = arrived
        resampler?.process(samples.span, appendingTo: &block)
        // A filter overshoots where the signal is near full scale.
        clampToFullScale(&block)
    }
}
