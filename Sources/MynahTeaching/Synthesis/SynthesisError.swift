import MynahBase

/// Why nothing can be spoken, or not what was asked for.
package enum SynthesisError: Error, Hashable, Sendable {
    /// A phrase that cannot be spoken, or cannot be the name of a folder and a label.
    case badPhrase(phrase: String, reason: String)

    /// No synthesizer is installed that has a voice for the language.
    case noSynthesizer(language: String)

    /// Near words were asked for, and the program that knows phonemes is missing.
    case noPhonemes

    /// A phrase has no phoneme that could be exchanged for a similar one.
    case noNearWords(phrase: String, phonemes: String)

    /// Not one clip was made; `reasons` says why, synthesizer by synthesizer.
    case nothingSpoken(phrase: String, reasons: [String])

    /// The caller asked for an end before all was spoken; so many clips are there.
    case stopped(folder: String, clipCount: Int)
}

extension SynthesisError: CustomStringConvertible {
    /// What installs synthesizers on Debian and Ubuntu.
    private static let installation = "apt-get install espeak-ng flite festival festvox-kallpc16k"

    /// One line for the user, without control characters.
    package var description: String {
        switch self {
        case .badPhrase(let phrase, let reason): "the phrase \(phrase.quoted) \(reason)"
        case .noSynthesizer(let language):
            "no speech synthesizer with a voice for \(language.quoted) is installed; try: \(Self.installation)"
        case .noPhonemes:
            "near words are made of phonemes, which espeak-ng knows: apt-get install espeak-ng"
        case .noNearWords(let phrase, let phonemes):
            "the phrase \(phrase.quoted) has no near words: espeak-ng says \(phonemes.quoted)"
        case .nothingSpoken(let phrase, let reasons):
            "the phrase \(phrase.quoted) was not spoken: "
                + (reasons.isEmpty ? "no voice gave a sound" : reasons.joined(separator: "; "))
        case .stopped(let folder, let clipCount):
            "stopped with \(NumberText.grouped(clipCount)) clips in \(folder.printable); the same command goes on"
        }
    }
}
