import ArgumentParser
import FoundationEssentials
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahReport
import MynahTeaching
import MynahTraining

/// `mynah train`: from a labelled folder to a model.
struct TrainCommand: TrainingCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model on a folder of labelled recordings.",
        discussion: """
            FOLDER holds one folder of recordings for each word, named <speaker>_nohash_<take>.<ext> so that no \
            speaker is both trained on and tested with; _background_noise_ in it holds long recordings of noise. \
            The model that does best on the validation split is kept, even when Ctrl-C stops the training, which \
            then counts as success; a second Ctrl-C quits at once. With --run, a training that was interrupted \
            in any way can go on with --resume, to the same weights as if it had not been.

            EXAMPLE
              mynah train recordings --output my-words.safetensors
              mynah train recordings --run my-run
              mynah train --resume my-run
              mynah train recordings --from built-in --output my-words.safetensors
              mynah train --say "hey mynah" --output hey.safetensors
            """)

    @Argument(help: "The folder with one folder for each word.")
    var folder: String?

    @Option(
        help: ArgumentHelp(
            "Instead of FOLDER: a phrase to learn from text alone; may be given several times.",
            discussion: """
                It is spoken as mynah synthesize does, with near phrases as _unknown_, and learnt by the network of words that \
                comes with mynah unless another one is asked for. The window is as long as the clips need.
                """))
    var say: [String] = []

    @OptionGroup var destination: RunOptions

    @Option(help: "Words to learn, separated by commas; all other folders are _unknown_.")
    var words: String?

    @Option(
        name: .customLong("unknown"),
        help: "Another folder of the same layout, whose words are all _unknown_.")
    var unknownFolders: [String] = []

    @Option(
        help: ArgumentHelp(
            "An audio file, or a folder and all its subfolders, without any command in it; may be given several times.",
            discussion: """
                Running speech without any of the words: windows from anywhere in it are _unknown_, so that \
                fewer words are heard where people talk.
                """))
    var negatives: [String] = []

    @OptionGroup var channels: ChannelOptions

    @OptionGroup var speakers: SpeakerOptions

    @Option(
        help: ArgumentHelp(
            "Most memory for decoded clips, such as 512M or 4G; others are read again whenever they are needed.",
            discussion: """
                Recordings of noise and those of --negatives have memory of their own, up to 1 and 2 GiB, of which \
                longer ones are used in part.
                """), transform: { try byteCount($0, option: "--clip-memory") })
    var clipMemory = 6 << 30

    @Flag(help: "Go on without recordings of a pack that are damaged.")
    var skipDamaged = false

    @Option(help: "Leave out the clips on this list, as mynah doctor --exclusions writes it.")
    var exclude: String?

    @Option(
        name: .customLong("from"),
        help: ArgumentHelp(
            "A model to start from, instead of random weights: a file, or built-in for the one in mynah.",
            discussion: """
                Its labels may differ. Of a speech model, which mynah train-speech makes, the layers are taken and what lies above them, the \
                read-out, is learnt anew. One word alone starts from the network of words that comes with mynah.
                """))
    var start: String?

    @Option(help: "A model whose posteriors are learned along with the labels: a file, or built-in.")
    var teacher: String?

    @Option(
        help: ArgumentHelp(
            "Front end: \(FrontEndPreset.allCases.map(\.rawValue).joined(separator: ", ")), or a file.",
            discussion: """
                A file ends in .json and holds settings as mynah inspect --json prints them. Without it, that of \
                --from or --teacher; else mynah, and mynah-mel where --layers begins with a convolution.
                """))
    var frontEnd: String?

    @OptionGroup(title: "Network") var network: NetworkOptions

    @Option(
        parsing: .unconditional,
        help: "Length of the window that the network hears, in seconds; 1, or that of --from or --teacher.")
    var clipSeconds: Double?

    @OptionGroup(title: "Training") var training: TrainingOptions

    @OptionGroup(title: "Augmentation") var augmentation: AugmentationOptions

    @Option(help: "Source and licence of the recordings, kept in the model.")
    var attribution: String?

    func validate() throws {
        guard
            try destination.startsTraining(on: "<folder>", isGiven: folder != nil || !say.isEmpty)
        else { return }
        guard say.isEmpty || folder == nil && words == nil && exclude == nil else {
            throw ValidationError(
                "--say brings its own recordings: a folder, --words and --exclude do not go with it; "
                    + "for both, use mynah synthesize")
        }
        guard Set(say).count == say.count else {
            throw ValidationError("--say is given twice with one phrase")
        }
        guard say.isEmpty || Ranks.all.size == 1 else {
            throw ValidationError(
                "--say is for one process; use mynah synthesize, and train on what it makes")
        }
        if let clipSeconds, !(0.1...30).contains(clipSeconds) {
            throw ValidationError("--clip-seconds is \(clipSeconds), expected 0.1 to 30")
        }
        guard start == nil || network.isDefault || startsFromSpeech else {
            throw ValidationError(
                "--from brings its network: --preset, --layers and --read-out do not go with it")
        }
        do {
            try training.settings.validate()
            _ = try (network.own.layerDescriptions(), network.readOutDescription())
            try augmentation.settings.validate()
            try training.masks.validate()
            try training.shares.validate()
        } catch let error as DataError {
            throw ValidationError("\(error)")
        }
    }

    mutating func takeUp(threads: Int?, precision: ProductPrecision?) {
        training.optimization.takeUp(threads: threads, precision: precision)
    }

    func train(in runFolder: RunFolder?, asStarted beginning: TrainingStart) throws {
        let output = try destination.checkedOutput(in: runFolder)
        guard say.isEmpty else {
            guard let runFolder else {
                // Beside the model, and gone at the end.
                let scratch = try ScratchFolder(in: output.pathFolder)
                return try learnSpoken(in: scratch.path, to: output, in: nil, asStarted: beginning)
            }
            return try learnSpoken(in: runFolder.path, to: output, in: runFolder, asStarted: beginning)
        }
        try learn(to: output, in: runFolder, asStarted: beginning)
    }

    /// Speaks the phrases of `--say` into a folder, and trains on them.
    private func learnSpoken(
        in folder: String, to output: String, in runFolder: RunFolder?, asStarted beginning: TrainingStart
    ) throws {
        let spoken = try SpokenPhrases(
            say, seed: training.settings.seed, into: folder, isSpoken: runFolder?.hasBegun == true)
        var command = self
        command.folder = spoken.clips
        command.unknownFolders.append(spoken.near)
        command.clipSeconds = clipSeconds ?? spoken.windowSeconds
        try command.learn(to: output, in: runFolder, asStarted: beginning)
    }

    private func learn(
        to output: String, in runFolder: RunFolder?, asStarted beginning: TrainingStart
    ) throws {
        var options = LabelledFolder.Options(
            words: words?.split(separator: ",").map { String($0).trimmed },
            unknownFolders: unknownFolders, hasNegatives: !negatives.isEmpty,
            exclusions: try exclude.map { path throws(DataError) in
                try ExclusionList(contentsOf: path)
            }, channel: channels.selection, speakerPattern: speakers.pattern)
        options.skipsDamaged = skipDamaged
        var labelled = try LabelledFolder(scanning: folder ?? "", options: options)
        let standIn = try standIn(for: labelled, options)
        if standIn != nil {
            options.hasNegatives = true
            labelled = try LabelledFolder(scanning: folder ?? "", options: options)
            Terminal.note(
                "note: there is one word alone; it is told from the other words, speech and noise that come with mynah"
            )
        }
        let plan = try plan(wordCount: standIn != nil ? 1 : say.isEmpty ? nil : say.count)
        var windows = standIn
        if !negatives.isEmpty || !say.isEmpty {
            // Beside other things that are no word, they are heard where the front end is theirs.
            let areHeard = standIn != nil || negatives.isEmpty
            windows = areHeard ? try NegativeWindows.shipped(for: plan.frontEnd) : nil
        }
        Terminal.note("Reading \(NumberText.grouped(labelled.clips.count)) clips …")
        let recordings = try negatives.flatMap { try AudioTree.negatives(below: $0) }
        let job = try CommandTraining(
            folder: labelled, negatives: recordings, windows: windows,
            plan: plan, origin: beginning.origin(attribution: attribution),
            memory: ClipMemory(byteCount: clipMemory), communicator: Ranks.all
        ) { count in
            Terminal.showStatus { _ in NumberText.grouped(count) }
        }
        Terminal.text(job.summary.text())
        for note in job.notes { Terminal.note("note: \(note)") }
        let model = try carryOut(
            job, to: output, in: runFolder, asStarted: beginning, settings: plan.settings)
        if let model {
            try TrainingReport(folder: runFolder, path: output).write(
                of: model, data: folder ?? "", unknownFolders: unknownFolders,
                channel: channels.selection, skipsDamaged: skipDamaged,
                threads: training.settings.threadCount)
        }
    }

    /// What one word alone is told from, be there recordings without it or not; nil where there is more than that.
    private func standIn(
        for labelled: LabelledFolder, _ options: LabelledFolder.Options
    ) throws(DataError) -> NegativeWindows? {
        guard options.hasNegatives, labelled.labels.count(where: StandardLabel.isWord) == 1 else {
            return try NegativeWindows.standIn(for: labelled)
        }
        var alone = options
        alone.hasNegatives = false
        return try NegativeWindows.standIn(for: LabelledFolder(scanning: labelled.path, options: alone))
    }

    /// Whether training starts from a speech model, to which a read-out is added.
    private var startsFromSpeech: Bool { start.map { ModelKind(ofFileAt: $0) == .speech } ?? false }

    /// - Parameter wordCount: how many words are told from the negatives that come with mynah, or are learnt from text; nil where
    ///   there is more to learn from. Few words are told from all that people say by hearing much of that, and by beginning with the
    ///   network that tells hundreds of words apart.
    private func plan(wordCount: Int?) throws -> CommandTraining.Plan {
        let training = training.suiting(network.preset ?? .commands)
        var shares = training.shares
        if let wordCount { shares.negatives = max(10 / Double(wordCount), shares.negatives) }
        var transfer = ModelTransfer(
            teacher: try teacher.map { name throws(ModelError) in try CommandModel(named: name) })
        if let start, startsFromSpeech {
            transfer.speech = try SpeechModel(contentsOf: start)
        } else if let start {
            transfer.start = try CommandModel(named: start)
        } else if wordCount != nil, network.isDefault, frontEnd == nil, teacher == nil {
            transfer.start = try .builtInForTeaching()
        }
        let frontEnd = try frontEndConfiguration(transfer)
        return CommandTraining.Plan(
            frontEnd: frontEnd, clipSeconds: clipSeconds ?? transfer.clipSeconds ?? 1,
            layers: try network.layerDescriptions(
                behind: frontEnd,
                // A single word is too little to find out anew what sound is like.
                else: transfer.startModel?.network.layers.map { wordCount == nil ? $0.unfolded : $0 }),
            readOut: try transfer.start?.network.readOut ?? network.readOutDescription(),
            settings: training.settings, augmentation: augmentation.settings,
            masks: training.masks, shares: shares, transfer: transfer)
    }

    private func frontEndConfiguration(_ transfer: ModelTransfer) throws -> FrontEndConfiguration {
        if let frontEnd { return try FrontEndFile.configuration(named: frontEnd) }
        if let model = transfer.startModel ?? transfer.teacher { return model.frontEnd }
        let wantsBands = try network.own.layerDescriptions()?.first?.isConvolution == true
        return (wantsBands ? FrontEndPreset.mynahMel : .mynah).configuration()
    }
}

/// A number of bytes, in GiB or MiB: `4G`, `512M`.
private func byteCount(_ text: String, option: String) throws -> Int {
    let units = ["G": 1 << 30, "M": 1 << 20]
    guard let unit = units.first(where: { text.hasSuffix($0.key) })?.value,
        let number = Int(text.dropLast()), (0...1 << 20).contains(number)
    else { throw ValidationError("\(option) is '\(text.printable)', expected a size such as 512M or 4G") }
    return number * unit
}
