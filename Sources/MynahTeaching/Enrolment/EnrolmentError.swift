public import MynahBase
public import MynahData
public import MynahModel
public import MynahRecognition

/// Why a word is not taught, forgotten or renamed.
public enum EnrolmentError: Error, Equatable, Sendable {
    /// A file cannot be read or written.
    case file(FileError)

    /// A recording or the negatives cannot be used.
    case data(DataError)

    /// A file cannot be read as a model, or the model cannot be written.
    case model(ModelError)

    /// The network of a model cannot be run.
    case recognition(RecognitionError)

    /// A word that a model or a folder cannot have.
    case unusableWord(word: String, reason: String)

    /// A name that cannot be that of who speaks.
    case unusableSpeaker(name: String, reason: String)

    /// A word is to be taught, and there is nothing to learn it from.
    case noTakes(word: String)

    /// A recording in which nothing is said.
    case silentTake(path: String)

    /// A recording that cannot be read as sound.
    case unreadableTake(path: String, reason: String)

    /// A model knows words of which there are no recordings beside it.
    case wordsWithoutRecordings(model: String, folder: String, words: [String])

    /// The words of a model were taught with a verifier, and are to be changed without one.
    case verifierMissing(model: String)

    /// A word or a recording is named that is not there; `known` are the words that are.
    case unknownWord(word: String, known: [String])

    /// A recording is named that is not among those of its word.
    case unknownTake(word: String, take: String, folder: String)

    /// A word is to get the name of another one.
    case wordExists(word: String)

    /// There is no change that could be undone.
    case nothingToUndo(folder: String)

    /// Another process changes the same recordings.
    case inUse(folder: String)

    /// The list of changes cannot be read.
    case badHistory(path: String)
}

extension EnrolmentError: CustomStringConvertible {
    /// One line for the user, without control characters.
    public var description: String {
        switch self {
        case .file(let error): error.description
        case .data(let error): error.description
        case .model(let error): error.description
        case .recognition(let error): error.description
        case .unusableWord(let word, let reason): "\(word.quoted) cannot be a word: \(reason.printable)"
        case .unusableSpeaker(let name, let reason):
            "\(name.quoted) cannot be the name of a speaker: \(reason.printable)"
        case .noTakes(let word): "\(word.quoted): there is no recording to learn it from"
        case .silentTake(let path): "\(path.printable): nothing is said in it"
        case .unreadableTake(let path, let reason):
            "\(path.printable): cannot be heard: \(reason.printable)"
        case .wordsWithoutRecordings(let model, let folder, let words):
            """
            \(model.printable): knows \(listed(words, limit: 5)), of which \(folder.printable) has no recordings; begin a new \
            model from it, with --from
            """
        case .verifierMissing(let model):
            "\(model.printable): its words were taught with a speech model as --verifier; name it here, too"
        case .unknownWord(let word, let known):
            """
            no word \(word.quoted) was taught\(known.isEmpty ? "" : "; there are \(listed(known, limit: 20))")
            """
        case .unknownTake(let word, let take, let folder):
            "\(folder.printable): has no recording \(take.quoted) of \(word.quoted)"
        case .wordExists(let word): "there is a word \(word.quoted) already"
        case .nothingToUndo(let folder): "\(folder.printable): there is no change to undo"
        case .inUse(let folder): "\(folder.printable): is being changed by another program"
        case .badHistory(let path): "\(path.printable): is no list of changes"
        }
    }
}

extension EnrolmentError {
    /// Takes over what goes wrong with files.
    static func ofFile<Result>(
        _ body: () throws(FileError) -> Result
    ) throws(EnrolmentError) -> Result {
        do throws(FileError) { return try body() } catch { throw .file(error) }
    }

    /// Takes over what goes wrong with recordings.
    static func ofData<Result>(
        _ body: () throws(DataError) -> Result
    ) throws(EnrolmentError) -> Result {
        do throws(DataError) { return try body() } catch { throw .data(error) }
    }

    /// Takes over what goes wrong with models.
    static func ofModel<Result>(
        _ body: () throws(ModelError) -> Result
    ) throws(EnrolmentError) -> Result {
        do throws(ModelError) { return try body() } catch { throw .model(error) }
    }
}
