import MynahEvaluation
import Testing

@Suite struct LabelMappingTests {
    let labels = ["_silence_", "_unknown_", "yes", "no"]

    @Test func wordsOutsideTheModelCountAsUnknown() throws {
        let mapping = try LabelMapping(
            labels: labels, words: ["_background_noise_", "yes", "cat"], folder: "data")
        #expect(mapping.labelIndices == ["yes": 2, "cat": 1])
        #expect(mapping.unknownWords == ["cat"])
        #expect(mapping.absentLabels == ["no"])
    }

    @Test func foldersNamedLikeTheSpecialLabelsAreTheirClips() throws {
        let mapping = try LabelMapping(labels: labels, words: ["_silence_", "_unknown_"], folder: "data")
        #expect(mapping.labelIndices == ["_silence_": 0, "_unknown_": 1])
    }

    @Test func aModelWithoutUnknownRefusesOtherWords() {
        let error = #expect(throws: EvaluationError.self) {
            try LabelMapping(labels: ["yes", "no"], words: ["cat", "yes", "dog"], folder: "data")
        }
        #expect(
            error?.description
                == "data: the folder does not match the model; labels of the model without a sub-folder: no; "
                + "sub-folders that are no label of the model: cat, dog")
    }

    @Test(arguments: [["cat", "dog"], ["_background_noise_"], []])
    func aFolderWithoutAnyLabelOfTheModelIsRefused(words: [String]) {
        #expect {
            try LabelMapping(labels: labels, words: words, folder: "data")
        } throws: {
            guard case .labelsDoNotMatch("data", ["yes", "no"], _) = $0 as? EvaluationError else {
                return false
            }
            return true
        }
    }

    /// Unlikely to be meant: all of its clips would count as `_unknown_`.
    @Test(arguments: ["Yes", "yes ", "no\u{200B}"]) func aWordThatLooksLikeALabelIsRefused(word: String) {
        let error = #expect(throws: EvaluationError.self) {
            try LabelMapping(labels: labels, words: ["cat", word], folder: "data")
        }
        #expect(error?.description.hasPrefix("data: its word ") == true)
    }

    @Test func theMessageStaysOneReadableLine() {
        let words = (0..<100).map { "w\($0)\n\u{1b}[31m" }
        let error = EvaluationError.labelsDoNotMatch(folder: "data", absentLabels: [], unknownWords: words)
        #expect(error.description.hasSuffix(" and 88 more"))
        #expect(!error.description.contains("\n") && !error.description.contains("\u{1b}"))
    }
}
