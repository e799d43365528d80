/// Makes one signal of interleaved channels, and notices when they cancel each other.
///
/// Two channels in antiphase, as a wrongly wired or balanced line gives them, have a mean of almost nothing; so the
/// energy of the mean is compared with that of the channels.
package struct ChannelMixer: Sendable {
    /// The mean of `n` channels that have nothing in common has 1/n of the energy of one; a tenth of that cannot be
    /// chance.
    private static let smallestShare = 0.1

    /// One frame in so many is asked for its energy, which is enough to compare two.
    private static let energyStride = 8

    /// Channels of a frame.
    package let channelCount: Int

    private let selection: ChannelSelection
    private var meanEnergy = 0.0
    private var channelEnergy = 0.0

    /// Mixes frames of `channelCount` channels, at least 1; a channel that is chosen must be among them.
    package init(channelCount: Int, selection: ChannelSelection) {
        if case .channel(let number) = selection {
            precondition((1...max(1, channelCount)).contains(number), "channel \(number) of \(channelCount)")
        }
        precondition(channelCount > 0, "frames of \(channelCount) channels")
        self.channelCount = channelCount
        self.selection = selection
    }

    /// Whether the channels so far cancel each other.
    package var channelsCancel: Bool {
        meanEnergy * Double(channelCount * channelCount) < Self.smallestShare * channelEnergy
    }

    /// Appends one sample for each of the whole frames in `[frameCount, channelCount]`.
    package mutating func mix(_ frames: Span<Float>, appendingTo samples: inout [Float]) {
        let frameCount = frames.count / channelCount
        let start = samples.count
        samples.append(contentsOf: repeatElement(0, count: frameCount))
        var output = samples.mutableSpan
        if case .channel(let number) = selection {
            for frame in 0..<frameCount {
                output[start + frame] = frames[frame * channelCount + number - 1]
            }
            return
        }
        if channelCount == 2 {
            // By far the most frequent number, for which the compiler can use all lanes of the processor.
            for frame in 0..<frameCount {
                output[start + frame] = (frames[2 * frame] + frames[2 * frame + 1]) / 2
            }
        } else {
            for frame in 0..<frameCount {
                var sum: Float = 0
                for index in frame * channelCount..<(frame + 1) * channelCount { sum += frames[index] }
                output[start + frame] = sum / Float(channelCount)
            }
        }
        for frame in stride(from: 0, to: frameCount, by: Self.energyStride) {
            let mean = Double(output[start + frame])
            meanEnergy += mean * mean
            for index in frame * channelCount..<(frame + 1) * channelCount {
                channelEnergy += Double(frames[index]) * Double(frames[index])
            }
        }
    }
}
