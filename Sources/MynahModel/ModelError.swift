public import MynahBase

/// Why a model file cannot be read or written.
public enum ModelError: Error, Equatable, Sendable {
    /// The file cannot be read or written.
    case file(FileError)

    /// The file breaks the safetensors format.
    case notSafetensors(file: String, fault: SafetensorsFault)

    /// The file is sound safetensors, but not a model that can be used; no file if the model was made in memory.
    case invalidModel(file: String?, fault: ModelFault)

    /// The model takes other features than are expected; each setting that differs, with the model's value first.
    case otherFrontEnd(differences: [String])

    /// The weights of a model cannot be averaged with those of the first one, because a part of theirs differs.
    case notAlike(model: String, first: String, part: String)

    /// The model has no settings of detection for this strictness.
    case noThresholds(model: String, strictness: Strictness)
}

extension ModelError: CustomStringConvertible {
    /// One line that says what, which file, expected and actual.
    public var description: String {
        switch self {
        case .file(let error):
            error.description
        case .notSafetensors(let file, let fault):
            "\(file.printable) is not a valid safetensors file: \(fault)"
        case .invalidModel(let file?, let fault):
            "\(file.printable) is not a usable model: \(fault)"
        case .invalidModel(nil, let fault):
            "not a usable model: \(fault)"
        case .noThresholds(let model, let strictness):
            "\(model.printable): has no thresholds for --strictness \(strictness.rawValue); mynah evaluate --budget makes them"
        case .notAlike(let model, let first, let part):
            "\(model.printable): differs from \(first.printable) in its \(part): only models that are alike can be averaged"
        case .otherFrontEnd(let differences):
            "the model has another front end: \(differences.joined(separator: "; "))"
        }
    }
}

extension ModelError {
    /// Takes over what goes wrong with a file.
    static func ofFile<Result>(_ body: () throws(FileError) -> Result) throws(ModelError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }

    /// Adds the name of the file to a fault of its format.
    static func naming<Result>(
        _ file: String, _ body: () throws(SafetensorsFault) -> Result
    ) throws(ModelError) -> Result {
        do throws(SafetensorsFault) {
            return try body()
        } catch {
            throw .notSafetensors(file: file, fault: error)
        }
    }

    /// Adds the name of the file, if there is one, to a fault of the model.
    static func naming<Result>(
        _ file: String?, _ body: () throws(ModelFault) -> Result
    ) throws(ModelError) -> Result {
        do throws(ModelFault) {
            return try body()
        } catch {
            throw .invalidModel(file: file, fault: error)
        }
    }
}
