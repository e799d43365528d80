import MynahBase

/// Where in a recording one word of a known text lies.
package struct AlignedWord: Hashable, Sendable {
    /// The word.
    package let word: String

    /// Where it begins, in seconds from the start of the recording.
    package let start: Double

    /// Where it ends, in seconds from the start of the recording, not before `start`.
    package let end: Double

    /// How sure the model is that it lies there: the geometric mean of the posteriors of its letters over the steps that spell
    /// them, `0 ... 1`.
    package let confidence: Double

    /// Wraps the values.
    package init(word: String, start: Double, end: Double, confidence: Double) {
        self.word = word
        self.start = start
        self.end = end
        self.confidence = confidence
    }

    /// The word with its start and its end so many seconds earlier, held within a recording of a length in seconds.
    package func moved(start: Double, end: Double, within length: Double) -> AlignedWord {
        func held(_ time: Double) -> Double { min(length, max(0, time)) }
        let begin = held(self.start - start)
        return AlignedWord(
            word: word, start: begin, end: max(begin, held(self.end - end)), confidence: confidence)
    }
}

/// The words of one recording, in the order in which they are said.
///
/// Words that run together may overlap: each of their times is the likeliest for itself.
package struct AlignedSentence: Hashable, Sendable {
    /// Where the file lies.
    package let path: String

    /// Its place in its folder, or its path where there are several folders.
    package let name: String

    /// Who speaks.
    package let speaker: String

    /// The words.
    package let words: [AlignedWord]

    /// Wraps the values.
    package init(path: String, name: String, speaker: String, words: [AlignedWord]) {
        self.path = path
        self.name = name
        self.speaker = speaker
        self.words = words
    }

    /// The sentences of several folders or tables, each recording once: what comes later of one is told.
    package static func ofEachRecording(
        _ sentences: [AlignedSentence]
    ) -> (sentences: [AlignedSentence], passedOver: PassedOver) {
        var seen: Set<String> = []
        var passedOver = PassedOver()
        let unique = sentences.filter { sentence in
            let isNew = seen.insert(resolvedPath(sentence.path) ?? sentence.path).inserted
            if !isNew {
                passedOver.add("\(sentence.path.printable): its words are in another source already")
            }
            return isNew
        }
        return (unique, passedOver)
    }
}
