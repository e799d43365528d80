package import MynahBase

/// espeak-ng (https://github.com/espeak-ng/espeak-ng): a formant synthesizer with accents of each language, about a hundred
/// variants of each, and phonemes as input and output.
package struct EspeakNG: Synthesizer {
    package let name = "espeak-ng"

    /// Words a minute at which it speaks by itself.
    private static let wordsPerMinute = 175.0

    /// Pitch at which it speaks by itself, of 0 to 99, and how far it moves for each doubling.
    private static let pitch = (natural: 50.0, perOctave: 100.0)

    package init() {}

    /// Every accent of the language in every variant.
    ///
    /// Voices of MBROLA are left out: what they need is seldom installed.
    package func voices(for language: String) throws(ProgramRun.Fault) -> [SynthesizerVoice] {
        let accents = try listing(of: language).filter {
            !$0.file.hasPrefix("mb/") && !$0.file.hasPrefix("!v/")
        }
        let variants = try listing(of: "variant").compactMap { entry in
            entry.file.hasPrefix("!v/") ? String(entry.file.dropFirst(3)) : nil
        }
        return accents.map(\.language).flatMap { accent in
            ([nil] + variants).map { variant in
                SynthesizerVoice(
                    variant.map { "\(accent)+\($0)" } ?? accent, of: "espeak", speaker: variant ?? "plain",
                    accent: accent)
            }
        }
    }

    /// Letters of another script are named one by one, so that there are more words spoken than written.
    package func obstacle(to text: String, voices: [SynthesizerVoice]) -> String? {
        guard !text.isInLatinScript, let voice = voices.first,
            let phonemes = try? phonemes(of: text, voice: voice.name)
        else { return nil }
        let written = text.split(whereSeparator: \.isWhitespace).count
        return phonemes.count > written ? "\(voice.name) names the letters of \(text.quoted) one by one" : nil
    }

    package func call(
        _ text: String, voice: SynthesizerVoice, manner: SpeakingManner, output: String
    ) -> SynthesizerCall {
        let octaves = SpeakingManner.octaves(manner.pitch)
        let pitch = Self.pitch.natural + Self.pitch.perOctave * octaves
        return SynthesizerCall(
            [
                name, "-v", voice.name, "-s", "\(Int((Self.wordsPerMinute * manner.speed).rounded()))", "-p",
                "\(Int(pitch.rounded()))", "-w", output, "--stdin",
            ], input: text + "\n")
    }

    /// The phonemes of a text, word by word, in the mnemonics of espeak-ng; a mark of stress belongs to the phoneme behind it.
    package func phonemes(of text: String, voice: String) throws(ProgramRun.Fault) -> [[String]] {
        let spoken = try run(["-q", "-x", "--sep=/", "-v", voice, "--stdin"], input: text)
        return spoken.split(whereSeparator: \.isWhitespace).map { $0.split(separator: "/").map(String.init) }
    }

    /// The same in the international phonetic alphabet, as a text for people.
    func phoneticText(of text: String, voice: String) throws(ProgramRun.Fault) -> String {
        try run(["-q", "--ipa", "-v", voice, "--stdin"], input: text).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
    }

    /// A text that is spoken as these phonemes.
    static func text(speaking words: [[String]]) -> String {
        "[[\(words.map { $0.joined(separator: "|") }.joined(separator: " "))]]"
    }

    /// What `--voices` lists: language and file of each voice; of the languages only those that are the one asked for, or dialects
    /// of it.
    private func listing(of language: String) throws(ProgramRun.Fault) -> [(language: String, file: String)] {
        let lines = try run(["--voices=\(language)"], input: "").split(whereSeparator: \.isNewline)
            .dropFirst()
        return lines.compactMap { line in
            // The columns are Pty, Language, Age/Gender, VoiceName and File, whose name may have a blank in it.
            let fields = line.split(maxSplits: 4, whereSeparator: \.isWhitespace).map(String.init)
            guard fields.count == 5 else { return nil }
            let file = fields[4].split(separator: "  ").first.map { String($0).trimmed } ?? ""
            let isMeant = fields[1] == language || fields[1].hasPrefix(language + "-")
            return isMeant && !file.isEmpty ? (fields[1], Self.fileName(file)) : nil
        }
    }

    /// A name without the list of other languages behind it.
    private static func fileName(_ text: String) -> String {
        text.firstIndex(of: "(").map { String(text[..<$0]).trimmed } ?? text
    }

    private func run(_ arguments: [String], input: String) throws(ProgramRun.Fault) -> String {
        String(
            path: try ProgramRun.output(
                of: [name] + arguments, input: Array((input + "\n").utf8), limitSeconds: limitSeconds))
    }
}
