import ArgumentParser
import Mynah
import MynahBase
import MynahCapture
import MynahData
import MynahLanguage
import MynahRecognition
import MynahReport
import MynahTeaching

/// What is told and done while a sound is heard, from its start to its end.
struct ListeningReport {
    private var commands: WordCommands

    /// What words ask for, and the commands of that, where intents are listened for.
    private var intents: SpokenIntents?
    private var intentCommands: WordCommands

    /// How much was heard, in seconds of sound, and its rate in Hz.
    private var heardSeconds = 0.0
    private let sampleRate: Int

    /// A file waits: no command is left out because the file is heard faster than it was spoken.
    private let isFile: Bool
    private let json: Bool
    private var meter: LevelMeter

    /// Where what is heard is kept, if it is.
    private let record: String?
    private var isRecordingFailed = false

    /// Keeps the moments that are worth a review, if it is asked to, in the folder of this name.
    private var keeper: MomentKeeper?
    private let keptFolder: String?

    private var reported = CaptureQueue.Report()
    private var lastReport = ContinuousClock.now

    /// Prepares to listen.
    ///
    /// - Parameter sampleRate: the rate of the sound that will be heard, in Hz.
    init(
        sampleRate: Int, commands: WordCommands, intents: SpokenIntents?, intentCommands: WordCommands,
        record: String?, keeper: MomentKeeper?, keptFolder: String?, isFile: Bool, json: Bool
    ) {
        self.commands = commands
        self.intents = intents
        self.intentCommands = intentCommands
        self.record = record
        self.keeper = keeper
        self.keptFolder = keptFolder
        self.isFile = isFile
        self.json = json
        self.sampleRate = sampleRate
        meter = LevelMeter(sampleRate: sampleRate)
    }

    /// Listens until the sound ends, Ctrl-C comes, or nobody reads what is told any more.
    ///
    /// - Throws: what ended the sound before its time, after all that was heard was told and kept; `ExitCode.failure` where
    ///   all went well but the recording.
    mutating func run(_ session: inout ListeningSession) throws {
        var failure: (any Error)?
        do {
            try listen(&session)
        } catch let error as CommandError where error.endsOutput && Terminal.isOutputClosed {
            // A reader who has seen enough.
        } catch {
            failure = error
        }
        Terminal.clearStatus()
        report(session.sound, isLast: true)
        if let seconds = session.sound.pipedSeconds {
            Terminal.note("mynah: heard \(Self.durationText(seconds)) of sound from the pipe")
        }
        // Before the commands, for which whoever ends the program may not wait.
        finishRecording(of: &session.sound)
        finishKeeping()
        commands.waitForAll()
        intentCommands.waitForAll()
        if let failure { throw failure }
        try session.sound.checkEnd()
        if isRecordingFailed { throw ExitCode.failure }
    }

    private mutating func finishRecording(of sound: inout ListeningSound) {
        do {
            guard let record, let seconds = try sound.finishRecording() else { return }
            Terminal.note("Kept \(NumberText.fixed(seconds, decimals: 2)) s in \(record.printable).")
        } catch {
            isRecordingFailed = true
            Terminal.error(error)
        }
    }

    private mutating func finishKeeping() {
        attempt { try $0.finish() }
        guard let keeper, let keptFolder, keeper.keptCount > 0 else { return }
        Terminal.note(
            "Kept \(counted(keeper.keptCount, "moment")) in \(keptFolder.printable); mynah review asks what they were."
        )
    }

    /// Has moments kept; where that fails, it is told once, and listening goes on.
    private mutating func attempt(_ keeping: (inout MomentKeeper) throws -> Void) {
        guard var taken = keeper.take() else { return }
        defer { keeper = taken }
        do {
            try keeping(&taken)
        } catch {
            Terminal.error(error)
            Terminal.note("note: no more moments are kept; listening goes on")
        }
    }

    /// Seconds of sound, with hours and minutes where there are any.
    private static func durationText(_ seconds: Double) -> String {
        let minutes = Int(seconds / 60)
        let rest = NumberText.fixed(seconds - Double(60 * minutes), decimals: 1)
        switch minutes {
        case 0: return "\(rest) s"
        case 1..<60: return "\(minutes) min \(rest) s"
        default: return "\(minutes / 60) h \(minutes % 60) min \(rest) s"
        }
    }

    private mutating func listen(_ session: inout ListeningSession) throws {
        var detections: [Detection] = []
        while !Interruption.isRequested, !Terminal.isOutputClosed {
            let progress = try session.hear(
                &detections,
                onAverage: { keeper?.follow($0, $1, at: $2) })
            meter.hear(session.block)
            for detection in detections { keeper?.detect(detection) }
            let block = session.block
            attempt { try $0.hear(block) }
            for detection in detections {
                let heard = intents?.hear(detection.label, start: detection.start, end: detection.end)
                try tell(heard?.before)
                let line = EventLine(detection)
                try Terminal.print(json ? jsonText(line) : line.text)
                commands.start(for: line.word, detection, waitsForRoom: isFile)
                try tell(heard?.now)
            }
            heardSeconds += Double(session.block.count) / Double(sampleRate)
            try tell(
                progress == .end
                    ? intents?.finish(at: heardSeconds)
                    : intents?.wait(until: heardSeconds, pendingStart: session.pendingStart))
            report(session.sound, isLast: false)
            commands.supervise()
            intentCommands.supervise()
            if progress == .end { return }
            if !isFile { meter.draw(leader: session.leader) }
        }
    }

    /// Tells what words asked for, and does it.
    private mutating func tell(_ heard: SpokenIntents.Heard?) throws {
        guard let heard else { return }
        let line = IntentLine(heard)
        let text = try jsonText(line)
        try Terminal.print(json ? text : line.line)
        intentCommands.start(
            for: line.intent, variables: line.environment, input: Array(text.utf8),
            waitsForRoom: isFile)
    }

    /// Tells of a recording that was cut short, and, once a second at most, of sound that was lost or broken.
    private mutating func report(_ sound: borrowing ListeningSound, isLast: Bool) {
        if let failure = sound.recordingFailure, !isRecordingFailed {
            isRecordingFailed = true
            Terminal.error(failure)
        }
        let losses = sound.losses
        guard losses != reported, isLast || ContinuousClock.now - lastReport > .seconds(1) else { return }
        lastReport = .now
        reported = losses
        if losses.overrunCount > 0 {
            let seconds =
                losses.lostSampleCount > 0
                ? ", at least \(NumberText.fixed(sound.lostSeconds, decimals: 2)) s" : ""
            Terminal.note(
                "mynah: sound was lost \(losses.overrunCount) times so far\(seconds): the computer was too slow"
            )
        }
        if losses.brokenSampleCount > 0 {
            Terminal.note(
                "mynah: \(NumberText.grouped(losses.brokenSampleCount)) samples so far were no numbers and count as silence"
            )
        }
    }
}
