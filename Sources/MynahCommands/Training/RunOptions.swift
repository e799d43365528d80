import ArgumentParser
import MynahBase
import MynahTraining

/// Where a training leaves what it makes, and from where one goes on, as options.
struct RunOptions: ParsableArguments {
    @Option(
        name: [.short, .long], help: "Where the model is written; with --run, best.safetensors in there.")
    var output: String?

    @Option(
        name: .customLong("run"),
        help: ArgumentHelp(
            "A new folder for everything that belongs to this training.",
            discussion: "Configuration, log, curves, checkpoints, the best model, and its report."))
    var newFolder: String?

    @Option(help: "The folder of a training to go on with; everything else is in there.")
    var resume: String?

    @Option(
        parsing: .unconditional,
        help: "Longest time between checkpoints, in minutes; each epoch ends with one as well.")
    var checkpointMinutes = 10.0

    @OptionGroup var replacing: OutputOptions

    /// Checks what was asked for, before anything is read.
    ///
    /// - Parameters:
    ///   - data: the argument that names what is learnt from.
    ///   - isGiven: whether it is there.
    /// - Returns: whether a training is started, which all other options have to be checked for; false where one goes on.
    func startsTraining(on data: String, isGiven: Bool) throws -> Bool {
        guard resume == nil else {
            guard !isGiven, output == nil, newFolder == nil else {
                throw ValidationError("--resume goes alone: its folder says what is trained on, and where to")
            }
            return false
        }
        guard isGiven else { throw ValidationError("Missing expected argument '\(data)'") }
        guard output != nil || newFolder != nil else { throw ValidationError("--output or --run is missing") }
        try replacing.checkNames([OutputFile("--output", output, .model)].compactMap(\.self))
        guard newFolder != "", newFolder != "-" else {
            throw ValidationError("--run is '\(newFolder ?? "")', expected the name of a folder")
        }
        guard (0.01...100_000).contains(checkpointMinutes) else {
            throw ValidationError("--checkpoint-minutes is \(checkpointMinutes), expected 0.01 to 100000")
        }
        return true
    }

    /// Where the model is written; nothing of the user's stands there, or `--force` was given.
    func checkedOutput(in runFolder: RunFolder?, reading inputs: [String] = []) throws -> String {
        // Other processes than the first one write nothing.
        guard Ranks.isFirst else { return output ?? "" }
        let best = runFolder?.file(.best)
        guard let output = output ?? best else { throw ValidationError("--output or --run is missing") }
        try replacing.check(
            [
                OutputFile("--output", output, .model),
                OutputFile("--run", best == output ? nil : best, .model),
            ].compactMap(\.self), reading: inputs)
        return output
    }
}
