import ArgumentParser
import MynahAudio
import MynahBase
import MynahCapture
import MynahFeatures
import MynahModel
import MynahRecognition
import MynahReport

/// One sound from start to end: reports each word that is heard, and everything that goes wrong on the way.
struct ListeningSession {
    private let recognizer: StreamingRecognizer
    private var commands: WordCommands

    /// What words ask for, and the commands of that, where intents are listened for.
    private var intents: SpokenIntents?
    private var intentCommands: WordCommands

    /// How much was heard, in seconds of sound.
    private var heardSeconds = 0.0

    /// A file waits: no command is left out because the file is heard faster than it was spoken.
    private let isFile: Bool
    private let json: Bool
    private var meter: LevelMeter

    /// Where what is heard is kept, if it is.
    private let record: String?
    private var isRecordingFailed = false

    /// The labels that are words, and the one of them that is the most probable at the moment.
    private let words: [Int]
    private var leader: (label: Int, probability: Float)?
    private var reported = CaptureQueue.Report()
    private var lastReport = ContinuousClock.now

    /// Prepares to listen.
    init(
        _ recognizer: StreamingRecognizer, commands: WordCommands, intents: SpokenIntents? = nil,
        intentCommands: WordCommands = WordCommands([:]), record: String?, isFile: Bool, json: Bool
    ) {
        self.recognizer = recognizer
        self.commands = commands
        self.intents = intents
        self.intentCommands = intentCommands
        self.record = record
        self.isFile = isFile
        self.json = json
        meter = LevelMeter(sampleRate: recognizer.model.frontEnd.sampleRate)
        let labels = recognizer.model.labels
        words = labels.indices.filter { StandardLabel.isWord(labels[$0]) }
    }

    /// Listens until the sound ends, Ctrl-C comes, or nobody reads what is told any more.
    ///
    /// - Throws: what ended the sound before its time, after all that was heard was told and kept; `ExitCode.failure` where
    ///   all went well but the recording.
    mutating func run(_ sound: inout ListeningSound) throws {
        var failure: (any Error)?
        do {
            try listen(to: &sound)
        } catch let error as CommandError where error.endsOutput && Terminal.isOutputClosed {
            // A reader who has seen enough.
        } catch {
            failure = error
        }
        Terminal.clearStatus()
        report(sound, isLast: true)
        if let seconds = sound.pipedSeconds {
            Terminal.note("mynah: heard \(Self.durationText(seconds)) of sound from the pipe")
        }
        // Before the commands, for which whoever ends the program may not wait.
        finishRecording(of: &sound)
        commands.waitForAll()
        intentCommands.waitForAll()
        if let failure { throw failure }
        try sound.checkEnd()
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

    private mutating func listen(to sound: inout ListeningSound) throws {
        var block: [Float] = []
        while !Interruption.isRequested, !Terminal.isOutputClosed {
            let progress = try sound.read(into: &block)
            meter.hear(block)
            try hear(block, isLast: progress == .end)
            report(sound, isLast: false)
            commands.supervise()
            intentCommands.supervise()
            if progress == .end { return }
            if !isFile {
                meter.draw(word: leader.map { (recognizer.model.labels[$0.label], $0.probability) })
            }
        }
    }

    private mutating func hear(_ block: [Float], isLast: Bool) throws {
        var detections: [Detection] = []
        var leader = leader
        defer { self.leader = leader }
        let words = words
        recognizer.push(
            block.span,
            onPosteriors: { _, posteriors in
                guard let best = words.indexOfLargest(by: { posteriors[$0] }) else { return }
                leader = (best, posteriors[best])
            },
            onDetection: { detections.append($0) })
        if isLast { recognizer.finish(onDetection: { detections.append($0) }) }
        for detection in detections {
            let line = EventLine(detection)
            try Terminal.print(json ? jsonText(line) : line.text)
            commands.start(for: line.word, detection, waitsForRoom: isFile)
            try tell(intents?.wait(until: detection.start))
            try tell(intents?.hear(detection))
        }
        heardSeconds += Double(block.count) / Double(recognizer.model.frontEnd.sampleRate)
        try tell(isLast ? intents?.finish(at: heardSeconds) : intents?.wait(until: heardSeconds))
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
