import MynahAudio
import MynahBase
package import MynahData
package import MynahEvaluation
package import MynahModel
import MynahNetwork
package import MynahTraining

/// Learning from mistakes: a model is trained further with moments that a person has reviewed, and tried before and after.
///
/// It is trained twice: without the last day, on which it is tried then, and with all days, which is the model that is kept.
package struct MistakeLearning {
    /// What is chosen before.
    package struct Plan {
        /// The labelled folder that the model was trained on; nil where what was heard rightly is all that is left of the words.
        package var recordings: String?

        /// Further folders, laid out alike, whose words are all `_unknown_`.
        package var unknownFolders: [String] = []

        /// Recordings without commands.
        package var negatives: [NegativeRecordings.File] = []

        /// How it is trained: for fewer epochs than usual, at a lower rate, and with dropout.
        package var settings: TrainingSettings

        /// Goes into the model.
        package var origin = CommandTraining.Origin()

        /// The usual ones.
        package init() {
            settings = TrainingSettings()
            settings.epochCount = 12
            settings.patienceEpochCount = 12
            settings.warmUpEpochCount = 1
            settings.learningRate = 3e-4
            settings.dropout = DropoutRates(layers: 0.1)
        }
    }

    /// What is hidden: more than usual.
    ///
    /// Documentation/wake-word.md tells what learning with these masks and that dropout is worth.
    private static let masks = SpecAugment(maximumTimeMaskFrames: 25, maximumMaskedFeatures: 7)

    /// How far a training has come.
    package enum Progress {
        /// Clips that are decoded.
        case reading(Int)

        /// An epoch is done, of one of the two trainings, counted from 1.
        case epoch(EpochSummary, training: Int)
    }

    /// How much more may be wrong of what the model knew: one in a hundred, or one where there are fewer.
    private static func allowedLoss(of count: Int) -> Int { max(1, count / 100) }

    /// Moments that were reviewed, and how many of them are mistakes.
    package let reviewedCount: Int
    package let mistakeCount: Int

    /// What is held out in the first training: a day, or half of one.
    package let heldOutName: String

    /// Hours that were listened to on the day that is held out; nil where not all that was heard then is reviewed.
    private let heldOutHours: Double?

    private let model: CommandModel
    private let plan: Plan
    private let learnt: [ReviewedClip]
    private let heldOut: [ReviewedClip]

    /// Reads what was reviewed.
    ///
    /// - Parameters:
    ///   - folder: what `mynah listen --keep` has kept.
    ///   - model: the model that is to become better.
    /// - Throws: ``ReviewError``, `FileError`.
    package init(from folder: String, model: CommandModel, plan: Plan) throws {
        for label in model.labels where label.utf8.contains(UInt8(ascii: "/")) || label.hasPrefix(".") {
            throw ReviewError.unusableLabel(label: label)
        }
        self.model = model
        self.plan = plan
        let clips = try KeptFolder(opening: folder).clips().clips
        let answers = try ReviewTable(in: folder).answers
        let reviewed = try ReviewedClip.all(clips, answers: answers, labels: model.labels)
        guard !reviewed.isEmpty else { throw ReviewError.nothingReviewed(folder: folder) }
        reviewedCount = reviewed.count
        mistakeCount = reviewed.count(where: \.isMistake)
        guard mistakeCount > 0 else { throw ReviewError.noMistakes(folder: folder) }
        let days = Set(reviewed.map(\.clip.moment.day))
        if days.count > 1, let last = reviewed.last?.clip.moment.day {
            learnt = reviewed.filter { $0.clip.moment.day != last }
            heldOut = reviewed.filter { $0.clip.moment.day == last }
            heldOutName = last
            let isComplete = clips.allSatisfy {
                $0.moment.day != last || !$0.moment.fired || answers[$0.name] != nil
            }
            heldOutHours = isComplete ? ListeningLog(in: folder).seconds[last].map { $0 / 3600 } : nil
        } else {
            learnt = Array(reviewed.prefix(reviewed.count / 2))
            heldOut = Array(reviewed.dropFirst(reviewed.count / 2))
            heldOutHours = nil
            heldOutName = "the later half of \(reviewed[0].clip.moment.day)"
        }
        guard plan.recordings == nil else { return }
        let words = Set(learnt.compactMap(\.said))
        for word in model.labels where StandardLabel.isWord(word) && !words.contains(word) {
            throw ReviewError.nothingOfWord(word: word, folder: folder)
        }
    }

    /// Trains twice, and tries the models before and after.
    ///
    /// - Parameters:
    ///   - shouldStop: asked before each step; `true` ends it.
    ///   - onProgress: hears how far it has come.
    /// - Returns: the model that has learnt from all days, and its report; nil when it was stopped.
    /// - Throws: what training throws; `AudioError` where a kept sound cannot be read.
    package func run(
        shouldStop: () -> Bool, onProgress: @escaping @Sendable (Progress) -> Void
    ) throws -> (model: CommandModel, report: LearningReport)? {
        let threads = plan.settings.threadCount
        let all = learnt + heldOut
        var early: CommandModel?
        if !learnt.isEmpty {
            early = try train(on: learnt, number: 1, shouldStop: shouldStop, onProgress: onProgress)
            if early == nil { return nil }
        }
        guard let final = try train(on: all, number: 2, shouldStop: shouldStop, onProgress: onProgress)
        else { return nil }
        let report = LearningReport(
            heldOutName: heldOutName,
            heldOutHours: heldOutHours.flatMap { $0 > 0 ? $0 : nil },
            heldOut: try early.map { early in
                LearningReport.Change(
                    before: try KeptTrial(of: model, on: heldOut, threads: threads),
                    after: try KeptTrial(of: early, on: heldOut, threads: threads))
            },
            all: LearningReport.Change(
                before: try KeptTrial(of: model, on: all, threads: threads),
                after: try KeptTrial(of: final, on: all, threads: threads)),
            recordings: try plan.recordings.map { folder in
                LearningReport.Change(
                    before: try accuracy(of: model, on: folder), after: try accuracy(of: final, on: folder))
            })
        return (final, report)
    }

    /// Why a model must not take the place of the one before; nil where it may.
    package static func objection(to report: LearningReport) -> String? {
        func isWorse(_ change: LearningReport.Change<Proportion?>) -> Bool {
            guard let before = change.before, let after = change.after else { return false }
            return after.count - before.count > allowedLoss(of: before.total)
        }
        func text(_ change: LearningReport.Change<Proportion?>) -> String {
            "\(change.after?.count ?? 0) of \(change.after?.total ?? 0) instead of \(change.before?.count ?? 0)"
        }
        if let recordings = report.recordings,
            recordings.before.count - recordings.after.count > allowedLoss(of: recordings.before.total)
        {
            return "of the recordings that it knew it names \(recordings.after.count) of "
                + "\(recordings.after.total) instead of \(recordings.before.count)"
        }
        for (change, place) in [(report.all, "of what was kept"), (report.heldOut, "of the day held out")] {
            guard let change else { continue }
            let (alarms, misses) = (change.map(\.falseAlarms), change.map(\.misses))
            if isWorse(misses) { return "\(place) it misses \(text(misses))" }
            if isWorse(alarms) { return "\(place) it hears \(text(alarms)) words that nobody said" }
        }
        let mistakes = report.all.map { ($0.falseAlarms?.count ?? 0) + ($0.misses?.count ?? 0) }
        return mistakes.after >= mistakes.before
            ? "it has learnt nothing: \(mistakes.after) mistakes instead of \(mistakes.before)" : nil
    }

    private func train(
        on reviewed: [ReviewedClip], number: Int, shouldStop: () -> Bool,
        onProgress: @escaping @Sendable (Progress) -> Void
    ) throws -> CommandModel? {
        let scratch = try ScratchFolder(in: temporaryFolder())
        try HardExamples.write(reviewed, of: model, into: scratch.path)
        var options = LabelledFolder.Options(
            matching: model.labels,
            unknownFolders: plan.unknownFolders + (plan.recordings == nil ? [] : [scratch.path]))
        options.hasUnknown = true
        let negatives = plan.negatives + HardExamples.recordingsWithoutWords(reviewed)
        let windows = try NegativeWindows.shipped(for: model.frontEnd)
        options.hasNegatives = !negatives.isEmpty || windows != nil
        let job = try CommandTraining(
            folder: LabelledFolder(scanning: plan.recordings ?? scratch.path, options: options),
            negatives: negatives,
            // What the model knew of other words and of noise is not forgotten either.
            windows: windows,
            plan: CommandTraining.Plan(
                frontEnd: model.frontEnd, clipSeconds: model.clipSeconds, layers: model.network.layers,
                readOut: model.network.readOut, settings: plan.settings, masks: Self.masks,
                transfer: ModelTransfer(start: model)), origin: plan.origin,
            onDecoded: { onProgress(.reading($0)) })
        let learnt = try job.run(
            shouldStop: shouldStop, onEpoch: { onProgress(.epoch($0, training: number)) })
        guard let learnt, !shouldStop() else { return nil }
        return try withThresholds(learnt)
    }

    /// A model with the thresholds and the temperature of the one that it comes from.
    private func withThresholds(_ learnt: CommandModel) throws -> CommandModel {
        var result = learnt
        if model.temperature != learnt.temperature {
            result = try result.with(temperature: model.temperature)
        }
        for strictness in Strictness.allCases {
            result = try result.with(detection: model.detection(strictness), for: strictness)
        }
        return result
    }

    private func accuracy(of model: CommandModel, on folder: String) throws -> Proportion {
        let evaluation = try FolderEvaluation(
            folder: folder, unknownFolders: plan.unknownFolders, model: model, split: .validation,
            threads: plan.settings.threadCount)
        return try ClosedSetEvaluation(
            labels: model.labels, clips: try evaluation.run(), bootstrap: ClusterBootstrap(seed: 1)
        ).accuracy
    }
}

/// What learning from mistakes has changed.
package struct LearningReport: Encodable, Sendable {
    /// The same figure of the model before and after.
    package struct Change<Figure: Sendable>: Sendable {
        package let before: Figure
        package let after: Figure

        /// Another figure of both.
        package func map<Other>(_ transform: (Figure) -> Other) -> Change<Other> {
            Change<Other>(before: transform(before), after: transform(after))
        }
    }

    /// What was held out.
    package let heldOutName: String

    /// Hours that were listened to then, above 0; nil where that is not known.
    package let heldOutHours: Double?

    /// On what was held out, with a model that has learnt from the rest; nil where there is no rest.
    package let heldOut: Change<KeptTrial>?

    /// On all that was reviewed, with the model that has learnt from it.
    package let all: Change<KeptTrial>

    /// Clips named rightly of the recordings that the model was trained on, of their validation split; nil without any.
    package let recordings: Change<Proportion>?
}

extension LearningReport.Change: Encodable where Figure: Encodable {}
