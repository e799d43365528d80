package import MynahBase

/// SVOX Pico, by its program pico2wave: one voice for each of six dialects.
package struct PicoTTS: Synthesizer {
    package let name = "pico2wave"

    private static let dialects = ["en-US", "en-GB", "de-DE", "es-ES", "fr-FR", "it-IT"]

    package init() {}

    package func voices(for language: String) throws(ProgramRun.Fault) -> [SynthesizerVoice] {
        Self.dialects.filter {
            let dialect = $0.lowercased()
            return dialect == language.lowercased() || dialect.hasPrefix(language.lowercased() + "-")
        }.map { SynthesizerVoice($0, of: "pico") }
    }

    package func obstacle(to text: String, voices: [SynthesizerVoice]) -> String? {
        text.isInLatinScript ? nil : "its voices read Latin letters only"
    }

    package func call(
        _ text: String, voice: SynthesizerVoice, manner: SpeakingManner, output: String
    ) -> SynthesizerCall {
        // Levels are in percent of how the voice speaks by itself.
        let speed = Int((100 * manner.speed).rounded())
        let pitch = Int((100 * manner.pitch).rounded())
        return SynthesizerCall([
            name, "-l", voice.name, "-w", output,
            #"<speed level="\#(speed)"><pitch level="\#(pitch)">\#(text.escapedAsMarkup)</pitch></speed>"#,
        ])
    }
}
