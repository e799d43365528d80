internal import MynahBase

/// Where a model comes from: enough to judge it, and to train it again.
///
/// Texts are printed to terminals. The initializers write control characters as `\u{…}`, so that an odd file name in
/// the command line cannot spoil a model at the end of its training.
package struct TrainingProvenance: Codable, Hashable, Sendable {
    /// Seed of all random numbers of the training.
    package let seed: UInt64

    /// The command that trained the model, as typed.
    package let commandLine: String

    /// How many clips of each label there were.
    package let data: TrainingData

    /// SHA-256 over the names and sizes of the clips, in order of name, in hexadecimal digits.
    package let dataHash: String

    /// How clips were assigned to the splits, in words.
    package let splitRule: String

    /// Version of the program that trained the model.
    package let mynahVersion: String

    /// When the training ended, ISO 8601, for instance `2025-01-31T12:00:00Z`.
    package let date: String

    /// Epochs that were trained, at least 0.
    package let epochCount: Int

    /// The epoch whose weights were kept, counted from 1; 0 if those of the start were.
    package let bestEpoch: Int

    /// Clips of the validation split that the kept weights recognize.
    package internal(set) var validationAccuracy: Accuracy

    /// Every setting of the training, in the order in which a reader looks for them.
    package let settings: [Setting]

    /// Licence of the data and the names that it asks to be given; nil if unknown.
    package let attribution: String?

    /// Wraps what is known about a training.
    package init(
        seed: UInt64, commandLine: String, data: TrainingData, dataHash: String, splitRule: String,
        mynahVersion: String, date: String, epochCount: Int, bestEpoch: Int, validationAccuracy: Accuracy,
        settings: [Setting], attribution: String? = nil
    ) {
        self.seed = seed
        self.commandLine = commandLine.printable
        self.data = data
        self.dataHash = dataHash.printable
        self.splitRule = splitRule.printable
        self.mynahVersion = mynahVersion.printable
        self.date = date.printable
        self.epochCount = epochCount
        self.bestEpoch = bestEpoch
        self.validationAccuracy = validationAccuracy
        self.settings = settings
        self.attribution = attribution?.printable
    }

    /// A setting of the training and its value, both as text.
    package struct Setting: Codable, Hashable, Sendable {
        /// What is set, with its unit, for instance `batch size (clips)`.
        package let name: String

        /// The value.
        package let value: String

        /// Wraps a setting.
        package init(name: String, value: String) {
            self.name = name.printable
            self.value = value.printable
        }
    }

    /// A number of clips and how many of them were recognized.
    package struct Accuracy: Codable, Hashable, Sendable {
        /// Clips recognized, from 0 to `total`.
        package let correct: Int

        /// Clips in all; 0 if none were left for validation.
        package let total: Int

        /// Wraps the counts.
        package init(correct: Int, total: Int) {
            self.correct = correct
            self.total = total
        }
    }

    /// How many clips of each label went into each split.
    package struct TrainingData: Codable, Hashable, Sendable {
        /// Clips of one label.
        package struct ClipCount: Codable, Hashable, Sendable {
            /// The label.
            package let label: String

            /// Clips trained on.
            package let training: Int

            /// Clips that chose the epoch.
            package let validation: Int

            /// Clips left aside.
            package let testing: Int

            /// Wraps the counts of a label.
            package init(label: String, training: Int, validation: Int, testing: Int) {
                self.label = label.printable
                self.training = training
                self.validation = validation
                self.testing = testing
            }
        }

        /// The labels, in the order of the classes.
        package let clips: [ClipCount]

        /// Wraps the counts of all labels.
        package init(clips: [ClipCount]) {
            self.clips = clips
        }
    }
}

extension TrainingProvenance {
    /// Checks what a file says: counts that can be true, and texts that can be printed.
    func check() throws(ModelFault) {
        let texts =
            [commandLine, dataHash, splitRule, mynahVersion, date, attribution ?? ""]
            + settings.flatMap { [$0.name, $0.value] } + data.clips.map(\.label)
        if let text = texts.first(where: { !$0.isPrintable }) {
            throw .badProvenance(reason: "unprintable characters in \(text.quoted)")
        }
        guard 0 <= bestEpoch, bestEpoch <= epochCount else {
            throw .badProvenance(reason: "epoch \(bestEpoch) of \(epochCount) was the best")
        }
        guard 0 <= validationAccuracy.correct, validationAccuracy.correct <= validationAccuracy.total else {
            throw .badProvenance(
                reason: "\(validationAccuracy.correct) of \(validationAccuracy.total) clips were recognized")
        }
        for count in data.clips where min(count.training, count.validation, count.testing) < 0 {
            throw .badProvenance(
                reason:
                    "\(count.training), \(count.validation) and \(count.testing) clips of \(count.label.quoted)"
            )
        }
    }
}
