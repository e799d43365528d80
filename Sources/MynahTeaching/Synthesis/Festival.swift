package import MynahBase

/// Festival (https://www.cstr.ed.ac.uk/projects/festival/), by its program text2wave.
package struct Festival: Synthesizer {
    package let name = "text2wave"

    /// Beginnings of the names of voices for English.
    private static let english = ["kal_", "ked_", "rab_", "don_", "cmu_us_", "en1_", "us1_", "us2_", "us3_"]

    /// Mean pitch of the diphone voices, in Hz.
    private static let diphonePitchHz = 105.0

    package init() {}

    package func voices(for language: String) throws(ProgramRun.Fault) -> [SynthesizerVoice] {
        guard language == "en" || language.hasPrefix("en-") else { return [] }
        let listing = String(
            path: try ProgramRun.output(
                of: ["festival", "-b", "(print (voice.list))"], limitSeconds: limitSeconds))
        let names = listing.split { !($0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_")) }
            .map(String.init)
        return names.filter { name in Self.english.contains { name.hasPrefix($0) } }.sorted().map {
            SynthesizerVoice($0, of: "festival")
        }
    }

    package func obstacle(to text: String, voices: [SynthesizerVoice]) -> String? {
        text.utf8.allSatisfy { $0 < 0x80 } ? nil : "its voices read the letters a to z only"
    }

    package func call(
        _ text: String, voice: SynthesizerVoice, manner: SpeakingManner, output: String
    ) -> SynthesizerCall {
        let stretch = NumberText.fixed(1 / manner.speed, decimals: 3)
        let pitch = NumberText.fixed(Self.diphonePitchHz * manner.pitch, decimals: 1)
        let setUp = """
            (begin (voice_\(voice.name)) (Parameter.set 'Duration_Stretch \(stretch)) \
            (set! int_lr_params '((target_f0_mean \(pitch)) (target_f0_std 14) (model_f0_mean 170) (model_f0_std 34))))
            """
        return SynthesizerCall([name, "-o", output, "-eval", setUp], input: text + "\n")
    }
}
