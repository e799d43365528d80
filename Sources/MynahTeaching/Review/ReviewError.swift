import MynahBase

/// Why kept sound cannot be kept, reviewed or learnt from.
package enum ReviewError: Error, Hashable, Sendable {
    /// Nothing more can be kept, since what was reviewed, which is never removed, takes all the room.
    case full(folder: String, limitBytes: Int)

    /// A folder holds no kept sound.
    case nothingKept(folder: String)

    /// Nothing in a folder was reviewed.
    case nothingReviewed(folder: String)

    /// A truth table is of one recording, and what is not reviewed is of others as well, or of a microphone.
    case severalRecordings(table: String, sources: [String])

    /// The table of answers is no table of answers.
    case badTable(path: String, reason: String)

    /// A word of the model is in no recordings to learn from, so that learning from mistakes alone would forget it.
    case nothingOfWord(word: String, folder: String)

    /// The answers name a word that the model does not know.
    case otherWord(word: String, clip: String, labels: [String])

    /// A label of the model cannot be the name of a folder of recordings.
    case unusableLabel(label: String)

    /// There is nothing that the model got wrong.
    case noMistakes(folder: String)

    /// The model that was learnt is worse in one respect, so that it was not written.
    case worse(model: String, reason: String)
}

extension ReviewError: CustomStringConvertible {
    /// One line for the user, without control characters.
    package var description: String {
        switch self {
        case .full(let folder, let limitBytes):
            "\(folder.printable): holds \(NumberText.grouped(limitBytes >> 20)) MiB that were reviewed; no more is kept "
                + "until some of it is removed"
        case .nothingKept(let folder):
            "\(folder.printable): holds no sound that mynah listen --keep has kept"
        case .nothingReviewed(let folder):
            "\(folder.printable): nothing in it was reviewed; mynah review does that"
        case .severalRecordings(let table, let sources):
            "\(table.printable): is the table of one recording, and what is not reviewed comes from "
                + sources.map(\.printable).joined(separator: ", ")
        case .badTable(let path, let reason): "\(path.printable): is no table of answers: \(reason.printable)"
        case .nothingOfWord(let word, let folder):
            "\(folder.printable): holds no \(word.quoted) that was heard rightly; name what the model was trained on with "
                + "--recordings, or it would forget the word"
        case .otherWord(let word, let clip, let labels):
            "\(clip.printable): is reviewed as \(word.quoted), which the model does not know; it knows "
                + labels.map(\.printable).joined(separator: ", ")
        case .unusableLabel(let label):
            "the label \(label.quoted) of the model cannot be the name of a folder to learn from"
        case .noMistakes(let folder):
            "\(folder.printable): nothing that was reviewed is a mistake; there is nothing to learn"
        case .worse(let model, let reason): "\(model.printable): not written: \(reason)"
        }
    }
}
