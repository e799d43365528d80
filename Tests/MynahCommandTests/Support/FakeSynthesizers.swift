import Foundation
import MynahTestSupport
import Testing

/// A folder of programs that pretend to be speech synthesizers, to be the only folder of `PATH`.
struct FakeSynthesizers {
    private let folder: TemporaryFolder

    /// Of espeak-ng: two accents and two variants; it says the phonemes of "hey mynah", and copies one sound for everything.
    private static let espeak = """
        case "$1" in
        --voices=variant) printf 'Pty\\n 5  variant --/M Adam !v/adam\\n 5  variant --/F Eva !v/eva\\n' ;;
        --voices=*) printf 'Pty\\n 2  en-gb --/M English gmw/en (en 2)\\n 5  en-us --/M MBROLA mb/mb-us1\\n 5  en-us --/M US gmw/en-US\\n' ;;
        -q)
            IFS= read -r text
            if [ "$2" = --ipa ]; then echo "$text"; elif [ "$text" = привет ]; then echo 'p e'; else echo "h/'eI m/'aI/n/@"; fi ;;
        *) /bin/cp "$FAKE_SOUND" "$8" ;;
        esac
        """

    /// Makes the programs: espeak-ng, unless told otherwise, and others with a script each.
    init(in parent: TemporaryFolder, hasEspeak: Bool = true, others: [String: String] = [:]) throws {
        folder = parent
        let rate = 16_000
        let silence = [Float](repeating: 0, count: rate / 2)
        let tone = SyntheticSignal.tone(
            frequency: 700, sampleCount: rate * 6 / 10, sampleRate: rate, amplitude: 0.3)
        try parent.writeSound(silence + tone + silence, to: "spoken.wav")
        try FileManager.default.createDirectory(
            atPath: parent.file("bin"), withIntermediateDirectories: true)
        for (name, script) in others.merging(
            hasEspeak ? ["espeak-ng": Self.espeak] : [:], uniquingKeysWith: { $1 })
        {
            try parent.writeProgram(script, to: "bin/\(name)")
        }
    }

    /// What a program needs in its environment to find these programs, and no other.
    var environment: [String: String] {
        ["PATH": folder.file("bin"), "FAKE_SOUND": folder.file("spoken.wav")]
    }
}
