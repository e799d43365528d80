import Glibc
import MynahBase

/// The impulse response of a room that does not exist.
///
/// The direct sound is one sample of height 1 at the start. A few early reflections follow within 30 ms, and from 10 ms
/// on a tail of noise whose envelope falls exponentially, by 60 dB in the reverberation time (Polack, *La transmission
/// de l'énergie sonore dans les salles*, 1988; the early part as in Moorer, "About this reverberation business", 1979).
/// Early reflections and tail have the same energy, together the direct sound's divided by the direct ratio. The whole
/// has energy 1, so that a room changes no level on the average.
package enum RoomResponse {
    /// Number of early reflections.
    private static let reflectionCount = 10

    /// When the last of them may come, and when the tail begins, in s.
    private static let lastReflection: Float = 0.03
    private static let tailStart: Float = 0.01

    /// Values of the response of a room, at most `limit` and at least 1: up to the reverberation time.
    static func sampleCount(reverberationSeconds: Float, sampleRate: Int, limit: Int) -> Int {
        max(1, min(limit, Int((reverberationSeconds * Float(sampleRate)).rounded(.up))))
    }

    /// The response, `[sampleCount(…)]`.
    package static func make(_ room: Variation.Room, sampleRate: Int, limit: Int) -> [Float] {
        let count = sampleCount(
            reverberationSeconds: room.reverberationSeconds, sampleRate: sampleRate, limit: limit)
        let rate = Float(sampleRate)
        var generator = SeededGenerator(seed: room.seed)
        var early = [Float](repeating: 0, count: count)
        // An amplitude falls by 60 dB when it is divided by 1000.
        let decayPerSample = -logf(1000) / (room.reverberationSeconds * rate)
        for _ in 0..<reflectionCount {
            let time = 0.001 + generator.uniform() * (lastReflection - 0.001)
            let height = (0.5 + 0.5 * generator.uniform()) * (generator.next() & 1 == 0 ? 1 : -1)
            let place = Int(time * rate)
            if place < count { early[place] += height * expf(decayPerSample * Float(place)) }
        }

        var tail = [Float](repeating: 0, count: count)
        let start = min(count, Int(tailStart * rate))
        let step = expf(decayPerSample)
        var envelope: Float = 1
        var bits: UInt64 = 0
        for index in start..<count {
            // Four samples of 16 bits from each random number.
            if (index - start).isMultiple(of: 4) { bits = generator.next() }
            tail[index] = envelope * Float(Int16(truncatingIfNeeded: bits)) * 0x1p-15
            bits >>= 16
            envelope *= step
        }

        let (earlyEnergy, tailEnergy) = (energy(early), energy(tail))
        let earlyFactor = earlyEnergy > 0 ? 1 / earlyEnergy.squareRoot() : 0
        let tailFactor = tailEnergy > 0 ? 1 / tailEnergy.squareRoot() : 0
        var response = zip(early, tail).map { $0 * earlyFactor + $1 * tailFactor }
        let total = energy(response)
        guard total > 0 else { return [1] }
        let reflected = powf(10, -room.directRatioDecibels / 10)
        let direct = 1 / (1 + reflected).squareRoot()
        let factor = direct * (reflected / total).squareRoot()
        for index in response.indices { response[index] *= factor }
        response[0] += direct
        return response
    }

    private static func energy(_ values: [Float]) -> Float {
        values.reduce(0) { $0 + $1 * $1 }
    }
}
