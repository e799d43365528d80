package import MynahAudio
import MynahBase
package import MynahFeatures
package import MynahTestSupport

/// One damaged file and how it is read; all of it follows from a seed and a number.
package struct MutatedFile: Sendable {
    /// The contents.
    package let bytes: [UInt8]

    /// The rate at which it is read as raw samples, in Hz; `nil` to read it as audio.
    package let rawSampleRate: Int?

    /// The rate to which it is converted, in Hz.
    package let sampleRate: Int

    /// How its channels become one.
    package let channel: ChannelSelection

    /// The front end that its samples go through.
    package let preset: FrontEndPreset

    /// Samples pushed into the streaming extractor at once.
    package let chunkLength: Int

    /// The file of a number, from 0.
    package init(_ mutator: FileMutator, seed: UInt64, number: Int) {
        var generator = SeededGenerator(seed: seed, number)
        bytes = mutator.mutatedFile(using: &generator)
        let isRaw = Int.random(in: 0..<50, using: &generator) == 0
        rawSampleRate = isRaw ? Int.random(in: 1_000...400_000, using: &generator) : nil
        sampleRate = [16_000, 16_000, 8_000, 44_100][Int.random(in: 0..<4, using: &generator)]
        channel = Int.random(in: 0..<8, using: &generator) == 0 ? .channel(2) : .average
        preset = FrontEndPreset.allCases[Int.random(in: FrontEndPreset.allCases.indices, using: &generator)]
        chunkLength = Int.random(in: 1...2_000, using: &generator)
    }

    /// Reads the file and computes its features; traps where something is wrong.
    ///
    /// - Returns: `read`, or the name of the error case with which it was refused.
    package func outcome(through file: borrowing MemoryFile) -> String {
        file.write(bytes)
        do throws(AudioError) {
            let samples = try checkedSamples(
                of: file.source(rawSampleRate: rawSampleRate), sampleRate: sampleRate, channel: channel)
            // The settings of a preset are in order, so nothing is refused from here on.
            let configuration = preset.configuration(sampleRate: sampleRate)
            do throws(FeatureError) {
                try checkFeatures(of: samples, configuration, chunkLength: chunkLength)
            } catch {
                preconditionFailure("\(error)")
            }
            return "read"
        } catch {
            return Mirror(reflecting: error).children.first?.label ?? "\(error)"
        }
    }
}
