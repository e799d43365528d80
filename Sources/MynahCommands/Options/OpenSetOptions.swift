public import ArgumentParser
import MynahAudio
import MynahBase
import MynahEvaluation
public import MynahModel

/// Continuous audio that a model is to be tried on, and what thresholds are advised for.
struct OpenSetOptions: ParsableArguments {
    @Option(help: "A recording to detect words in; may be given several times.")
    var stream: [String] = []

    @Option(
        help: "Its table of words: start, end and word, as mynah compose writes it; one for each --stream.")
    var truth: [String] = []

    @Option(help: "An audio file, or a folder and all its subfolders, without any command in it.")
    var negatives: [String] = []

    @Option(
        parsing: .unconditional,
        help: """
            Advise a threshold for each word, and for how long it must be kept, so that false alarms stay below this rate, \
            such as 0.5/h.
            """,
        transform: { try falseAlarmBudget($0) })
    var budget: Double?

    @Option(name: [.short, .long], help: "Where the model with the advised thresholds is written.")
    var output: String?

    @OptionGroup var strictness: StrictnessOptions

    @OptionGroup var verification: VerificationOptions

    /// Whether anything is to be listened to.
    var isUsed: Bool { !stream.isEmpty || !negatives.isEmpty }

    func validate() throws {
        guard stream.count == truth.count else {
            throw ValidationError(
                "\(stream.count) --stream and \(truth.count) --truth, expected a table for each recording")
        }
        var names: Set<String> = []
        if let twice = (stream + negatives).first(where: { !names.insert($0).inserted }) {
            throw ValidationError("'\(twice.printable)' is given twice")
        }
        if budget != nil, stream.isEmpty {
            throw ValidationError("--budget needs words that may be missed: give --stream and --truth")
        }
        if output != nil, budget == nil { throw ValidationError("--output needs --budget") }
        if verification.verifier != nil, !isUsed {
            throw ValidationError("--verifier is about continuous audio: give --stream or --negatives")
        }
    }

    /// Listens to all that was given, and tells what cannot be read.
    func listen(
        _ model: CommandModel, channel: ChannelSelection, threads: Int
    ) throws -> OpenSetListening {
        var recordings: [ContinuousRecording] = []
        for (file, table) in zip(stream, truth) {
            let truth = try TruthTable(contentsOf: table)
            recordings.append(ContinuousRecording(.file(path: file), truth: truth, truthName: table))
        }
        for path in negatives {
            recordings.append(
                ContinuousRecording(withoutCommands: try AudioTree.files(below: path), name: path))
        }
        let listening = try OpenSetListening(
            recordings, model: model, verifier: try verification.load(for: model), channel: channel,
            threads: threads,
            communicator: Ranks.all)
        for file in listening.unreadable {
            Terminal.note("mynah: \(file.path.printable): \(file.reason.printable)")
        }
        return listening
    }

    /// Writes the model with the advised thresholds, if that was asked for.
    ///
    /// - Throws: ``CommandError/budgetNotKept(model:budgetPerHour:)``, `ModelError`.
    func writeAdvice(_ evaluation: OpenSetEvaluation?, for model: CommandModel) throws {
        guard Ranks.isFirst, let output, let advice = evaluation?.advice else { return }
        guard advice.isWithinBudget else {
            throw CommandError.budgetNotKept(model: output, budgetPerHour: advice.budgetPerHour)
        }
        try model.with(detection: advice.settings, for: strictness.strictness).write(to: output)
        Terminal.note("Wrote \(output.printable) with the advised thresholds.")
    }
}

/// Which of a model's thresholds are used.
struct StrictnessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Which thresholds of the model: lax, usual or strict.",
            discussion: "Lax ones hear more words and more for nothing, strict ones less of both."))
    var strictness = Strictness.usual
}

extension Strictness: ExpressibleByArgument {}

/// A rate of false alarms, `0.5/h` or `0.5`.
private func falseAlarmBudget(_ text: String) throws -> Double {
    let number = text.hasSuffix("/h") ? String(text.dropLast(2)) : text
    guard let rate = Double(number), rate.isFinite, rate >= 0 else {
        throw ValidationError("'\(text.printable)' is not a rate, expected one such as 0.5/h")
    }
    return rate
}
