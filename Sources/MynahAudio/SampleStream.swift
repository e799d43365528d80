/// How samples without a header are coded: little-endian, channels interleaved.
package struct SampleFormat: Sendable, Hashable {
    /// How one sample of a channel is coded.
    package enum Encoding: String, Sendable, CaseIterable {
        case unsigned8 = "u8"
        case signed16 = "s16le"
        case signed24 = "s24le"
        case signed32 = "s32le"

        /// IEEE 754, full scale ±1.
        case float32 = "f32le"

        /// Bytes of a sample.
        package var byteCount: Int {
            switch self {
            case .unsigned8: 1
            case .signed16: 2
            case .signed24: 3
            case .signed32, .float32: 4
            }
        }
    }

    package let encoding: Encoding

    /// Frames per second, in Hz.
    package let sampleRate: Int

    /// Channels of a frame.
    package let channelCount: Int

    /// Bytes of a frame.
    package var frameByteCount: Int { encoding.byteCount * channelCount }

    /// Names a format; whether it can be read shows when a stream of it begins.
    package init(encoding: Encoding, sampleRate: Int, channelCount: Int) {
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channelCount = channelCount
    }
}

/// Samples without a header, in pieces of any size, as one channel at the rate that is asked for.
///
/// A frame may be cut anywhere. The same bytes give the same samples, to the bit, as behind the header of a WAV file.
/// Numbers that are none become 0 and are counted, as in a pipe that is heard as it arrives.
package struct SampleStream: ~Copyable {
    /// The name for messages.
    package let name: String

    /// How the bytes are coded.
    package let format: SampleFormat

    /// Samples per second of what is delivered, in Hz.
    package let sampleRate: Int

    /// Frames that have come.
    package private(set) var frameCount = 0

    /// Floating-point numbers that were none, or infinite.
    package private(set) var brokenSampleCount = 0

    /// Bytes of a frame that has begun.
    package var leftOverByteCount: Int { pending.count }

    /// Whether the channels so far cancel each other in their mean.
    package var channelsCancel: Bool { mixer?.channelsCancel ?? false }

    private var mixer: ChannelMixer?
    private var resampler: Resampler?

    /// Less than a frame.
    private var pending: [UInt8] = []

    /// Begins a stream, to be delivered at `sampleRate` Hz, which must lie in `AudioReader.supportedSampleRates`.
    ///
    /// - Parameter name: stands for the stream in errors.
    /// - Throws: `AudioError.channelCountOutOfRange`, `.sampleRateOutOfRange` and `.noSuchChannel`.
    package init(
        _ format: SampleFormat, channel: ChannelSelection = .average, sampleRate: Int, name: String
    ) throws(AudioError) {
        try checkChannelsAndRate(
            of: name, channels: format.channelCount, sampleRate: format.sampleRate)
        if case .channel(let number) = channel, !(1...format.channelCount).contains(number) {
            throw .noSuchChannel(file: name, channel: number, channelCount: format.channelCount)
        }
        self.name = name
        self.format = format
        self.sampleRate = sampleRate
        mixer =
            format.channelCount == 1
            ? nil : ChannelMixer(channelCount: format.channelCount, selection: channel)
        resampler =
            format.sampleRate == sampleRate ? nil : Resampler(from: format.sampleRate, to: sampleRate)
    }

    /// Takes the next bytes, and appends the samples that they complete, within ±1.
    ///
    /// - Throws: `AudioError.wrongScale` for floating-point numbers far beyond full scale; nothing can follow then.
    package mutating func push(
        _ bytes: UnsafeRawBufferPointer, appendingTo samples: inout [Float]
    ) throws(AudioError) {
        var bytes = bytes
        let frameLength = format.frameByteCount
        if !pending.isEmpty {
            let missing = min(frameLength - pending.count, bytes.count)
            pending.append(contentsOf: bytes[..<missing])
            bytes = UnsafeRawBufferPointer(rebasing: bytes[missing...])
            guard pending.count == frameLength else { return }
            let frame = pending
            pending.removeAll(keepingCapacity: true)
            var decoded = [Float](repeating: 0, count: format.channelCount)
            frame.withUnsafeBytes { decode($0, into: &decoded) }
            try take(&decoded, appendingTo: &samples)
        }
        let frames = bytes.count / frameLength
        pending.append(contentsOf: bytes[(frames * frameLength)...])
        guard frames > 0 else { return }
        var decoded = [Float](repeating: 0, count: frames * format.channelCount)
        decode(bytes, into: &decoded)
        try take(&decoded, appendingTo: &samples)
    }

    /// Ends the stream: appends what a conversion of the rate still owes.
    ///
    /// A frame that is not whole is left out.
    package mutating func finish(appendingTo samples: inout [Float]) {
        let start = samples.count
        resampler?.finish(appendingTo: &samples)
        clampToFullScale(&samples, from: start)
    }

    /// Whole frames, decoded, on their way to samples.
    private mutating func take(
        _ frames: inout [Float], appendingTo samples: inout [Float]
    ) throws(AudioError) {
        if format.encoding == .float32 { try repair(&frames) }
        frameCount += frames.count / format.channelCount
        let start = samples.count
        guard resampler != nil else {
            if mixer != nil {
                mixer?.mix(frames.span, appendingTo: &samples)
            } else {
                samples += frames
            }
            return
        }
        if mixer != nil {
            var mixed: [Float] = []
            mixer?.mix(frames.span, appendingTo: &mixed)
            resampler?.process(mixed.span, appendingTo: &samples)
        } else {
            resampler?.process(frames.span, appendingTo: &samples)
        }
        // A filter overshoots where the signal is near full scale.
        clampToFullScale(&samples, from: start)
    }

    /// Decodes as many samples as `samples` holds; there are bytes for all of them.
    private func decode(_ bytes: UnsafeRawBufferPointer, into samples: inout [Float]) {
        for index in samples.indices {
            switch format.encoding {
            case .unsigned8:
                samples[index] = (Float(bytes[index]) - 128) * 0x1p-7
            case .signed16:
                let value = bytes.loadUnaligned(fromByteOffset: 2 * index, as: Int16.self)
                samples[index] = Float(Int16(littleEndian: value)) * 0x1p-15
            case .signed24:
                let value =
                    UInt32(bytes[3 * index]) << 8 | UInt32(bytes[3 * index + 1]) << 16
                    | UInt32(bytes[3 * index + 2]) << 24
                samples[index] = Float(Int32(bitPattern: value)) * 0x1p-31
            case .signed32:
                let value = bytes.loadUnaligned(fromByteOffset: 4 * index, as: Int32.self)
                samples[index] = Float(Int32(littleEndian: value)) * 0x1p-31
            case .float32:
                let value = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
                samples[index] = Float(bitPattern: UInt32(littleEndian: value))
            }
        }
    }

    /// Makes 0 of what is no number and holds the rest within ±1.
    private mutating func repair(_ frames: inout [Float]) throws(AudioError) {
        let magnitude = largestMagnitude(of: frames.span, from: 0)
        if magnitude <= 1 { return }
        for index in frames.indices {
            if !frames[index].isFinite {
                frames[index] = 0
                brokenSampleCount += 1
            } else if abs(frames[index]) > AudioReader.largestOvershoot {
                throw .wrongScale(
                    file: name, sample: frameCount + index / format.channelCount, value: frames[index])
            }
        }
        clampToFullScale(&frames)
    }
}
