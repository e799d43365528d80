import ArgumentParser
import MynahBase
import MynahReport
import MynahTeaching

/// `mynah synthesize`: clips of a phrase, spoken by the synthesizers that are installed.
struct SynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize",
        abstract: "Speak a phrase in many voices, as clips to train with.",
        discussion: """
            The phrase is spoken by every synthesizer that is installed (espeak-ng, flite, festival, pico2wave, piper, \
            kokoro), in many voices, faster and slower, higher and lower. Each clip becomes \
            <phrase>/<voice>_nohash_<take>.wav in the folder --output, so that mynah train learns from some voices and is \
            tested with others. Nothing that lies there is replaced: the same command goes on where it was interrupted.

            EXAMPLE
              mynah synthesize "hey mynah" --output clips --near near
              mynah train clips --unknown near --output hey.safetensors
            """)

    @Argument(help: "What is spoken; each phrase becomes a word to learn.")
    var phrases: [String]

    @Option(name: [.short, .long], help: "The folder to write to, made if need be.")
    var output: String

    @Option(
        help: ArgumentHelp(
            "Another folder, for phrases that sound almost the same.",
            discussion: """
                As many clips as of the phrase, for mynah train --unknown: the phrase with a phoneme or two exchanged for \
                similar ones, and its words alone. Needs espeak-ng.
                """))
    var near: String?

    @OptionGroup var voices: VoiceOptions

    @Flag(help: "Print how many clips were made as JSON.")
    var json = false

    func validate() throws {
        guard !output.isEmpty, output != "-" else {
            throw ValidationError("--output is '\(output)', expected a folder")
        }
        guard near != "", near != "-" else {
            throw ValidationError("--near is '\(near ?? "")', expected a folder")
        }
        // Within the other folder, near phrases would be learnt as one word of its name.
        guard near.map({ !Self.lies($0, within: output) && !Self.lies(output, within: $0) }) ?? true else {
            throw ValidationError("--near and --output lie within each other, expected two folders")
        }
        guard Set(phrases).count == phrases.count else { throw ValidationError("a phrase is given twice") }
    }

    func run() throws {
        let synthesis = try PhraseSynthesis(of: phrases, settings: voices.settings)
        let summary = try SynthesisReport.speak(synthesis, into: output, near: near)
        if json { try Terminal.print(jsonText(summary, pretty: true)) }
    }

    private static func lies(_ path: String, within folder: String) -> Bool {
        let parts = path.split(separator: "/").filter { $0 != "." }
        return parts.starts(with: folder.split(separator: "/").filter { $0 != "." })
            && path.hasPrefix("/") == folder.hasPrefix("/")
    }
}

/// Which voices speak, as options.
struct VoiceOptions: ParsableArguments {
    @Option(
        parsing: .unconditional, help: "The most voices that speak, of all synthesizers in turn, 1 to 5000.")
    var voices = PhraseSynthesis.Settings().voiceCount

    @Option(parsing: .unconditional, help: "Clips by each voice, at other speeds and pitches, 1 to 100.")
    var takes = PhraseSynthesis.Settings().takeCount

    @Option(help: "The language of the voices, such as en, en-gb or de.")
    var language = PhraseSynthesis.Settings().language

    @Option(parsing: .unconditional, help: "Seed of every choice.")
    var seed = PhraseSynthesis.Settings().seed

    func validate() throws {
        guard (1...5000).contains(voices) else {
            throw ValidationError("--voices is \(voices), expected 1 to 5000")
        }
        guard (1...100).contains(takes) else {
            throw ValidationError("--takes is \(takes), expected 1 to 100")
        }
        guard (2...20).contains(language.utf8.count),
            language.utf8.allSatisfy({
                $0 == UInt8(ascii: "-") || ($0 < 0x80 && Character(UnicodeScalar($0)).isLetter)
            })
        else {
            throw ValidationError(
                "--language is '\(language.printable)', expected one such as en, en-gb or de")
        }
    }

    /// What the options say.
    var settings: PhraseSynthesis.Settings {
        var settings = PhraseSynthesis.Settings()
        settings.voiceCount = voices
        settings.takeCount = takes
        settings.language = language
        settings.seed = seed
        return settings
    }
}

/// What is shown and told while phrases are spoken.
enum SynthesisReport {
    /// Speaks phrases, and tells what of that failed, and how many clips of which synthesizer there are.
    static func speak(_ synthesis: PhraseSynthesis, into folder: String, near: String?) throws
        -> SynthesisSummary
    {
        for note in synthesis.notes { Terminal.note("mynah: \(note)") }
        if !synthesis.missing.isEmpty {
            Terminal.note("note: not installed: \(synthesis.missing.joined(separator: ", "))")
        }
        Interruption.watch()
        defer { Terminal.clearStatus() }
        let summary = try synthesis.speak(
            into: folder, near: near, shouldStop: { Interruption.isRequested },
            onClip: { done, count in
                Terminal.showStatus { _ in
                    "spoken \(NumberText.grouped(done)) of \(NumberText.grouped(count))"
                }
            })
        Terminal.clearStatus()
        for failure in summary.failures.dropFirst(summary.leftOut.count) {
            Terminal.note("mynah: \(failure)")
        }
        Terminal.text(summary.text())
        return summary
    }
}
