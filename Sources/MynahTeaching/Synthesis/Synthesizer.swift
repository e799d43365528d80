import Glibc
package import MynahBase
import MynahData

/// A program that turns text into speech.
///
/// Programs are run one after the other, without a shell, each for a limited time.
package protocol Synthesizer: Sendable {
    /// What it is called, which is also the program that it is found by.
    var name: String { get }

    /// Longest time for one clip, in seconds: of a program that hangs, no more is lost.
    var limitSeconds: Double { get }

    /// The voices that are installed for a language such as `en`, in an order that stays the same; none where it has none.
    func voices(for language: String) throws(ProgramRun.Fault) -> [SynthesizerVoice]

    /// Why a text cannot be read in a language; nil where it can.
    func obstacle(to text: String, voices: [SynthesizerVoice]) -> String?

    /// How a text is spoken into a file.
    func call(_ text: String, voice: SynthesizerVoice, manner: SpeakingManner, output: String)
        -> SynthesizerCall
}

extension Synthesizer {
    package var limitSeconds: Double { 20 }
}

/// A voice of a synthesizer.
package struct SynthesizerVoice: Hashable, Sendable {
    /// What the program calls it.
    package let name: String

    /// Who speaks, as it stands in names of files: of letters, digits, `.`, `+` and `-`.
    package let speaker: String

    /// In which accent, likewise, where a speaker has several; empty elsewhere.
    let accent: String

    /// Names a voice; what cannot stand in names of files becomes `-`.
    init(_ name: String, of synthesizer: String, speaker: String? = nil, accent: String = "") {
        self.name = name
        self.speaker = Self.fileName("\(synthesizer)-\(speaker ?? name)")
        self.accent = Self.fileName(accent)
    }

    /// The file of a take, by the rule of Speech Commands: whoever speaks with several accents is one speaker.
    func fileName(take: Int) -> String {
        "\(speaker)\(SpeakerSplit.separator)\(accent)\(accent.isEmpty ? "" : "-")\(take).wav"
    }

    private static func fileName(_ text: String) -> String {
        let allowed: (UInt8) -> Bool = { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: ".+-".utf8.contains(byte)
            }
        }
        return String(decoding: text.utf8.map { allowed($0) ? $0 : UInt8(ascii: "-") }, as: UTF8.self)
    }
}

/// How fast and how high a voice speaks, as factors of how it speaks by itself.
package struct SpeakingManner: Hashable, Sendable {
    /// `0.8 ... 1.25`.
    package let speed: Double

    /// `0.85 ... 1.18`; not every program can change it.
    package let pitch: Double

    /// A factor of pitch in octaves.
    static func octaves(_ factor: Double) -> Double { log2(factor) }

    /// As the voice speaks by itself.
    static let natural = SpeakingManner(speed: 1, pitch: 1)

    /// That of a take of a voice: the first as the voice speaks by itself, the others drawn, the logarithms uniformly.
    init(seed: UInt64, voice: String, take: Int) {
        guard take > 0 else {
            self = .natural
            return
        }
        var generator = SeededGenerator(seed: seed, Int(SHA1.lowWord(of: voice)), take)
        speed = pow(1.25, generator.number(in: -1...1))
        pitch = pow(1.18, generator.number(in: -1...1))
    }

    private init(speed: Double, pitch: Double) {
        self.speed = speed
        self.pitch = pitch
    }
}

/// A program to run, with its arguments and what it reads from standard input.
package struct SynthesizerCall: Hashable, Sendable {
    package let words: [String]
    package let input: [UInt8]

    /// Wraps the values.
    init(_ words: [String], input: String = "") {
        self.words = words
        self.input = Array(input.utf8)
    }
}

extension String {
    /// Whether all letters are those of the Latin script, with accents or without: the blocks up to Latin Extended-B, and Latin
    /// Extended Additional.
    var isInLatinScript: Bool {
        unicodeScalars.allSatisfy {
            !$0.properties.isAlphabetic || $0.value < 0x250 || (0x1e00...0x1eff).contains($0.value)
        }
    }
}
