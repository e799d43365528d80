import MynahTestSupport
import Testing

@testable import MynahModel

/// What a speech model has spelled of the recordings of words, in the file of a model.
struct SpellingsTests {
    private static let hash = String(repeating: "0a", count: 32)

    @Test func isKeptInTheFile() throws {
        let spellings = Spellings(speechModel: Self.hash, words: ["go": ["gou", "co'"]], written: ["go"])
        let model = try ModelMutator.smallModel().with(spellings: spellings)
        let read = try CommandModel(bytes: model.fileBytes.span.bytes, name: "memory")
        #expect(read.spellings == spellings)
        #expect(try read.with(temperature: 2).spellings == spellings)
        #expect(try read.with(spellings: nil).fileBytes == ModelMutator.smallModel().fileBytes)
    }

    @Test(arguments: [
        (Spellings(speechModel: "0a", words: [:]), "the speech model '0a', expected 64 hexadecimal digits"),
        (Spellings(speechModel: hash, words: [:], written: ["go"]), "'go', of which nothing was spelled"),
        (Spellings(speechModel: hash, words: ["stop": []]), "'stop', which is no word of the model"),
        (
            Spellings(speechModel: hash, words: ["_unknown_": []]),
            "'_unknown_', which is no word of the model"
        ),
        (Spellings(speechModel: hash, words: ["go": ["go", ""]]), "'' for 'go', expected letters"),
        (Spellings(speechModel: hash, words: ["go": ["g o"]]), "'g o' for 'go', expected letters"),
        (Spellings(speechModel: hash, words: ["go": ["g\no"]]), "'g\\no' for 'go', expected letters"),
    ])
    func whatCannotBeIsRefused(spellings: Spellings, reason: String) throws {
        let error = #expect(throws: ModelError.self) {
            try ModelMutator.smallModel().with(spellings: spellings)
        }
        #expect("\(try #require(error))".contains("bad spellings: \(reason)"), "\(error!)")
        let long = Spellings(speechModel: Self.hash, words: ["go": [String(repeating: "g", count: 1_001)]])
        #expect(throws: ModelError.self) { try ModelMutator.smallModel().with(spellings: long) }
    }
}
