import Glibc
import MynahBase
package import MynahData
import MynahFeatures
import Synchronization

/// Examines a labelled folder: decodes each clip once, and keeps of it what the report needs.
package struct FolderExamination: Sendable {
    /// How far an examination is.
    package enum Progress: Hashable, Sendable {
        /// So many clips have been decoded.
        case decoded(Int)

        /// So many of the networks of a cross-validation have been trained.
        case trained(folds: Int)
    }

    /// What one clip has been found to be.
    private enum Outcome: Sendable {
        case measured(ClipMeasurement, features: [Float])
        case failed(Finding.Kind, reason: String)
    }

    /// Longest clip that is decoded, in s.
    private static let longestSeconds = 600.0

    private static let sampleRate = 16_000

    private let folder: LabelledFolder
    private let settings: DoctorSettings
    private let crossValidation: CrossValidation?
    private let threads: Int

    /// Prepares to examine a folder on `threads` threads, with a cross-validation where one is given.
    ///
    /// - Throws: `DataError.invalidSetting`.
    package init(
        of folder: LabelledFolder, settings: DoctorSettings = DoctorSettings(),
        crossValidation: CrossValidation? = nil, threads: Int
    ) throws(DataError) {
        try settings.validate()
        try requireSetting("number of threads", threads, within: 1...1024)
        self.folder = folder
        self.settings = settings
        self.crossValidation = crossValidation
        self.threads = threads
    }

    /// Examines the folder; `progress` hears of it on any thread and out of order.
    ///
    /// - Throws: `DataError` when a cross-validation is not possible.
    package func run(progress: @Sendable (Progress) -> Void = { _ in }) throws -> DoctorReport {
        let clips = folder.clips
        let outcomes = measure(progress: progress)
        var findings: [Finding] = []
        var readable: [(clip: LabelledClip, hash: String)] = []
        var material: [CrossValidation.Clip] = []
        for (clip, outcome) in zip(clips, outcomes) {
            switch outcome {
            case .measured(let measurement, let features):
                findings += Finding.of(clip, measurement, settings)
                readable.append((clip, measurement.hash))
                // A choice that the testing split has a say in would spoil its figures.
                guard clip.split != .testing, measurement.speechDecibels >= settings.quietestDecibels else {
                    continue
                }
                material.append(CrossValidation.Clip(clip: clip, features: features))
            case .failed(let kind, let reason):
                findings.append(Finding(kind: kind, clip: clip.name, split: clip.split, detail: reason))
            }
        }
        let order = Dictionary(
            uniqueKeysWithValues: Finding.Kind.allCases.enumerated().map { ($1, $0) })
        let sorted = findings.enumerated().sorted { first, second in
            (order[first.element.kind] ?? 0, first.offset) < (order[second.element.kind] ?? 0, second.offset)
        }
        // What has been measured is told, even where nothing can be learned from it.
        let obstacle = crossValidation == nil ? nil : CrossValidation.obstacle(to: material)
        let doubts =
            obstacle != nil
            ? nil
            : try crossValidation?.run(
                on: material, labels: folder.labels, threads: threads,
                onTrained: { progress(.trained(folds: $0)) })
        return DoctorReport(
            folder: folder.path, clipCount: clips.count, readableCount: readable.count, settings: settings,
            labels: labels(of: readable.map(\.clip)), speakers: speakers(), noise: noise(),
            findings: sorted.map(\.element), duplicates: DuplicateGroup.find(readable),
            crossValidation: doubts,
            notes: folder.notes + (obstacle.map { ["no cross-validation: \($0)"] } ?? []))
    }

    private func measure(progress: @Sendable (Progress) -> Void) -> [Outcome] {
        let decoder = folder.decoder(sampleRate: Self.sampleRate)
        let done = Atomic(0)
        let isDeep = crossValidation != nil
        return concurrentMap(
            folder.clips.count, threads: threads,
            makeContext: { isDeep ? FeatureWorkspace.make(CrossValidation.frontEnd, nil) : nil }
        ) { workspace, index in
            defer { progress(.decoded(done.wrappingAdd(1, ordering: .relaxed).newValue)) }
            let clip = folder.clips[index]
            if clip.byteCount == 0 { return Outcome.failed(.empty, reason: "0 bytes") }
            switch decoder.samples(of: clip.path, maximumSeconds: Self.longestSeconds) {
            case .failure(let failure):
                let isEmpty = failure.reason == ClipDecoder.Failure.noSamples.reason
                return .failed(isEmpty ? .empty : .unreadable, reason: failure.reason)
            case .success(let samples):
                let measurement = ClipMeasurement(samples, sampleRate: Self.sampleRate)
                guard let workspace else { return .measured(measurement, features: []) }
                workspace.samples = [Float](repeating: 0, count: Self.sampleRate)
                let start = ClipWindow.centredStart(in: samples, sampleCount: Self.sampleRate)
                samples.copy(from: start, into: &workspace.samples)
                return .measured(measurement, features: workspace.features().values)
            }
        }
    }

    private func labels(of clips: [LabelledClip]) -> [DoctorReport.LabelCounts] {
        var counts = [DataSummary.SplitCounts](
            repeating: DataSummary.SplitCounts(), count: folder.labels.count)
        for clip in clips { counts[clip.label][clip.split] += 1 }
        let training = counts.map(\.training).sorted()
        let median = training.isEmpty ? 0 : training[training.count / 2]
        return zip(folder.labels, counts).map { label, count in
            DoctorReport.LabelCounts(
                label: label, clips: count,
                isRare: Double(count.training) < settings.rareShare * Double(median))
        }
    }

    private func speakers() -> DoctorReport.Speakers {
        var splits: [String: Set<DataSplit>] = [:]
        for clip in folder.clips {
            if let speaker = clip.speaker { splits[speaker, default: []].insert(clip.split) }
        }
        return DoctorReport.Speakers(
            count: splits.count, clipsWithoutSpeaker: folder.clips.count { $0.speaker == nil },
            crossing: splits.filter { $0.value.count > 1 }.keys.sorted())
    }

    private func noise() -> [DoctorReport.Noise] {
        let decoder = folder.decoder(sampleRate: Self.sampleRate)
        let files = folder.noiseFiles
        return concurrentMap(files.count, threads: threads) { index in
            let name = files[index].name
            var (sampleCount, energy) = (0, 0.0)
            let failure = decoder.readBlocks(of: files[index].path) { block in
                sampleCount += block.count
                energy += block.reduce(0) { $0 + Double($1) * Double($1) }
            }
            let reason = failure?.reason ?? (sampleCount == 0 ? ClipDecoder.Failure.noSamples.reason : nil)
            guard reason == nil else {
                return DoctorReport.Noise(recording: name, seconds: nil, decibels: nil, reason: reason)
            }
            return DoctorReport.Noise(
                recording: name, seconds: Double(sampleCount) / Double(Self.sampleRate),
                decibels: energy > 0 ? 10 * log10(energy / Double(sampleCount)) : nil, reason: nil)
        }
    }
}
