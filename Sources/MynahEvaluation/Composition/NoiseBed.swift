public import MynahAudio
import MynahBase
public import MynahData
import MynahNetwork

/// An endless background: stretches of noise recordings, one after another without a gap.
///
/// Each recording is used for the part that belongs to the split, as in training and evaluation: the first 80 % for
/// training, the next 10 % for validation, the last 10 % for testing.
public struct NoiseBed: Sendable {
    /// Length of the transition from one stretch to the next, in seconds.
    private static let transitionSeconds = 0.25

    /// Shortest and longest stretch of one recording, in seconds.
    private static let stretchSeconds = 5.0...20.0

    /// The usable part of each recording, at a root mean square of 1.
    private let recordings: [[Float]]
    private let sampleRate: Int
    private var generator: SeededGenerator
    private var current: Place
    private var next: Place
    private var remaining: Int

    private struct Place {
        var recording: Int
        var index: Int
    }

    /// Decodes the recordings of a folder; without any, the background is silence.
    ///
    /// - Throws: `AudioError` when one cannot be read.
    public init(
        _ files: [NoiseFile], split: DataSplit, sampleRate: Int, channel: ChannelSelection = .average,
        seed: UInt64
    ) throws {
        var recordings: [[Float]] = []
        for file in files {
            let samples = try Waveform(
                contentsOf: .file(path: file.path), sampleRate: sampleRate, channel: channel,
                maximumDuration: 3600
            ).samples
            let part = Array(samples[Self.part(of: samples.count, for: split)])
            let energy = part.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, part.count))
            guard energy > 0 else { continue }
            let scale = Float(1 / energy.squareRoot())
            recordings.append(part.map { $0 * scale })
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

    private static func part(of count: Int, for split: DataSplit) -> Range<Int> {
        switch split {
        case .training: 0..<count * 8 / 10
        case .validation: count * 8 / 10..<count * 9 / 10
        case .testing: count * 9 / 10..<count
        }
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
        let samples = recordings[place.recording]
        let value = samples[place.index]
        place.index = place.index + 1 == samples.count ? 0 : place.index + 1
        return value
    }

    private mutating func draw() -> Place {
        guard !recordings.isEmpty else { return Place(recording: 0, index: 0) }
        let recording = generator.index(below: recordings.count)
        return Place(recording: recording, index: generator.index(below: recordings[recording].count))
    }

    private mutating func stretch() -> Int {
        Int(generator.number(in: Self.stretchSeconds) * Double(sampleRate))
    }
}
