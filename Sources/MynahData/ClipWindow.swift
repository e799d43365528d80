/// Which stretch of a clip is shown to the network, when all clips of a batch must have one length.
///
/// A clip not longer than the window begins where the window begins, with zeros behind it, as in Speech Commands. In a
/// longer one the *loudest stretch*, half as long as the window, is looked for in steps of 1/100 of the window; the
/// stretch with the greatest energy wins, the earliest of equals.
package enum ClipWindow {
    /// Start of the window that has the loudest stretch at its centre, held within the clip; 0 for a short clip.
    package static func centredStart(in samples: QuantizedSamples, sampleCount: Int) -> Int {
        guard let starts = legalStarts(in: samples, sampleCount: sampleCount) else { return 0 }
        let loudest = loudestStart(in: samples, sampleCount: sampleCount)
        return max(starts.lowerBound, min(starts.upperBound, loudest - sampleCount / 4))
    }

    /// The starts of all windows within the clip that contain the whole loudest stretch; `0 ... 0` for a short clip.
    static func startsAroundLoudest(in samples: QuantizedSamples, sampleCount: Int) -> ClosedRange<Int> {
        guard let starts = legalStarts(in: samples, sampleCount: sampleCount) else { return 0...0 }
        let loudest = loudestStart(in: samples, sampleCount: sampleCount)
        let first = max(starts.lowerBound, loudest + sampleCount / 2 - sampleCount)
        let last = min(starts.upperBound, loudest)
        return first...max(first, last)
    }

    private static func legalStarts(in samples: QuantizedSamples, sampleCount: Int) -> ClosedRange<Int>? {
        samples.count > sampleCount ? 0...(samples.count - sampleCount) : nil
    }

    /// Start of the loudest stretch of `sampleCount / 2` samples.
    private static func loudestStart(in samples: QuantizedSamples, sampleCount: Int) -> Int {
        let step = max(1, sampleCount / 100)
        let blocks = stride(from: 0, through: samples.count - step, by: step).map { start in
            samples.values[start..<start + step].reduce(into: 0) { $0 += Int($1) * Int($1) }
        }
        let width = max(1, min(blocks.count, sampleCount / 2 / step))
        guard blocks.count > width else { return 0 }
        var energy = blocks[..<width].reduce(0, +)
        var best = (energy: energy, block: 0)
        for block in 1...(blocks.count - width) {
            energy += blocks[block + width - 1] - blocks[block - 1]
            if energy > best.energy { best = (energy, block) }
        }
        return best.block * step
    }
}
