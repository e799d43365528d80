import MynahAudio
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition
import Synchronization

extension FolderEvaluation {
    /// Recognizes every selected clip in which something is said under each condition of each series.
    ///
    /// A clip is heard through one window of the model's length, around its loudest stretch, and every condition changes
    /// that window. Noise is cut from the part of `_background_noise_` that belongs to the split, at a place that is
    /// fixed by the number of the clip; without recordings of noise there is no series of it.
    ///
    /// - Throws: `AudioError.codecFailed`, `EvaluationError.noClips` when only silence was selected, `RecognitionError`
    ///   when the model cannot be used.
    package func conditionSeries(bootstrap: ClusterBootstrap) throws -> [ConditionSeries] {
        let kinds = ConditionSeries.Kind.allCases.filter { $0 != .signalToNoise || noise.count > 0 }
        // In the same order in all processes.
        var ordered: [SignalCondition] = []
        for condition in kinds.flatMap(\.conditions).compactMap(\.condition)
        where !ordered.contains(condition) {
            ordered.append(condition)
        }
        let spoken = examples.filter { model.labels[modelLabels[$0.label]] != StandardLabel.silence }
        guard !spoken.isEmpty else { throw EvaluationError.noClips }
        _ = try Recognizer(model: model)
        let conditions = ordered
        let failure = Mutex<AudioError?>(nil)
        let heard = communicator.map(spoken.count, threads: threads, makeContext: makeRecognizer) {
            recognizer, index in
            do throws(AudioError) {
                return try heardLabels(of: spoken[index], under: conditions, with: recognizer)
            } catch {
                failure.withLock { $0 = $0 ?? error }
                return []
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        let places = Dictionary(uniqueKeysWithValues: conditions.enumerated().map { ($1, $0 + 1) })
        return try kinds.map { kind in
            ConditionSeries(
                kind: kind,
                points: try kind.conditions.map { value, name, condition in
                    let clusters = SpeakerClusters(
                        outcomes: zip(spoken, heard).map { example, heard in
                            (
                                speaker: speaker(of: example), label: modelLabels[example.label],
                                heard: heard[condition.flatMap { places[$0] } ?? 0]
                            )
                        })
                    guard let accuracy = clusters.accuracy else { throw EvaluationError.noClips }
                    return ConditionSeries.Point(
                        value: value, name: name, accuracy: accuracy,
                        accuracyInterval: clusters.accuracyInterval(bootstrap: bootstrap))
                })
        }
    }

    /// The label heard in an example as it is, and then under each condition.
    private func heardLabels(
        of example: Example, under conditions: [SignalCondition], with recognizer: Recognizer
    ) throws(AudioError) -> [Int] {
        var window: [Float] = []
        loader.load(example, into: &window)
        var added = [Float](repeating: 0, count: window.count)
        var generator = SeededGenerator(seed: Self.noiseSeed, example.number)
        noise.add(to: &added, from: split, volume: 1, using: &generator)
        let recording = Waveform(samples: window, sampleRate: model.frontEnd.sampleRate)
        func heard(_ sound: Waveform) -> Int { recognizer.recognize(sound).bestIndex }
        var labels = [heard(recording)]
        for condition in conditions {
            labels.append(heard(try condition.apply(to: recording, noise: added)))
        }
        return labels
    }

    /// Fixed, so that figures can be compared between models and runs.
    private static let noiseSeed: UInt64 = 20
}
