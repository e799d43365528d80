internal import FoundationEssentials
internal import MynahModel
import MynahNetwork

/// A ``TrainingState`` on disk: a safetensors file, whose metadata holds what is not a tensor.
///
/// It is written under a temporary name and renamed: whenever the process is killed, there is a whole checkpoint or the
/// one before.
public enum CheckpointFile {
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
        var carriedClips: [Int]
    }

    /// Writes a checkpoint.
    ///
    /// - Parameter training: what tells this training from others, see `CommandTraining.fingerprint`.
    /// - Throws: `TrainingError.badCheckpoint` when the file cannot be written.
    public static func write(
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
            carriedClips: state.carried.map(\.clipCount))
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

    /// Reads a checkpoint of a training of `network`.
    ///
    /// - Throws: `TrainingError.badCheckpoint` when there is none or it is damaged, `TrainingError.otherTraining` when it
    ///   belongs to another training.
    static func read(
        _ path: String, training: String, network: NetworkDescription, settings: TrainingSettings
    ) throws(TrainingError) -> TrainingState {
        do {
            let file = try SafetensorsFile(contentsOf: path)
            let metadata = file.header.metadata
            guard metadata[Key.format] == format, metadata[Key.version] == version else {
                throw TrainingError.badCheckpoint(
                    path: path, reason: "is no checkpoint of version \(version)")
            }
            guard metadata[Key.training] == training else { throw TrainingError.otherTraining(path: path) }
            let place = try JSONDecoder().decode(
                Place.self, from: Data((metadata[Key.place] ?? "").utf8))
            let parameterCount = network.parameterLayout.parameterCount
            func values(_ name: String, count: Int? = nil) throws(TrainingError) -> [Float] {
                guard let values = file.values(of: name), count == nil || values.count == count else {
                    throw .badCheckpoint(path: path, reason: "has no tensor \(name) of the right size")
                }
                return values
            }
            var state = TrainingState(
                parameters: try values(Tensor.parameters, count: parameterCount),
                isAdaptive: settings.optimizer == .adamW)
            state.average = try values(Tensor.average, count: parameterCount)
            state.gradientMean = try values(Tensor.gradientMean, count: parameterCount)
            if settings.optimizer == .adamW {
                state.gradientSquare = try values(Tensor.gradientSquare, count: parameterCount)
            }
            state.epoch = place.epoch
            state.clipsDone = place.clipsDone
            state.stepCount = place.stepCount
            state.loss = place.loss
            if let summary = place.bestSummary, let epochsTrained = place.epochsTrained {
                state.best = TrainedWeights(
                    parameters: try values(Tensor.best, count: parameterCount), summary: summary,
                    epochsTrained: epochsTrained)
            }
            // A shard holds at least one clip, and a batch at most as many as the settings allow.
            guard place.carriedClips.allSatisfy((1...TrainingSettings.largestBatchSize).contains),
                place.carriedClips.count <= TrainingSettings.largestBatchSize, place.epoch >= 0,
                place.clipsDone >= 0, place.stepCount >= 0
            else { throw TrainingError.badCheckpoint(path: path, reason: "holds an impossible place") }
            for (shard, clipCount) in place.carriedClips.enumerated() {
                let carried = try values(
                    Tensor.carried(shard), count: clipCount * network.carriedValueCount)
                state.carried.append(CarriedState(clipCount: clipCount, values: carried))
            }
            return state
        } catch let error as TrainingError {
            throw error
        } catch {
            throw .badCheckpoint(path: path, reason: "\(error)")
        }
    }
}
