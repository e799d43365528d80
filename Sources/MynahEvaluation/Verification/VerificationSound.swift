import Glibc
import MynahBase

/// An endless sound that a network has opinions on: tones like vowels, hisses and pauses, as a seed draws them.
///
/// It depends on nothing but the seed: the same samples on every machine.
struct VerificationSound {
    /// One period of a sine.
    private static let sine: [Float] = (0..<4_096).map { Float(sin(2 * Double.pi * Double($0) / 4_096)) }

    private enum Kind { case pause, hiss, tones }

    private let sampleRate: Int
    private var generator: SeededGenerator
    private var kind = Kind.pause
    private var remaining = 0
    private var amplitude: Float = 0

    /// Turns per sample and turns so far of three tones, as shares of 2³².
    private var steps: [UInt32] = [0, 0, 0]
    private var phases: [UInt32] = [0, 0, 0]

    /// Starts at the first sample.
    init(seed: UInt64, sampleRate: Int) {
        self.sampleRate = sampleRate
        generator = SeededGenerator(seed: seed)
    }

    /// The next samples, within ±1.
    mutating func samples(_ count: Int) -> [Float] {
        var result: [Float] = []
        result.reserveCapacity(count)
        while result.count < count {
            if remaining == 0 { drawSegment() }
            let length = min(remaining, count - result.count)
            remaining -= length
            for _ in 0..<length { result.append(nextSample()) }
        }
        return result
    }

    private mutating func drawSegment() {
        remaining = Int((0.04 + 0.2 * generator.uniform()) * Float(sampleRate))
        kind = [.pause, .hiss, .tones, .tones][Int(generator.next() % 4)]
        amplitude = 0.01 + 0.3 * generator.uniform() * generator.uniform()
        for (tone, range) in [(0, 90.0...300), (1, 300...1_000), (2, 900...3_000)] {
            let frequency =
                range.lowerBound + Double(generator.uniform()) * (range.upperBound - range.lowerBound)
            steps[tone] = UInt32(frequency / Double(sampleRate) * 0x1p32)
        }
    }

    private mutating func nextSample() -> Float {
        switch kind {
        case .pause: return 0.002 * (generator.uniform() - 0.5)
        case .hiss: return amplitude * (2 * generator.uniform() - 1)
        case .tones:
            var sum: Float = 0
            for tone in 0..<3 {
                phases[tone] &+= steps[tone]
                sum += Self.sine[Int(phases[tone] >> 20)]
            }
            return amplitude * sum / 3
        }
    }
}
