import MynahBase
package import MynahTestSupport

/// What is damaged: sounds or models.
package enum Subject: Sendable {
    /// Sound files.
    case sounds(FileMutator)

    /// Small models of every kind of layer.
    case models(ModelMutator)

    /// `models`, or the path of a folder of valid sounds; traps if the folder cannot be read.
    package init(_ argument: String) {
        guard argument == "models" else {
            self = .sounds(FileMutator(originals: seedFiles(in: argument)))
            return
        }
        do {
            self = .models(ModelMutator(originals: try ModelMutator.smallModels()))
        } catch {
            preconditionFailure("the original models are sound: \(error)")
        }
    }

    /// The contents of the damaged file of a number, from 0; they follow from seed and number alone.
    package func bytes(seed: UInt64, number: Int) -> [UInt8] {
        switch self {
        case .sounds(let mutator): return MutatedFile(mutator, seed: seed, number: number).bytes
        case .models(let mutator):
            var generator = SeededGenerator(seed: seed, number)
            return mutator.mutatedFile(using: &generator)
        }
    }

    /// Reads a damaged file and uses what it holds; traps where something is wrong.
    ///
    /// - Returns: `read`, or the name of the error case with which it was refused.
    package func outcome(seed: UInt64, number: Int, through file: borrowing MemoryFile) -> String {
        switch self {
        case .sounds(let mutator):
            return MutatedFile(mutator, seed: seed, number: number).outcome(through: file)
        case .models:
            let outcome = ModelTrial.outcome(of: bytes(seed: seed, number: number))
            check(outcome != nil, "an error takes several lines")
            return outcome == "used" || outcome == "large" ? "read" : outcome ?? ""
        }
    }
}
