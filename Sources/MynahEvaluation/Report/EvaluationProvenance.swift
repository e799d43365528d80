/// Where the figures of an evaluation come from: all that is needed to make them again.
package struct EvaluationProvenance: Codable, Hashable, Sendable {
    /// The version of Mynah.
    package var mynahVersion: String

    /// The machine, for instance its processor and number of cores.
    package var machine: String

    /// The command line, quoted as a shell needs it.
    package var commandLine: String

    /// The model, as the command line named it.
    package var model: String

    /// The hash of the model file.
    package var modelHash: String

    /// The hash of the front-end settings in the model.
    package var frontEndHash: String

    /// The data, as the command line named it.
    package var data: String

    /// The hash of the data: names, labels and sizes of all clips of the folder, or samples and words of the recordings.
    package var dataHash: String

    /// The split that was evaluated, for instance `testing`; nil where the data have none, as a recording.
    package var split: String?

    /// How the clips of the data were assigned to the splits, in words; nil where the data have none.
    package var splitRule: String?

    /// The seed of everything drawn: silence, unknown words, bootstrap.
    package var seed: UInt64

    /// Clips that could not be read and are missing from all figures.
    package var unreadableClips: [UnreadableClip]

    /// States where the figures come from.
    package init(
        mynahVersion: String,
        machine: String,
        commandLine: String,
        model: String,
        modelHash: String,
        frontEndHash: String,
        data: String,
        dataHash: String,
        split: String?,
        splitRule: String? = nil,
        seed: UInt64,
        unreadableClips: [UnreadableClip]
    ) {
        self.mynahVersion = mynahVersion
        self.machine = machine
        self.commandLine = commandLine
        self.model = model
        self.modelHash = modelHash
        self.frontEndHash = frontEndHash
        self.data = data
        self.dataHash = dataHash
        self.split = split
        self.splitRule = splitRule
        self.seed = seed
        self.unreadableClips = unreadableClips
    }
}

/// A clip that could not be read.
package struct UnreadableClip: Codable, Hashable, Sendable {
    /// Where the clip lies.
    package var path: String

    /// What is wrong with it, in one line.
    package var reason: String

    /// Names a clip and what is wrong with it.
    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
