/// Everything that one evaluation found, in the form that `--json` writes.
///
/// `Documentation/evaluation.md` describes every key. Keys are only ever added within a schema; one that changes its
/// meaning or goes away makes a new schema.
package struct EvaluationReport: Codable, Hashable, Sendable {
    /// The name and version of the schema.
    package let schema: String

    /// Where the figures come from.
    package let provenance: EvaluationProvenance

    /// How well clips that each hold one label are named; nil when that was not evaluated.
    package let closedSet: ClosedSetEvaluation?

    /// How the accuracy changes with time shift, level, noise and transmission; nil when that was not evaluated.
    package let conditions: [ConditionSeries]?

    /// What is heard where there is nothing but noise; nil when that was not evaluated.
    package let noiseAlone: [NoiseAlone]?

    /// What is heard in words that training has never met; nil when that was not evaluated.
    package let unmetWords: UnmetWords?

    /// The accuracy to expect among strangers; nil unless all was evaluated that it is made of.
    package let strangers: StrangerAccuracy?

    /// What stopping early costs and saves; nil when that was not evaluated, as for a model that is not causal.
    package let earlyDecision: EarlyDecisionEvaluation?

    /// How well words are detected in continuous audio; nil when that was not evaluated.
    package let openSet: OpenSetEvaluation?

    /// The schema that this version of Mynah writes.
    package static let currentSchema = "mynah.evaluation/1"

    /// A report in the current schema.
    package init(
        provenance: EvaluationProvenance, closedSet: ClosedSetEvaluation?,
        conditions: [ConditionSeries]? = nil, noiseAlone: [NoiseAlone]? = nil,
        unmetWords: UnmetWords? = nil,
        earlyDecision: EarlyDecisionEvaluation? = nil, openSet: OpenSetEvaluation? = nil
    ) {
        schema = Self.currentSchema
        self.provenance = provenance
        self.closedSet = closedSet
        self.conditions = conditions
        self.noiseAlone = noiseAlone
        self.unmetWords = unmetWords
        strangers =
            if let closedSet, let noiseAlone, let unmetWords {
                StrangerAccuracy(closedSet: closedSet, noiseAlone: noiseAlone, unmet: unmetWords)
            } else { nil }
        self.earlyDecision = earlyDecision
        self.openSet = openSet
    }
}

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

    /// What verified words in continuous audio before they counted; nil where nothing did.
    package var verifier: Verifier?

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

    /// A speech model that verified words.
    package struct Verifier: Codable, Hashable, Sendable {
        /// The model, as the command line named it.
        package var name: String

        /// The hash of the model file.
        package var hash: String

        /// Names a speech model.
        package init(name: String, hash: String) {
            self.name = name
            self.hash = hash
        }
    }

    /// States where the figures come from.
    package init(
        mynahVersion: String,
        machine: String,
        commandLine: String,
        model: String,
        modelHash: String,
        frontEndHash: String,
        verifier: Verifier? = nil,
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
        self.verifier = verifier
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
