import Glibc

/// How loud a recording is, 10 ms after 10 ms.
struct SoundLevels: Sendable {
    /// The level of each frame in steps of ``decibelsPerStep`` above the quietest that is told, which is 0.
    let values: [UInt8]

    /// Frames per second.
    static let frameRate = 100

    /// What a step is worth, in dB.
    static let decibelsPerStep = 0.25

    /// How far below the loudest frame a level is told, in dB: digital silence is no better than a quiet room.
    private static let range = 50.0

    /// Of samples at a rate in Hz; none of silence.
    init(of samples: [Float], sampleRate: Int) {
        let length = sampleRate / Self.frameRate
        let powers = stride(from: 0, to: samples.count - length + 1, by: length).map { start in
            samples[start..<start + length].reduce(0.0) { $0 + Double($1 * $1) } / Double(length)
        }
        guard let loudest = powers.max(), loudest > 0 else {
            values = []
            return
        }
        let floor = 10 * log10(loudest) - Self.range
        values = powers.map { power in
            power > 0 ? UInt8(max(0, (10 * log10(power) - floor) / Self.decibelsPerStep).rounded()) : 0
        }
    }

    /// The level of a frame; outside the recording it is as quiet as it gets.
    subscript(frame: Int) -> Double { values.indices.contains(frame) ? Double(values[frame]) : 0 }

    /// The frame that begins nearest to a time in seconds.
    static func frame(at seconds: Double) -> Int { Int((seconds * Double(frameRate)).rounded()) }
}
