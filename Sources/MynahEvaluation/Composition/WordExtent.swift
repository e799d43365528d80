import Glibc

/// Where in a clip the word is: the stretch with the most energy that is well above the noise.
///
/// Energies are taken over blocks of 10 ms. Loud are blocks that are at most 25 dB below the loudest and at least 6 dB above the
/// quietest tenth. A stretch is loud blocks with pauses of up to 150 ms between them, as before a plosive. A click may be louder
/// than the word, but not for as long.
struct WordExtent {
    private static let belowPeakDecibels = 25.0
    private static let aboveNoiseDecibels = 6.0
    private static let longestPauseBlocks = 15

    /// The samples of the word; all of a clip that is shorter than three blocks or silent.
    let range: Range<Int>

    /// Root mean square of those samples, full scale 1.
    let rootMeanSquare: Float

    /// Finds the word in a clip.
    init(in samples: [Float], sampleRate: Int) {
        let range = Self.range(in: samples, blockLength: max(1, sampleRate / 100))
        self.range = range
        let energy = samples[range].reduce(0.0) { $0 + Double($1) * Double($1) }
        rootMeanSquare = Float((energy / Double(max(1, range.count))).squareRoot())
    }

    private static func range(in samples: [Float], blockLength: Int) -> Range<Int> {
        let energies = stride(from: 0, through: samples.count - blockLength, by: blockLength).map { start in
            samples[start..<start + blockLength].reduce(0.0) { $0 + Double($1) * Double($1) }
        }
        guard energies.count >= 3, let peak = energies.max(), peak > 0 else { return samples.indices }
        let noise = energies.sorted()[energies.count / 10]
        let limit = max(
            peak * pow(10, -belowPeakDecibels / 10),
            min(noise * pow(10, aboveNoiseDecibels / 10), peak / 2))
        var stretches: [(blocks: ClosedRange<Int>, energy: Double)] = []
        for (block, energy) in energies.enumerated() where energy >= limit {
            if let last = stretches.last, block - last.blocks.upperBound <= longestPauseBlocks {
                stretches[stretches.count - 1] = (last.blocks.lowerBound...block, last.energy + energy)
            } else {
                stretches.append((block...block, energy))
            }
        }
        guard let word = stretches.max(by: { $0.energy < $1.energy })?.blocks else { return samples.indices }
        return word.lowerBound * blockLength..<(word.upperBound + 1) * blockLength
    }
}
