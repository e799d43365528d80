package import MynahFeatures

/// The windows of a file of negatives as a network learns from them: in the form that it takes, of the length of its clips, without
/// those in which one of its words is said.
package struct NegativeExamples: Sendable {
    private let windows: NegativeWindows
    private let form: NegativeWindows.Form
    private let frameCount: Int

    /// Those that are taken, by their place in the file.
    private var chosen: [Int]

    /// Takes the windows but for those that hold one of `words`, in upper or lower case.
    ///
    /// - Parameters:
    ///   - frontEnd: the one that the network hears through.
    ///   - frameCount: frames of its clips.
    /// - Throws: `DataError.otherNegatives` where they are of a front end that has nothing to do with this one.
    package init(
        _ windows: NegativeWindows, frontEnd: FrontEndConfiguration, frameCount: Int, without words: [String]
    ) throws(DataError) {
        self.windows = windows
        self.frameCount = frameCount
        form = try windows.form(for: frontEnd)
        let own = Set(words.map { $0.lowercased() })
        chosen = windows.contents.indices.filter { index in
            guard case .word(let word) = windows.contents[index] else { return true }
            return !own.contains(windows.words[word].lowercased())
        }
    }

    /// How many there are.
    package var count: Int { chosen.count }

    /// Whether an example holds noise alone.
    package func isNoise(_ index: Int) -> Bool { windows.contents[chosen[index]] == .noise }

    /// The word that is said in an example, by its number; nil where there is none, or many.
    package func word(_ index: Int) -> Int? {
        if case .word(let word) = windows.contents[chosen[index]] { word } else { nil }
    }

    /// The features of an example, `[frameCount, D]`, not normalized.
    package func features(of index: Int) -> FeatureMatrix {
        windows.features(of: chosen[index], as: form, frameCount: frameCount)
    }

    /// Those with speech: nine of ten to learn from, and the others to validate with; of fewer than ten both have all.
    package var divided: (training: NegativeExamples, validation: NegativeExamples) {
        let speech = chosen.filter { windows.contents[$0] != .noise }
        var parts = (training: self, validation: self)
        guard speech.count >= 10 else { return parts }
        parts.training.chosen = speech.indices.filter { $0 % 10 != 9 }.map { speech[$0] }
        parts.validation.chosen = speech.indices.filter { $0 % 10 == 9 }.map { speech[$0] }
        return parts
    }
}
