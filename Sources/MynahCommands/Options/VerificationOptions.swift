import ArgumentParser
import MynahBase
import MynahData
import MynahModel
import MynahRecognition

/// Whether words are verified before they count.
struct VerificationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Hear only words that this speech model finds spelled in the sound, too.",
            discussion: """
                For English words, and for any that were taught with it; one that the letters of the model cannot spell is \
                heard as without it.
                """))
    var verifier: String?

    /// Reads the speech model, and tells which words of a model it cannot verify.
    func load(for model: CommandModel) throws -> SpellingVerifier? {
        guard let verifier else { return nil }
        let loaded = try SpellingVerifier(contentsOf: verifier)
        let unspellable = loaded.unspellable(model)
        if !unspellable.isEmpty {
            Terminal.note("note: \(verifier.printable) cannot spell \(listed(unspellable, limit: 20))")
        }
        return loaded
    }
}
