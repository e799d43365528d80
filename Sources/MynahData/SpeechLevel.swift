import CVectorMath
import Glibc

/// How loud the speech in a clip is, the pauses before and behind it left aside.
///
/// The mean power of those blocks of 10 ms that are at most 15.9 dB below the loudest: the margin by which ITU-T P.56
/// tells active speech from pauses. The mean over the whole clip would make a short word quieter than a long one.
package enum SpeechLevel {
    /// Mean power of the active blocks, full scale being 1; 0 for no samples.
    package static func power(of samples: [Float], sampleRate: Int) -> Float {
        let length = max(1, sampleRate / 100)
        let powers = samples.withUnsafeBufferPointer { samples in
            stride(from: 0, to: samples.count, by: length).map { start in
                let block = UnsafeBufferPointer(rebasing: samples[start..<min(start + length, samples.count)])
                return block.baseAddress.map { mynah_sum_of_squares($0, block.count) / Float(length) } ?? 0
            }
        }
        let floor = (powers.max() ?? 0) * margin
        let active = powers.filter { $0 > floor }
        return active.isEmpty ? 0 : active.reduce(0, +) / Float(active.count)
    }

    /// 15.9 dB.
    private static let margin: Float = powf(10, -1.59)
}
