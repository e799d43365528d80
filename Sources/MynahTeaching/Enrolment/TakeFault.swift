import Glibc
public import MynahAudio
import MynahData

/// What is wrong with a recording of one word, as it is heard in the recording alone.
public enum TakeFault: String, CaseIterable, Codable, Hashable, Sendable {
    /// Nothing stands out from what is there all the time.
    case silent = "nothing is said"

    /// The word is below −48 dB of full scale.
    case tooQuiet = "too quiet"

    /// Four samples in a row or more stand at the largest value.
    case clipped

    /// The recording begins within the word.
    case cutAtStart = "cut at the start"

    /// The recording ends within the word.
    case cutAtEnd = "cut at the end"

    /// The word is less than 12 dB above what is there all the time.
    case loudBackground = "background too loud"

    /// What is wrong with a recording, the worst first; where nothing is said, nothing else is told.
    ///
    /// Levels are those of stretches of 10 ms: the word's the mean of those at most 15.9 dB below the loudest
    /// (ITU-T P.56), the background's the one that a tenth of them do not reach.
    public static func faults(of take: Waveform) -> [TakeFault] {
        let length = max(1, take.sampleRate / 100)
        let powers = stride(from: 0, to: take.samples.count - length + 1, by: length).map { start in
            take.samples[start..<start + length].reduce(into: Float(0)) { $0 += $1 * $1 } / Float(length)
        }
        guard powers.count >= 5 else { return [.silent] }
        let word = SpeechLevel.power(of: take.samples, sampleRate: take.sampleRate)
        let background = powers.sorted()[powers.count / 10]
        let distance = decibels(word) - decibels(background)
        guard decibels(word) > silentDecibels, distance > leastDistance else { return [.silent] }
        var faults: [TakeFault] = []
        if longestRunAtPeak(take.samples) >= 4 { faults.append(.clipped) }
        // Where there is no pause, nothing is known of the background.
        let hasPause = powers.count { $0 < word / 100 } >= 5
        if !hasPause, distance < clearDistance { faults.append(.loudBackground) }
        let edge = word / 10
        if hasPause || distance >= clearDistance {
            if powers.prefix(3).reduce(0, +) / 3 > edge { faults.append(.cutAtStart) }
            if powers.suffix(3).reduce(0, +) / 3 > edge { faults.append(.cutAtEnd) }
        }
        if decibels(word) < quietDecibels { faults.append(.tooQuiet) }
        return faults
    }

    private static let silentDecibels: Float = -66
    private static let quietDecibels: Float = -48
    private static let leastDistance: Float = 4
    private static let clearDistance: Float = 12

    private static func decibels(_ power: Float) -> Float { 10 * log10f(max(power, 1e-12)) }

    /// Samples in a row at the largest value, which is near full scale; 0 where it is not.
    private static func longestRunAtPeak(_ samples: [Float]) -> Int {
        let peak = samples.reduce(0) { max($0, abs($1)) }
        guard peak > 0.9 else { return 0 }
        var (run, longest) = (0, 0)
        for sample in samples {
            run = abs(sample) >= peak * 0.9999 ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}

extension TakeFault: CustomStringConvertible {
    /// In words for a person.
    public var description: String { rawValue }
}
