import Glibc
package import MynahAudio
import MynahBase
import MynahFeatures

/// What a model hears where there is nothing but one kind of noise, by the level of the noise.
///
/// A model for use in rooms should say `_silence_` of all of it; whatever it takes for a word would be a false alarm.
package struct NoiseAlone: Codable, Hashable, Sendable {
    /// A kind of noise.
    package enum Kind: String, Codable, Hashable, Sendable {
        /// As much power in each hertz: Gaussian samples that have nothing to do with each other.
        case white

        /// As much power in each octave.
        case pink

        /// The recordings of noise that lie beside the words.
        case background

        /// Other recordings of noise.
        case recordings
    }

    /// What was heard at one level.
    package struct Point: Codable, Hashable, Sendable {
        /// Root mean square of the window, in dB of full scale: 0 is that of samples that are all ±1.
        package let level: Double

        /// `[C]`, how many of the windows were heard as each label.
        package let counts: [Int]

        /// Wraps the counts of a level.
        package init(level: Double, counts: [Int]) {
            self.level = level
            self.counts = counts
        }
    }

    /// The levels, in dB of full scale.
    package static let levels: [Double] = [-60, -54, -48, -42, -36, -30, -24, -18, -12, -9]

    /// How many windows of a kind are heard, each at every level.
    package static let windowCount = 100

    /// The kind of noise.
    package let kind: Kind

    /// Where recordings come from; nil for noise that was computed.
    package let source: String?

    /// `[C]`, the labels of the model.
    package let labels: [String]

    /// One for each level, softest first.
    package let points: [Point]

    /// Wraps the counts of a kind; traps unless every point counts each label.
    package init(kind: Kind, source: String? = nil, labels: [String], points: [Point]) {
        precondition(
            points.allSatisfy { $0.counts.count == labels.count },
            "counts of other labels than \(labels.count)")
        self.kind = kind
        self.source = source
        self.labels = labels
        self.points = points
    }

    /// What to call the noise.
    package var name: String {
        switch kind {
        case .white: "White noise"
        case .pink: "Pink noise"
        case .background, .recordings: source.map { "Noise of \($0)" } ?? "Recorded noise"
        }
    }

    /// A window at a level, held within full scale; digital silence stays what it is.
    static func scaled(_ window: [Float], toLevel level: Double) -> [Float] {
        let power = window.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(1, window.count))
        guard power > 0 else { return window }
        let factor = Float(pow(10, level / 20) / power.squareRoot())
        var scaled = window.map { factor * $0 }
        clampToFullScale(&scaled)
        return scaled
    }
}

/// Recordings of noise that belong to no labelled folder.
package struct NoiseRecordings: Sendable {
    /// What they are called together.
    package let name: String

    /// The files, at least one.
    package let files: [AudioSource]

    /// Wraps files; traps if there are none.
    package init(name: String, files: [AudioSource]) {
        precondition(!files.isEmpty, "no recordings of noise")
        self.name = name
        self.files = files
    }
}

/// Noise that is computed.
struct NoiseGenerator: Sendable {
    private let convolver: FourierConvolver
    private let pinkResponse: [Float]
    private let sampleCount: Int

    /// Prepares windows of a length.
    init(sampleCount: Int) {
        self.sampleCount = sampleCount
        // Kasdin, "Discrete simulation of colored noise and stochastic processes and 1/f^α power law noise generation",
        // Proceedings of the IEEE 83, 1995, equation 104, for α = 1. As long again as the window, so that its last
        // samples are as pink as those that a filter would give that had run forever, but for what lies below 1 Hz.
        var response: [Float] = [1]
        var value = 1.0
        for index in 1..<max(2, sampleCount) {
            value *= (Double(index) - 0.5) / Double(index)
            response.append(Float(value))
        }
        pinkResponse = response
        convolver = FourierConvolver(signalCount: 2 * sampleCount, responseCount: response.count)
    }

    /// A window of white noise of power 1.
    func white(using generator: inout SeededGenerator) -> [Float] {
        (0..<sampleCount).map { _ in Float(generator.gaussian()) }
    }

    /// A window of pink noise.
    func pink(using generator: inout SeededGenerator) -> [Float] {
        var samples = (0..<2 * sampleCount).map { _ in Float(generator.gaussian()) }
        convolver.convolve(&samples, with: pinkResponse)
        return Array(samples.suffix(sampleCount))
    }
}
