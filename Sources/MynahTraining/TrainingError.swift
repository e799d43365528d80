import MynahBase

/// What can go wrong in training itself; what is wrong with the recordings is a `DataError`.
public enum TrainingError: Error, Hashable, Sendable {
    /// A checkpoint cannot be written or read.
    case badCheckpoint(path: String, reason: String)

    /// A checkpoint belongs to another training: other settings, or other recordings.
    case otherTraining(path: String)

    /// A label that a model cannot keep.
    case unusableLabel(folder: String, label: String)

    /// The loss or the gradient of a step, counted from 1 over all epochs, is no finite number any more.
    case diverged(step: Int, epoch: Int, learningRate: Float)

    /// A model that training was to take over from does not fit; `role` is `start` or `teacher`.
    case otherModel(role: String, difference: String)
}

extension TrainingError: CustomStringConvertible {
    /// One line for the user, without control characters.
    public var description: String {
        switch self {
        case .badCheckpoint(let path, let reason):
            return "\(path.printable): the checkpoint cannot be used: \(reason.printable)"
        case .otherTraining(let path):
            return
                "\(path.printable): is a checkpoint of another training (other settings, or the recordings have changed)"
        case .unusableLabel(let folder, let label):
            return
                "\(folder.printable): its folder \(label.quoted) cannot be a label, which has 1 to 128 printable "
                + "bytes and no blanks at its ends; rename it"
        case .diverged(let step, let epoch, let learningRate):
            return
                "training diverged at step \(step), in epoch \(epoch): the loss is no finite number any more; "
                + "lower --learning-rate, which is \(learningRate)"
        case .otherModel(let role, let difference):
            return "the model that is the \(role) does not fit: \(difference.printable)"
        }
    }
}
