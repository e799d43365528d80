import Foundation
import MynahTestSupport

/// Three words made of the same three tones, so that only their order tells them apart.
enum Word: String, CaseIterable {
    case rising, falling, valley

    private var frequencies: [Double] {
        switch self {
        case .rising: [500, 1_000, 2_000]
        case .falling: [2_000, 1_000, 500]
        case .valley: [1_000, 500, 2_000]
        }
    }

    /// One second at 16 kHz in which a speaker says the word: pitch, tempo, loudness and beginning are the speaker's.
    func samples(speaker: Int, take: Int = 0, sampleRate: Int = 16_000) -> [Float] {
        let pitch = 0.85 + 0.01 * Double(speaker)
        let length = (0.15 + 0.0016 * Double(speaker)) * Double(sampleRate)
        let start = (0.1 + 0.005 * Double((speaker * 7 + take * 11) % 30)) * Double(sampleRate)
        var samples = [Float](repeating: 0, count: sampleRate)
        for (index, frequency) in frequencies.enumerated() {
            let tone = SyntheticSignal.tone(
                frequency: frequency * pitch, sampleCount: Int(length), sampleRate: sampleRate,
                amplitude: 0.1 + 0.01 * Double(speaker))
            let begin = Int(start) + index * Int(length)
            samples.replaceSubrange(begin..<begin + tone.count, with: tone)
        }
        return samples
    }
}

/// A labelled folder of ``Word``s: 32 speakers, of whom the rule of Speech Commands takes 23 for training, 4 for
/// validation and 5 for testing, and two recordings of noise.
struct WordFolder {
    static let takes = 2

    /// Makes the folder `name` in `parent`.
    init(in parent: TemporaryFolder, name: String = "words") throws {
        for word in Word.allCases {
            for speaker in 0..<32 {
                for take in 0..<Self.takes {
                    try parent.writeSound(
                        word.samples(speaker: speaker, take: take),
                        to: "\(name)/\(word)/mynah\(speaker)_nohash_\(take).wav")
                }
            }
        }
        for seed in [1, 2] {
            try parent.writeSound(
                SyntheticSignal.noise(sampleCount: 48_000, seed: UInt64(seed), amplitude: 0.05),
                to: "\(name)/_background_noise_/noise\(seed).wav")
        }
    }
}

extension TemporaryFolder {
    /// A set in which one word lies under the name of another, so that a model errs in it.
    ///
    /// - Returns: its path.
    func writeMislabelledWords() throws -> String {
        for word in Word.allCases {
            for speaker in 0..<32 {
                let said = word == .valley ? .rising : word
                try writeSound(
                    said.samples(speaker: speaker), to: "mislabelled/\(word)/mynah\(speaker)_nohash_0.wav")
            }
        }
        return file("mislabelled")
    }
}

/// A set of words and a model that was trained on it with the program, made once for all tests.
struct TrainedWords: Sendable {
    static let shared = Result { try TrainedWords() }

    /// Epochs of training.
    static let epochCount = 30

    /// Arguments with which a small network learns the words in a second or two, and also in coarse codes.
    static let trainingArguments = [
        "--layers", "16", "--epochs", "\(epochCount)", "--patience", "30", "--batch-size", "16",
        "--learning-rate", "0.01", "--averaging", "0", "--speed-change", "0.1", "--gain", "12",
        "--noise-probability", "0.5", "--noise-ratio", "0,20", "--time-masks", "0", "--feature-masks", "0",
        "--dropout", "0.1", "--threads", "2",
    ]

    private let folder: TemporaryFolder

    /// The labelled folder.
    var set: String { folder.file("words") }

    /// The model.
    var model: String { folder.file("words.safetensors") }

    /// How training went.
    let training: Outcome

    /// One recording of a word, by a speaker for testing, whom training has not heard.
    func clip(_ word: Word) -> String {
        "\(set)/\(word)/mynah\(Self.testingSpeaker)_nohash_0.wav"
    }

    private static let testingSpeaker = 12

    private init() throws {
        let folder = try TemporaryFolder()
        self.folder = folder
        _ = try WordFolder(in: folder)
        training = try mynah(
            ["train", folder.file("words"), "--output", folder.file("words.safetensors")]
                + Self.trainingArguments)
        // It lives as long as the process.
        Self.path = folder.path
        atexit { try? FileManager.default.removeItem(atPath: TrainedWords.path) }
    }

    nonisolated(unsafe) private static var path = ""
}
