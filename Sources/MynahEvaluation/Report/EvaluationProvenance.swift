/// Where the figures of an evaluation come from: all that is needed to make them again.
public struct EvaluationProvenance: Codable, Hashable, Sendable {
    /// The version of Mynah.
    public var mynahVersion: String

    /// The machine, for instance its processor and number of cores.
    public var machine: String

    /// The command line, quoted as a shell needs it.
    public var commandLine: String

    /// The model, as the command line named it.
    public var model: String

    /// The hash of the model file.
    public var modelHash: String

    /// The hash of the front-end settings in the model.
    public var frontEndHash: String

    /// The data, as the command line named it.
    public var data: String

    /// The hash of the data: names, labels and sizes of all clips of the folder, or samples and words of the recordings.
    public var dataHash: String

    /// The split that was evaluated, for instance `testing`; nil where the data have none, as a recording.
    public var split: String?

    /// How the clips of the data were assigned to the splits, in words; nil where the data have none.
    public var splitRule: String?

    /// The seed of everything drawn: silence, unknown words, bootstrap.
    public var seed: UInt64

    /// Clips that could not be read and are missing from all figures.
    public var unreadableClips: [UnreadableClip]

    /// States where the figures come from.
    public init(
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
public struct UnreadableClip: Codable, Hashable, Sendable {
    /// Where the clip lies.
    public var path: String

    /// What is wrong with it, in one line.
    public var reason: String

    /// Names a clip and what is wrong with it.
    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }
}
