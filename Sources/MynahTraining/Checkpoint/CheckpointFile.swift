internal import FoundationEssentials
internal import MynahBase
internal import MynahModel
import MynahNetwork

/// A ``TrainingState`` on disk: a safetensors file, whose metadata holds what is not a tensor.
///
/// It is written under a temporary name and renamed: whenever the process is killed, there is a whole checkpoint or the
/// one before.
package enum CheckpointFile {
    private static let format = "mynah-checkpoint"
    private static let version = "1"

    private enum Key {
        static let format = "format"
        static let version = "version"
        static let training = "training"
        static let place = "place"
    }

    private enum Tensor {
        static let parameters = "parameters"
        static let average = "average"
        static let gradientMean = "gradientMean"
        static let gradientSquare = "gradientSquare"
        static let best = "best"
        static func carried(_ shard: Int) -> String { "carried.\(shard)" }
    }

    /// What is not a tensor.
    private struct Place: Codable {
        var epoch: Int
        var clipsDone: Int
        var stepCount: Int
        var loss: Double
        var bestSummary: EpochSummary?
        var epochsTrained: Int?
        var mostCorrect: Int?
        var carriedClips: [Int]
    }

    /// Writes a checkpoint.
    ///
    /// - Parameter training: what tells this training from others, see `CommandTraining.fingerprint`.
    /// - Throws: `TrainingError.badCheckpoint` when the file cannot be written.
    package static func write(
        _ state: TrainingState, training: String, to path: String
    ) throws(TrainingError) {
        var tensors: [SafetensorsFile.NamedTensor] = []
        func add(_ name: String, _ values: [Float]) {
            guard !values.isEmpty else { return }
            tensors.append(.init(name: name, shape: [values.count], values: values[...]))
        }
        add(Tensor.parameters, state.parameters)
        add(Tensor.average, state.average)
        add(Tensor.gradientMean, state.gradientMean)
        add(Tensor.gradientSquare, state.gradientSquare)
        add(Tensor.best, state.best?.parameters ?? [])
        for (shard, carried) in state.carried.enumerated() { add(Tensor.carried(shard), carried.values) }
        let place = Place(
            epoch: state.epoch, clipsDone: state.clipsDone, stepCount: state.stepCount, loss: state.loss,
            bestSummary: state.best?.summary, epochsTrained: state.best?.epochsTrained,
            mostCorrect: state.mostCorrect, carriedClips: state.carried.map(\.clipCount))
        do {
            let json = try JSONEncoder().encode(place)
            try SafetensorsFile(
                tensors: tensors,
                metadata: [
                    Key.format: format, Key.version: version, Key.training: training,
                    Key.place: String(decoding: json, as: UTF8.self),
                ]
            ).write(to: path)
        } catch {
            throw .badCheckpoint(path: path, reason: "\(error)")
        }
    }

    /// Reads a checkpoint of a training; `fingerprint` tells it from others.
    ///
    /// - Throws: `TrainingError.badCheckpoint` when there is none, or it is damaged or not one that this training can have
    ///   written; `TrainingError.otherTraining` when it belongs to another one.
    static func read(
        _ path: String, of trainer: Trainer<some TrainingTask>, fingerprint: String
    ) throws(TrainingError) -> TrainingState {
        try state(
            of: bytes(of: path, trainer: trainer), path: path, trainer: trainer, fingerprint: fingerprint)
    }

    /// Reads the bytes of a checkpoint, which may be as many as a training can have written.
    ///
    /// - Throws: `TrainingError.badCheckpoint`.
    static func bytes(
        of path: String, trainer: Trainer<some TrainingTask>
    ) throws(TrainingError) -> [UInt8] {
        let limit = trainer.maximumCheckpointByteCount
        let byteCount: Int
        do throws(FileError) {
            byteCount = try RegularFile(opening: path).byteCount
            if byteCount <= limit { return try RegularFile.contents(of: path, limitBytes: limit) }
        } catch {
            throw .badCheckpoint(path: path, reason: "\(error)")
        }
        throw .badCheckpoint(path: path, reason: "has \(byteCount) bytes, expected at most \(limit)")
    }

    /// The state that the bytes of a checkpoint hold, which come from `path`.
    ///
    /// For errors see ``read(_:of:fingerprint:)``.
    static func state(
        of bytes: [UInt8], path: String, trainer: Trainer<some TrainingTask>, fingerprint: String
    ) throws(TrainingError) -> TrainingState {
        func bad(_ reason: String) -> TrainingError { .badCheckpoint(path: path, reason: reason) }
        let file: SafetensorsFile
        do throws(ModelError) {
            file = try SafetensorsFile(bytes: bytes, name: path)
        } catch {
            throw bad("\(error)")
        }
        let metadata = file.header.metadata
        guard metadata[Key.format] == format, metadata[Key.version] == version else {
            throw bad("is no checkpoint of version \(version)")
        }
        guard metadata[Key.training] == fingerprint else { throw .otherTraining(path: path) }
        guard
            let place = try? JSONDecoder().decode(
                Place.self, from: Data((metadata[Key.place] ?? "").utf8))
        else { throw bad("does not say where it stands") }
        let state = try state(of: file, at: place, path: path, trainer: trainer)
        if let fault = trainer.fault(of: state) { throw bad(fault) }
        return state
    }

    private static func state(
        of file: SafetensorsFile, at place: Place, path: String, trainer: Trainer<some TrainingTask>
    ) throws(TrainingError) -> TrainingState {
        let parameterCount = trainer.network.parameterLayout.parameterCount
        func values(_ name: String) throws(TrainingError) -> [Float] {
            let values = file.values(of: name)
            guard let values, values.count == parameterCount else {
                throw .badCheckpoint(
                    path: path,
                    reason: "has \(values?.count ?? 0) values of \(name), expected \(parameterCount)")
            }
            return values
        }
        let isAdaptive = trainer.settings.optimizer == .adamW
        var state = TrainingState(parameters: try values(Tensor.parameters), isAdaptive: isAdaptive)
        state.average = try values(Tensor.average)
        state.gradientMean = try values(Tensor.gradientMean)
        if isAdaptive { state.gradientSquare = try values(Tensor.gradientSquare) }
        state.epoch = place.epoch
        state.clipsDone = place.clipsDone
        state.stepCount = place.stepCount
        state.loss = place.loss
        if let summary = place.bestSummary, let epochsTrained = place.epochsTrained {
            state.best = TrainedWeights(
                parameters: try values(Tensor.best), summary: summary, epochsTrained: epochsTrained)
            // Checkpoints of before do not have it: there the best was that which named the most.
            state.mostCorrect = place.mostCorrect ?? summary.validationCorrect
        }
        for (shard, clipCount) in place.carriedClips.enumerated() {
            state.carried.append(
                CarriedState(clipCount: clipCount, values: file.values(of: Tensor.carried(shard)) ?? []))
        }
        return state
    }
}
