import ArgumentParser
import MynahBase
import MynahData
import MynahTeaching

/// `mynah forget`: away with a word, or with one recording of it.
struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Forget a word that was taught, or one of its recordings.",
        discussion: """
            What is forgotten is put aside, not deleted: mynah words --undo brings it back. With the last word, the \
            model goes, too.

            EXAMPLE
              mynah forget lights --model mine.safetensors
              mynah forget lights/me_nohash_3.wav --model mine.safetensors
            """)

    @Argument(help: "The word, or WORD/RECORDING.")
    var word: String

    @OptionGroup var options: TeachingOptions

    func run() throws {
        let enrolment = try options.enrolment(mustExist: true)
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let advice = try enrolment.forget(parts[0], take: parts.count > 1 ? parts[1] : nil)
        WordsCommand.tellModel(options.model, advice)
    }
}
