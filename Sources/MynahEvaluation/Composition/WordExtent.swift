import Glibc

/// Where in a clip the word is: around the loudest moment, as far as the sound is well above the noise.
///
/// Energies are taken over blocks of 10 ms. The word is what lies around the loudest block and is at most 25 dB below
/// it and at least 6 dB above the quietest tenth of the blocks; pauses of up to 150 ms, as before a plosive, belong to it.
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
        guard energies.count >= 3, let peak = energies.max(), peak > 0,
            let loudest = energies.firstIndex(of: peak)
        else { return samples.indices }
        let noise = energies.sorted()[energies.count / 10]
        let limit = max(
            peak * pow(10, -belowPeakDecibels / 10),
            min(noise * pow(10, aboveNoiseDecibels / 10), peak / 2))
        func reach(_ step: Int) -> Int {
            var edge = loudest
            var block = loudest + step
            while energies.indices.contains(block), abs(block - edge) <= longestPauseBlocks {
                if energies[block] >= limit { edge = block }
                block += step
            }
            return edge
        }
        return reach(-1) * blockLength..<(reach(1) + 1) * blockLength
    }
}
