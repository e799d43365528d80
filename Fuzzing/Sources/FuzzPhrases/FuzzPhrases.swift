import FuzzSupport
import FuzzerDriver
import Glibc
import MynahBase
import MynahData
import MynahLanguage

/// Reads inputs as phrases: the first byte says whether as text, as Rasa's YAML or as the JSON of SNIPS.
@main
struct FuzzPhrases {
    static func main() { runFuzzer() }
}

/// A folder for one file of each kind, below that in which `Fuzzing/run.sh` has the fuzzers run.
private let folder: String = {
    let path = ".build/fuzzing/phrases"
    guard mkdir(path, 0o755) == 0 || errno == EEXIST else { preconditionFailure("\(path) cannot be made") }
    return path
}()

/// One input; libFuzzer calls this by its name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPhrases(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: data, count: count)
    guard let kind = bytes.first else { return 0 }
    let path = folder + "/" + ["lights.txt", "rasa.yml", "train_lights.json"][Int(kind) % 3]
    guard let file = fopen(path, "w") else { preconditionFailure("\(path) cannot be written") }
    fwrite(bytes.baseAddress.map { $0 + 1 }, 1, count - 1, file)
    fclose(file)
    do {
        let collection = try PhraseCollection(reading: path)
        var generator = SeededGenerator(seed: UInt64(count))
        for line in collection.lines.prefix(50) { check(line.template.phrase(using: &generator)) }
    } catch {
        precondition(!"\(error)".contains("\n"), "a message of several lines: \(error)")
    }
    return 0
}

/// Traps unless the slots of a phrase follow one another within its text.
private func check(_ phrase: Phrase) {
    let length = phrase.text.unicodeScalars.count
    var end = 0
    for slot in phrase.slots {
        precondition(
            slot.range.lowerBound >= end && slot.range.upperBound <= length,
            "slot at \(slot.range) behind \(end) of \(length)")
        end = slot.range.upperBound
    }
    _ = TokenizedText(phrase.text)
}
