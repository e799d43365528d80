import CVectorMath
import Glibc
import MynahBase

/// Weighted sums of spectrum bins, one a mel band, kept as one run of neighbouring weights each.
struct MelFilterBank: ~Copyable, Sendable {
    /// Number of bands rounded up to whole vectors: what `apply` writes.
    let paddedBandCount: Int

    /// Floats that the spectrum buffer must hold: its bins, and zeros that padded weights may touch.
    let paddedBinCount: Int

    private let weights: FloatBuffer
    private let firstBins: [Int32]
    private let stepCounts: [Int32]

    init(_ configuration: FrontEndConfiguration) {
        var packed: [Float] = []
        var firstBins: [Int32] = []
        var stepCounts: [Int32] = []
        var padded = configuration.fftLength / 2 + 1
        var bands = Self.bands(configuration)
        bands += repeatElement(Band(firstBin: 0, weights: []), count: -bands.count & 7)
        for start in stride(from: 0, to: bands.count, by: 8) {
            let group = bands[start..<start + 8]
            let steps = group.reduce(0) { max($0, ($1.weights.count + 7) / 8) }
            for step in 0..<steps {
                for band in group {
                    packed += (8 * step..<8 * step + 8).map {
                        $0 < band.weights.count ? Float(band.weights[$0]) : 0
                    }
                }
            }
            firstBins += group.map { Int32($0.firstBin) }
            stepCounts.append(Int32(steps))
            padded = group.reduce(padded) { max($0, $1.firstBin + 8 * steps) }
        }
        paddedBandCount = bands.count
        paddedBinCount = padded
        weights = FloatBuffer(packed)
        self.firstBins = firstBins
        self.stepCounts = stepCounts
    }

    /// Writes `[paddedBandCount]` mel energies of a spectrum of `[paddedBinCount]` values; padding comes out as zero.
    func apply(to spectrum: UnsafePointer<Float>, into energies: UnsafeMutablePointer<Float>) {
        mynah_band_sums(
            energies, spectrum, weights.base, firstBins, stepCounts, stepCounts.count)
    }

    /// The bins of one band that count, from the first weight above zero to the last.
    struct Band {
        var firstBin: Int
        var weights: [Double]
    }

    /// The triangles of all bands, `[bandCount]`, in double precision.
    static func bands(_ configuration: FrontEndConfiguration) -> [Band] {
        let mel = configuration.mel
        let low = mel.scale.mel(fromHertz: mel.lowFrequencyHz)
        let high = mel.scale.mel(fromHertz: mel.highFrequencyHz)
        let melEdges = (0..<mel.bandCount + 2).map {
            low + (high - low) * Double($0) / Double(mel.bandCount + 1)
        }
        let hertzEdges = melEdges.map { mel.scale.hertz(fromMel: $0) }
        let binWidth = Double(configuration.sampleRate) / Double(configuration.fftLength)
        let frequencies = (0...configuration.fftLength / 2).map { Double($0) * binWidth }

        let edges: [Double]
        let positions: [Double]
        switch mel.triangles {
        case .linearInMel:
            edges = melEdges
            positions = frequencies.map { mel.scale.mel(fromHertz: $0) }
        case .linearInHertz:
            edges = hertzEdges
            positions = frequencies
        case .flooredToBins:
            edges = hertzEdges.map {
                (Double(configuration.fftLength + 1) * $0 / Double(configuration.sampleRate)).rounded(.down)
            }
            positions = frequencies.indices.map { Double($0) }
        }
        let lowestBin =
            switch mel.lowestBin {
            case .any: 0
            case .roundedAboveLowFrequency: Int(mel.lowFrequencyHz / binWidth + 1.5)
            }
        return (0..<mel.bandCount).map { band in
            let (left, center, right) = (edges[band], edges[band + 1], edges[band + 2])
            let area = mel.isAreaNormalized ? 2 / (hertzEdges[band + 2] - hertzEdges[band]) : 1
            var result = Band(firstBin: 0, weights: [])
            for bin in positions.indices.dropFirst(lowestBin) {
                let position = positions[bin]
                // Floored edges may coincide; such a triangle is all falling side.
                guard position > left || (position == left && left == center), position < right else {
                    continue
                }
                let height =
                    position < center
                    ? (position - left) / (center - left) : (right - position) / (right - center)
                guard height > 0 else { continue }
                if result.weights.isEmpty { result.firstBin = bin }
                result.weights.append(area * height)
            }
            return result
        }
    }
}

extension FrontEndConfiguration.MelScale {
    /// Slaney's scale is linear up to here: 15 mel.
    private static let breakHertz = 1_000.0
    private static let hertzPerMel = 200.0 / 3
    private static let logStep = log(6.4) / 27

    /// The mel of a frequency in Hz.
    package func mel(fromHertz frequency: Double) -> Double {
        switch self {
        case .htk: 1_127 * log1p(frequency / 700)
        case .slaney:
            frequency < Self.breakHertz
                ? frequency / Self.hertzPerMel
                : Self.breakHertz / Self.hertzPerMel + log(frequency / Self.breakHertz) / Self.logStep
        }
    }

    /// The frequency in Hz of a mel.
    package func hertz(fromMel mel: Double) -> Double {
        switch self {
        case .htk: 700 * expm1(mel / 1_127)
        case .slaney:
            mel < Self.breakHertz / Self.hertzPerMel
                ? mel * Self.hertzPerMel
                : Self.breakHertz * exp((mel - Self.breakHertz / Self.hertzPerMel) * Self.logStep)
        }
    }
}
