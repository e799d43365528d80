import Glibc
import Mynah
import MynahAudio
import MynahBase
import MynahCapture
import MynahData
import MynahTeaching

/// Records a word from the microphone, take by take, each until it is good.
///
/// Each take is kept as soon as it is good, so that no interruption costs one.
struct TakeRecording {
    let word: String
    let speaker: String
    let device: String?
    let seconds: Double
    let count: Int

    /// So often a take is recorded again before it is kept as it is.
    private static let retryLimit = 3

    /// Records, and learns.
    ///
    /// - Throws: `EnrolmentError.silentTake` where nothing is said again and again, `CommandError.interrupted` on Ctrl-C before
    ///   the first take.
    func run(_ enrolment: Enrolment) throws -> EnrolmentAdvice {
        let microphone = try Microphone(device, preferredRate: enrolment.sampleRate)
        Terminal.note(
            "listening to \(microphone.device.name.printable); say \(word.quoted) once for each take, Ctrl-C ends"
        )
        Interruption.watch()
        var sound = ListeningSound(microphone, sampleRate: enrolment.sampleRate)
        var kept: [String] = []
        do {
            while kept.count < count, !Interruption.isRequested {
                guard let take = try goodTake(number: kept.count + 1, from: &sound) else { break }
                let paths = try enrolment.keep([take], of: word, speaker: speaker)
                kept += paths.map { String($0.pathName) }
                for path in paths { try play(path, meanwhile: &sound) }
            }
        } catch {
            // What was recorded until then is learnt.
            if !kept.isEmpty { _ = try enrolment.learn() }
            throw error
        }
        Terminal.clearStatus()
        guard !kept.isEmpty else { throw CommandError.interrupted }
        return try repeatDiffering(try enrolment.learn(), enrolment, kept: kept, from: &sound)
    }

    /// Records anew, once, what differs from the other takes that have just been made.
    ///
    /// - Parameter kept: the names of these, in the order in which they were made.
    private func repeatDiffering(
        _ advice: EnrolmentAdvice, _ enrolment: Enrolment, kept: [String], from sound: inout ListeningSound
    ) throws -> EnrolmentAdvice {
        let differing = (advice[word]?.differingTakes ?? []).filter(kept.contains)
        var advice = advice
        for name in differing where differing.count < kept.count && !Interruption.isRequested {
            let number = 1 + (kept.firstIndex(of: name) ?? 0)
            Terminal.note("take \(number) differs from the others: once more")
            guard let take = try goodTake(number: number, from: &sound) else { break }
            try enrolment.keep([take], of: word, speaker: speaker)
            advice = try enrolment.forget(word, take: name) ?? advice
        }
        return advice
    }

    /// A take with which nothing is wrong, or after several tries one that can at least be heard; nil on Ctrl-C.
    private func goodTake(number: Int, from sound: inout ListeningSound) throws -> Waveform? {
        for attempt in 0...Self.retryLimit {
            guard let take = try record(number: number, from: &sound) else { return nil }
            let faults = TakeFault.faults(of: take)
            if faults.isEmpty { return take }
            let reasons = faults.map(\.description).joined(separator: ", ")
            guard attempt == Self.retryLimit else {
                Terminal.note("take \(number): \(reasons); once more")
                continue
            }
            guard !faults.contains(.silent) else {
                throw EnrolmentError.silentTake(path: "take \(number)")
            }
            Terminal.note("note: take \(number): \(reasons); kept as it is")
            return take
        }
        return nil
    }

    /// Plays a take to a person at a terminal, where aplay is installed; what the microphone hears meanwhile is left.
    private func play(_ path: String, meanwhile sound: inout ListeningSound) throws {
        var failure: Int32 = 0
        guard Terminal.isTerminal,
            let player = ChildProcess(["aplay", "-q", path], adding: [:], failure: &failure)
        else { return }
        var block: [Float] = []
        while player.ending == nil, !Interruption.isRequested { _ = try sound.read(into: &block) }
        player.send(SIGTERM)
    }

    /// Counts down, and records; nil on Ctrl-C.
    private func record(number: Int, from sound: inout ListeningSound) throws -> Waveform? {
        if !Terminal.isTerminal { Terminal.note("take \(number) of \(count): now") }
        var meter = LevelMeter(sampleRate: sound.sampleRate)
        var block: [Float] = []
        let start = ContinuousClock.now
        let countdown = Terminal.isTerminal ? 2.1 : 0.3
        var left = countdown
        while left > 0 {
            if Interruption.isRequested { return nil }
            _ = try sound.read(into: &block)
            let shown = Int((left / 0.7).rounded(.up))
            Terminal.showStatus { _ in "take \(number) of \(count) in \(shown) …" }
            let elapsed = ContinuousClock.now - start
            left =
                countdown - Double(elapsed.components.seconds)
                - Double(elapsed.components.attoseconds) * 1e-18
        }
        var samples: [Float] = []
        let wanted = Int(seconds * Double(sound.sampleRate))
        while samples.count < wanted {
            if Interruption.isRequested { return nil }
            guard case .samples = try sound.read(into: &block) else { continue }
            samples += block
            meter.hear(block)
            meter.draw(leader: nil)
        }
        Terminal.clearStatus()
        return Waveform(samples: Array(samples.prefix(wanted)), sampleRate: sound.sampleRate)
    }
}
