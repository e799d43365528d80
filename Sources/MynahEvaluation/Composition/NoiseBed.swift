package import MynahAudio
import MynahBase
package import MynahData

/// An endless background: stretches of noise recordings, one after another without a gap.
///
/// Each recording is used for the part that belongs to the split, as in training and evaluation: the first 80 % for
/// training, the next 10 % for validation, the last 10 % for testing.
package struct NoiseBed: Sendable {
    /// Length of the transition from one stretch to the next, in seconds.
    private static let transitionSeconds = 0.25

    /// Shortest and longest stretch of one recording, in seconds.
    private static let stretchSeconds = 5.0...20.0

    /// The part of a recording that belongs to the split, and the factor that brings it to a root mean square of 1.
    private struct Recording {
        let samples: QuantizedSamples
        let scale: Float
    }

    private let recordings: [Recording]
    private let sampleRate: Int
    private var generator: SeededGenerator
    private var current: Place
    private var next: Place
    private var remaining: Int

    private struct Place {
        var recording: Int
        var index: Int
    }

    /// Takes the recordings of a folder; without any, the background is silence.
    ///
    /// - Parameters:
    ///   - noise: recordings at `sampleRate` samples per second.
    ///   - split: whose part of them is used.
    package init(_ noise: BackgroundNoise, split: DataSplit, sampleRate: Int, seed: UInt64) {
        let recordings = noise.parts(for: split).compactMap { part -> Recording? in
            let energy = part.values.reduce(0.0) { sum, value in
                let sample = Double(value) * Double(QuantizedSamples.step)
                return sum + sample * sample
            }
            guard energy > 0 else { return nil }
            return Recording(
                samples: part, scale: Float(1 / (energy / Double(part.count)).squareRoot()))
        }
        self.recordings = recordings
        self.sampleRate = sampleRate
        generator = SeededGenerator(seed: seed, 1)
        current = Place(recording: 0, index: 0)
        next = current
        remaining = 0
        current = draw()
        next = draw()
        remaining = stretch()
    }

    /// Adds the next samples of the background, at a root mean square of about `level`.
    mutating func add(to output: inout [Float], level: (_ index: Int) -> Float) {
        guard !recordings.isEmpty else { return }
        let transition = Int(Self.transitionSeconds * Double(sampleRate))
        for index in output.indices {
            var value = sample(&current)
            if remaining <= transition {
                // Equal power, since the two noises have nothing to do with each other.
                let share = Float(remaining) / Float(transition)
                value = value * share.squareRoot() + sample(&next) * (1 - share).squareRoot()
            }
            output[index] += level(index) * value
            remaining -= 1
            if remaining == 0 {
                current = next
                next = draw()
                remaining = stretch()
            }
        }
    }

    private func sample(_ place: inout Place) -> Float {
        let recording = recordings[place.recording]
        let value = Float(recording.samples.values[place.index]) * QuantizedSamples.step * recording.scale
        place.index = place.index + 1 == recording.samples.count ? 0 : place.index + 1
        return value
    }

    private mutating func draw() -> Place {
        guard !recordings.isEmpty else { return Place(recording: 0, index: 0) }
        let recording = generator.index(below: recordings.count)
        return Place(recording: recording, index: generator.index(below: recordings[recording].samples.count))
    }

    private mutating func stretch() -> Int {
        Int(generator.number(in: Self.stretchSeconds) * Double(sampleRate))
    }
}

/// Recordings of speech without commands, read one after another and again from the first.
package struct SpeechBed: ~Copyable {
    private let sources: [AudioSource]
    private let sampleRate: Int
    private let channel: ChannelSelection
    private var nextSource = 0
    private var stream: AudioStream?
    private var block: [Float] = []
    private var used = 0

    /// Speech from files, in their order; none for no speech.
    package init(_ sources: [AudioSource], sampleRate: Int, channel: ChannelSelection = .average) {
        self.channel = channel
        self.sources = sources
        self.sampleRate = sampleRate
    }

    /// The next `count` samples; empty without recordings.
    ///
    /// - Throws: `AudioError` when a recording cannot be read.
    mutating func next(_ count: Int) throws(AudioError) -> [Float] {
        guard !sources.isEmpty else { return [] }
        var samples: [Float] = []
        var emptyReads = 0
        while samples.count < count, emptyReads <= sources.count {
            if used < block.count {
                let taken = min(count - samples.count, block.count - used)
                samples += block[used..<used + taken]
                used += taken
                continue
            }
            if try fill() { emptyReads = 0 } else { emptyReads += 1 }
        }
        return samples
    }

    private mutating func fill() throws(AudioError) -> Bool {
        used = 0
        if stream == nil {
            stream = try AudioStream(sources[nextSource], sampleRate: sampleRate, channel: channel)
            nextSource = (nextSource + 1) % sources.count
        }
        var next: [Float] = []
        let isRead = try stream?.read(into: &next) ?? false
        block = next
        if !isRead { stream = nil }
        return isRead
    }
}
