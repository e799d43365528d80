/// Sentences whose letters are tones: running speech that a small network learns in seconds.
package enum ToneSpeech {
    /// Frequency of each letter, in Hz.
    private static let frequencies: [Character: Double] = ["a": 400, "e": 800, "o": 1_500, "u": 2_600]

    /// A sentence of two or three words of two to four letters, as a number draws it; equal letters may follow each other.
    package static func text(_ number: Int) -> String {
        let letters = ["a", "e", "o", "u"]
        var rest = number &* 2_654_435_761 &+ 12_345
        func draw(_ limit: Int) -> Int {
            rest = (rest &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407) & Int.max
            return (rest >> 33) % limit
        }
        return (0..<2 + draw(2)).map { _ in (0..<2 + draw(3)).map { _ in letters[draw(4)] }.joined() }
            .joined(separator: " ")
    }

    /// Where each word of a text lies, in seconds: from the beginning of its first tone to the end of its last one.
    package static func extents(of text: String) -> [(start: Double, end: Double)] {
        var extents: [(start: Double, end: Double)] = []
        var position = 0.1
        for word in text.split(separator: " ") {
            let end = position + 0.12 * Double(word.count)
            extents.append((position, end - 0.04))
            position = end + 0.12
        }
        return extents
    }

    /// How a speaker says a text: 80 ms of tone and 40 ms of silence for each letter, 120 ms between words; pitch and
    /// loudness are the speaker's.
    package static func samples(of text: String, speaker: Int, sampleRate: Int = 16_000) -> [Float] {
        func silence(_ seconds: Double) -> [Float] {
            [Float](repeating: 0, count: Int(seconds * Double(sampleRate)))
        }
        var samples = silence(0.1)
        for letter in text {
            if let frequency = frequencies[letter] {
                samples += SyntheticSignal.tone(
                    frequency: frequency * (0.9 + 0.02 * Double(speaker)), sampleCount: sampleRate * 8 / 100,
                    sampleRate: sampleRate, amplitude: 0.2 + 0.02 * Double(speaker))
                samples += silence(0.04)
            } else {
                samples += silence(0.12)
            }
        }
        return samples + silence(0.1)
    }
}
