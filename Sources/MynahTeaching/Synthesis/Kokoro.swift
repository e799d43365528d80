package import MynahBase

/// Kokoro (https://github.com/hexgrad/kokoro): a neural synthesizer with 28 voices of English.
package struct Kokoro: Synthesizer {
    package let name = "kokoro"

    /// A program that loads a network for each clip.
    package let limitSeconds = 60.0

    /// American (`a`) and British (`b`), women (`f`) and men (`m`).
    private static let english = [
        "af_heart", "af_alloy", "af_aoede", "af_bella", "af_jessica", "af_kore", "af_nicole", "af_nova",
        "af_river", "af_sarah", "af_sky", "am_adam", "am_echo", "am_eric", "am_fenrir", "am_liam",
        "am_michael",
        "am_onyx", "am_puck", "am_santa", "bf_alice", "bf_emma", "bf_isabella", "bf_lily", "bm_daniel",
        "bm_fable", "bm_george", "bm_lewis",
    ]

    package init() {}

    package func voices(for language: String) throws(ProgramRun.Fault) -> [SynthesizerVoice] {
        let dialect = ["en": "", "en-us": "a", "en-gb": "b"][language.lowercased()]
        guard let dialect else { return [] }
        return Self.english.filter { $0.hasPrefix(dialect) }.map { SynthesizerVoice($0, of: name) }
    }

    package func obstacle(to text: String, voices: [SynthesizerVoice]) -> String? {
        text.isInLatinScript ? nil : "its voices read Latin letters only"
    }

    package func call(
        _ text: String, voice: SynthesizerVoice, manner: SpeakingManner, output: String
    ) -> SynthesizerCall {
        SynthesizerCall([
            name, "--voice", voice.name, "--speed", NumberText.fixed(manner.speed, decimals: 3),
            "--output-file", output, "--text=\(text)",
        ])
    }
}
