/// The figures of a model of intents, and where they come from.
package struct IntentReport: Codable, Sendable {
    package let mynahVersion: String
    package let machine: String
    package let commandLine: String

    /// The model, as the command line named it, and the hash of its file.
    package let model: String
    package let modelHash: String

    /// The phrases, as the command line named them, and the hash over all of them.
    package let data: String
    package let dataHash: String

    /// The split, and how lines are divided.
    package let split: String
    package let splitRule: String

    /// Seed of the bootstrap intervals.
    package let seed: UInt64

    /// The figures.
    package let result: IntentEvaluation

    /// Brings figures and their origin together.
    package init(
        mynahVersion: String, machine: String, commandLine: String, model: String, modelHash: String,
        data: String,
        dataHash: String, split: String, splitRule: String, seed: UInt64, result: IntentEvaluation
    ) {
        self.mynahVersion = mynahVersion
        self.machine = machine
        self.commandLine = commandLine
        self.model = model
        self.modelHash = modelHash
        self.data = data
        self.dataHash = dataHash
        self.split = split
        self.splitRule = splitRule
        self.seed = seed
        self.result = result
    }
}
