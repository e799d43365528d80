package import MynahBase
import MynahModel
package import MynahNetwork

/// What a ``Trainer`` has a network learn: examples to learn from, others to judge it by, and how it is wrong about either.
package protocol TrainingTask: Sendable {
    /// Threads at work on it.
    associatedtype Team: TrainingTeam

    /// Shape of the network.
    var network: NetworkDescription { get }

    /// Examples in an epoch of training.
    var exampleCount: Int { get }

    /// What a validation counts: clips, or symbols.
    var validationTotal: Int { get }

    /// The most clips of which one ``CarriedState`` is, in steps of `batchSize`; 0 where none are carried.
    func carriedClipLimit(batchSize: Int, settings: TrainingSettings) -> Int

    /// Starts the threads of this process, which work together with those of others.
    func makeTeam(batchSize: Int, settings: TrainingSettings, communicator: any Communicator) -> Team
}

/// Threads, of one process or several, that together compute losses and gradients of batches.
///
/// Where there are several processes, each makes the same calls in the same order, and gets the same results.
package protocol TrainingTeam: Sendable {
    /// Mean gradient over a batch of one epoch's examples, with dropout; and the losses of the examples, summed.
    func gradient(
        of batch: Range<Int>, epoch: Int, parameters: [Float]
    ) throws -> (gradient: [Float], loss: Double)

    /// Mean loss over what the network is judged by, without dropout, and how much of that it got right; no loss where there
    /// is nothing.
    func validate(parameters: [Float]) throws -> (loss: Double?, correct: Int)

    /// The states that the next batch may go on from, for each shard: what a checkpoint must keep.
    func gatherCarriedStates() -> [CarriedState]

    /// Takes up ``gatherCarriedStates()`` of an earlier team of the same training.
    func restore(_ states: [CarriedState])
}

extension Communicator {
    /// Makes sure that a training has the same settings in all processes.
    func requireSame(_ settings: [TrainingProvenance.Setting]) throws(CommunicatorError) {
        for setting in settings { try requireSame("setting '\(setting.name)'", setting.value) }
    }

    /// Where a model comes from as the first process says it: clocks and command lines may differ, the models must not.
    func fromFirst(_ origin: CommandTraining.Origin) -> CommandTraining.Origin {
        func text(_ own: String) -> String { String(decoding: fromFirst(Array(own.utf8)), as: UTF8.self) }
        let attribution = text(origin.attribution ?? "")
        var first = CommandTraining.Origin(
            attribution: attribution.isEmpty ? nil : attribution, commandLine: text(origin.commandLine))
        first.date = text(origin.date)
        return first
    }
}

extension NetworkDescription {
    /// The network with some weights, laid out for its work; it was found before that it can be built.
    func prepared(_ parameters: [Float], for purpose: PreparedNetwork.Purpose) -> PreparedNetwork {
        do {
            return try PreparedNetwork(self, parameters: parameters, for: purpose)
        } catch {
            preconditionFailure("the network was validated before: \(error)")
        }
    }
}
