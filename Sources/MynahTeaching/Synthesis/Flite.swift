package import MynahBase

/// flite (http://www.festvox.org/flite): small voices built into the program, of recorded speech.
package struct Flite: Synthesizer {
    package let name = "flite"

    /// Voices that are of no use: one that only tells the time, and one at 8 kHz of a speaker that is there at 16 kHz.
    private static let unused: Set = ["awb_time", "kal"]

    /// Mean pitch of the diphone voice, in Hz.
    private static let diphonePitchHz = 105.0

    package init() {}

    package func voices(for language: String) throws(ProgramRun.Fault) -> [SynthesizerVoice] {
        guard language == "en" || language.hasPrefix("en-") else { return [] }
        let listing = String(path: try ProgramRun.output(of: [name, "-lv"], limitSeconds: limitSeconds))
        let names = (listing.split(separator: ":").last ?? "").split(whereSeparator: \.isWhitespace)
        return names.map(String.init).filter { !Self.unused.contains($0) }.map {
            SynthesizerVoice($0, of: name)
        }
    }

    package func obstacle(to text: String, voices: [SynthesizerVoice]) -> String? {
        text.utf8.allSatisfy { $0 < 0x80 } ? nil : "its voices read the letters a to z only"
    }

    package func call(
        _ text: String, voice: SynthesizerVoice, manner: SpeakingManner, output: String
    ) -> SynthesizerCall {
        SynthesizerCall([
            name, "-voice", voice.name, "--setf",
            "duration_stretch=\(NumberText.fixed(1 / manner.speed, decimals: 3))",
            "--setf", "f0_shift=\(NumberText.fixed(manner.pitch, decimals: 3))", "--setf",
            "int_f0_target_mean=\(NumberText.fixed(Self.diphonePitchHz * manner.pitch, decimals: 1))", "-t",
            text, "-o", output,
        ])
    }
}
