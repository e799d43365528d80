public import ArgumentParser
import MynahBase
public import MynahData
import MynahEvaluation
import MynahModel
import MynahRecognition
import MynahReport

/// `mynah evaluate`: how often a model is right, and how sure that figure is.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Report how well a model recognizes labelled clips, and detects words in continuous audio.",
        discussion: """
            FOLDER holds a folder of clips for each word. The clips of one split are recognized: all of the \
            model's words, and 10 % each of _unknown_ and _silence_, always the same ones. Choose by the \
            validation split; keep the testing split for one final number. For a causal model, the report also \
            says how early each clip could have been decided. With --conditions, clips are heard under other \
            conditions, and noise is heard alone; with --unmet as well, one figure says what to expect of people, words \
            and noise that training has never met.

            Of a speech model, as mynah train-speech makes it, FOLDER holds transcribed recordings; the errors in what it \
            spells are counted, in symbols and in words.

            With --stream or --negatives, words are detected as in live use: hits, misses, false alarms per hour and \
            delay, for the thresholds that the model would be used with and for all others. FOLDER may then be left out.

            EXAMPLE
              mynah evaluate recordings --model my-words.safetensors --split validation
              mynah evaluate LibriSpeech/dev-clean --model speech.safetensors --split validation
              mynah evaluate recordings --conditions --noise kitchen-sounds --unmet other-words --html report.html
              mynah evaluate --stream hour.wav --truth hour.tsv --negatives audiobooks
              mynah evaluate --stream hour.wav --truth hour.tsv --budget 0.5/h --output my-words.safetensors
            """)

    @Argument(help: "The folder with one folder for each word.")
    var folder: String?

    @OptionGroup var modelOptions: ModelOptions

    @Option(help: "Which split: \(DataSplit.allCases.map(\.rawValue).joined(separator: ", ")).")
    var split = DataSplit.testing

    @OptionGroup var data: LabelledDataOptions

    @Flag(
        help: """
            Also report the accuracy under time shift, gain, noise, and lossy transmission, and what is heard of noise \
            alone; takes twenty times as long.
            """
    )
    var conditions = false

    @Option(help: "With --conditions: a folder of other noise recordings that are to be heard alone, too.")
    var noise: String?

    @Option(
        help:
            "With --conditions: a folder of clips, one folder for each word, of words that training has never met."
    )
    var unmet: String?

    @Option(
        parsing: .unconditional,
        help:
            "The probability of a label at which Mynah stops listening to a clip, 0.5 to 1; 0.95 unless given."
    )
    var early: Float?

    @Flag(
        help:
            "With a speech model: hear all speakers of FOLDER, not a split of them; for folders that it has not learnt from."
    )
    var everySpeaker = false

    @OptionGroup(title: "Continuous audio") var openSet: OpenSetOptions

    @Flag(help: "Print the report as JSON.")
    var json = false

    @Option(help: "Also write the report as an HTML page that needs no other file.")
    var html: String?

    @Option(parsing: .unconditional, help: "Seed of the bootstrap interval.")
    var seed: UInt64 = 1

    @OptionGroup var outputOptions: OutputOptions

    private var outputs: [OutputFile] {
        [OutputFile("--html", html, .page), OutputFile("--output", openSet.output, .model)].compactMap(\.self)
    }

    func validate() throws {
        guard folder != nil || openSet.isUsed else {
            throw ValidationError("nothing to evaluate: give a FOLDER, --stream or --negatives")
        }
        if conditions, folder == nil { throw ValidationError("--conditions needs a FOLDER") }
        for (name, value) in [("--noise", noise), ("--unmet", unmet)] where value != nil && !conditions {
            throw ValidationError("\(name) needs --conditions")
        }
        try outputOptions.checkNames(outputs)
        if let early, !EarlyDecision.confidences.contains(early) {
            throw ValidationError("--early is \(early), expected 0.5 to 1")
        }
    }

    func run() throws {
        if Ranks.isFirst { try outputOptions.check(outputs) }
        if modelOptions.kind == .speech { return try evaluateSpeech() }
        if everySpeaker {
            throw CommandError.otherKindOfModel(
                model: modelOptions.name, kind: .commands, option: "--every-speaker")
        }
        let model = try modelOptions.load()
        // New thresholds for a strictness begin with those that are there.
        let detection =
            openSet.budget == nil
            ? try model.requiredDetection(openSet.strictness.strictness, name: modelOptions.name)
            : model.detection(openSet.strictness.strictness) ?? model.detection ?? DetectionSettings()
        let listening =
            openSet.isUsed
            ? try openSet.listen(model, channel: data.channels.selection, threads: data.threads) : nil
        let noises = try noise.map {
            NoiseRecordings(name: $0, files: try AudioTree.files(below: $0))
        }
        let strangers = try unmet.map {
            try UnmetWords.hear(
                AudioTree.clips(below: $0), source: $0, with: model, channel: data.channels.selection,
                threads: data.threads, communicator: Ranks.all)
        }
        let clips = try folder.map {
            try data.evaluation(of: model, folder: $0, split: split, canChoose: true)
        }
        let bootstrap = ClusterBootstrap(seed: seed)
        let closedSet = try clips.map {
            try ClosedSetEvaluation(labels: model.labels, clips: try $0.run(), bootstrap: bootstrap)
        }
        let conditionSeries = conditions ? try clips?.conditionSeries(bootstrap: bootstrap) : nil
        let noiseAlone = conditions ? try clips?.noiseAlone(recordings: noises) : nil
        let earlyDecision = try clips?.earlyDecision(confidence: early ?? 0.95, bootstrap: bootstrap)
        // What was heard of recordings has gone to the first process, which goes on alone.
        guard Ranks.isFirst else { return }
        var provenance = provenance(
            of: model, name: modelOptions.name, folder: folder, clips: clips, listening: listening,
            verifier: openSet.verification.verifier, seed: seed)
        provenance.unreadableClips += strangers?.unreadable ?? []
        let report = EvaluationReport(
            provenance: provenance, closedSet: closedSet, conditions: conditionSeries, noiseAlone: noiseAlone,
            unmetWords: strangers?.words, earlyDecision: earlyDecision,
            openSet: try listening.map {
                try OpenSetEvaluation(
                    $0, settings: detection, budgetPerHour: openSet.budget,
                    threads: data.threads)
            })
        if let html { try PageFile.write(report, to: html, folder: folder) }
        if json {
            try Terminal.print(jsonText(report, pretty: true))
        } else {
            try Terminal.print(report.text(color: Terminal.outputHasColor))
        }
        try openSet.writeAdvice(report.openSet, for: model)
        if !report.provenance.unreadableClips.isEmpty { throw ExitCode.failure }
    }
}

extension EvaluateCommand {
    /// Counts what a speech model spells wrongly.
    private func evaluateSpeech() throws {
        let name = modelOptions.name
        let others: [(String, Bool)] = [
            ("--conditions", conditions), ("--stream", !openSet.stream.isEmpty),
            ("--negatives", !openSet.negatives.isEmpty),
            ("--unknown", !data.unknownFolders.isEmpty), ("--early", early != nil),
        ]
        if let other = others.first(where: \.1) {
            throw CommandError.otherKindOfModel(model: name, kind: .speech, option: other.0)
        }
        let model = try SpeechModel(contentsOf: name)
        let corpus = try TranscribedCorpus(scanning: folder ?? "")
        let report = try SplitChoice.check(canChoose: true, canHearAll: true) {
            try SpeechReport(
                of: model, name: name, corpora: [corpus], split: everySpeaker ? nil : split,
                channel: data.channels.selection, threads: data.threads, seed: seed)
        }
        guard Ranks.isFirst else { return }
        if let html { try PageFile.write(report, to: html, folder: folder) }
        try Terminal.print(
            json ? jsonText(report, pretty: true) : report.text(color: Terminal.outputHasColor))
        if report.passedOver.count > 0 { throw ExitCode.failure }
    }
}

extension DataSplit: ExpressibleByArgument {}
