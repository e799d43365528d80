import CVectorMath
import Glibc

/// Turns one frame of samples into one row of static features; the extractors share it, so that they agree to the bit.
///
/// The work falls into two halves, because a limit by the loudest frame of the clip acts between them.
struct FrameComputer: ~Copyable {
    let configuration: MFCCConfiguration

    /// Log-mel energies of a frame, and after them the log energy where the cepstrum asks for one.
    let logMelCount: Int

    private let fft: RealFFT
    private let melBank: MelFilterBank
    private let transform: CosineTransform?
    private let window: AlignedBuffer
    private let spectrum: AlignedBuffer
    private let logMel: AlignedBuffer
    private let coefficients: AlignedBuffer
    /// `[2, frameLengthSamples]`, the frame between the stages before the window.
    private let scratch: AlignedBuffer

    private let frameLength: Int
    private let emphasis: Float
    private let sampleScaleSquared: Float
    private let spectrumScale: Float
    private let logOffset: Float
    private let logFloor: Float
    private let logScale: Float

    /// - Throws: ``FeatureError`` if the settings are invalid.
    init(_ configuration: MFCCConfiguration) throws(FeatureError) {
        try configuration.validate()
        self.configuration = configuration
        frameLength = configuration.framing.frameLengthSamples
        fft = RealFFT(length: configuration.fftLength)
        melBank = MelFilterBank(configuration)
        if let cepstrum = configuration.cepstrum {
            transform = CosineTransform(cepstrum, bandCount: configuration.mel.bandCount)
        } else {
            transform = nil
        }
        // Both scales are powers of two, so the window may carry them without a rounding of its own.
        let sampleScale: Double = configuration.sampleScale == .int16 ? 32_768 : 1
        window = AlignedBuffer(
            configuration.window.values(length: frameLength).map { Float($0 * sampleScale) })
        sampleScaleSquared = Float(sampleScale * sampleScale)
        spectrum = AlignedBuffer(count: melBank.paddedBinCount)
        logMelCount = configuration.mel.bandCount + (configuration.cepstrum?.zeroth.isEnergy == true ? 1 : 0)
        logMel = AlignedBuffer(count: logMelCount)
        coefficients = AlignedBuffer(count: (configuration.coefficientCount + 7) / 8 * 8)
        scratch = AlignedBuffer(count: 2 * frameLength)
        emphasis = Float(configuration.preEmphasis?.coefficient ?? 0)
        spectrumScale = configuration.spectrum == .powerOverLength ? 1 / Float(configuration.fftLength) : 1
        let floor = Float(configuration.logarithm.floor)
        logOffset = configuration.logarithm.kind == .naturalOfSum ? floor : 0
        logFloor = floor
        logScale = configuration.logarithm.kind == .decibels ? Float(10 * M_LOG10E) : 1
    }

    /// Writes `[coefficientCount]` static features of the frame at `samples`.
    ///
    /// - Parameters:
    ///   - samples: `[validCount]`, full scale ±1; zeros follow up to the frame length.
    ///   - validCount: Number of samples before the end of the clip, at most the frame length.
    ///   - previous: The sample before the frame; 0 at the start of the clip.
    ///   - row: `[coefficientCount]`.
    func computeRow(
        _ samples: UnsafePointer<Float>, validCount: Int, previous: Float,
        into row: UnsafeMutablePointer<Float>
    ) {
        computeLogMel(samples, validCount: validCount, previous: previous, into: logMel.pointer)
        computeRow(logMel: logMel.pointer, into: row)
    }

    /// First half: writes `[logMelCount]` log-mel energies; parameters as in the whole.
    func computeLogMel(
        _ samples: UnsafePointer<Float>, validCount: Int, previous: Float,
        into logMel: UnsafeMutablePointer<Float>
    ) {
        let frameEnergy = prepareFrame(samples, validCount: validCount, previous: previous)
        fft.writePowerSpectrum(into: spectrum.pointer, scale: spectrumScale)
        if configuration.spectrum == .magnitude { mynah_square_root(spectrum.pointer, fft.binCount) }
        melBank.apply(to: spectrum.pointer, into: logMel)
        let bandCount = melBank.bandCount
        mynah_log(logMel, bandCount, logOffset, logFloor, logScale)
        switch configuration.cepstrum?.zeroth {
        case .logFrameEnergy:
            logMel[bandCount] = frameEnergy * sampleScaleSquared
            mynah_log(logMel + bandCount, 1, logOffset, logFloor, logScale)
        case .logSpectralEnergy:
            logMel[bandCount] = mynah_sum(spectrum.pointer, fft.binCount)
            mynah_log(logMel + bandCount, 1, logOffset, logFloor, logScale)
        case .cepstral, .omitted, nil:
            break
        }
    }

    /// Second half: writes `[coefficientCount]` static features of `[logMelCount]` log-mel energies.
    func computeRow(logMel: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>) {
        guard let cepstrum = configuration.cepstrum else {
            row.update(from: logMel, count: configuration.mel.bandCount)
            return
        }
        transform?.apply(to: logMel, into: coefficients.pointer)
        row.update(from: coefficients.pointer, count: cepstrum.coefficientCount)
        if cepstrum.zeroth.isEnergy { row[0] = logMel[configuration.mel.bandCount] }
    }

    /// Fills the input of the transform, and returns the energy of the frame where the cepstrum asks for it.
    private func prepareFrame(_ samples: UnsafePointer<Float>, validCount: Int, previous: Float) -> Float {
        var frame = samples
        let (first, second) = (scratch.pointer, scratch.pointer + frameLength)
        if configuration.preEmphasis?.scope == .signal {
            mynah_emphasize(first, samples, validCount, previous, emphasis)
            frame = UnsafePointer(first)
        }
        if validCount < frameLength {
            if frame == samples { first.update(from: samples, count: validCount) }
            (first + validCount).update(repeating: 0, count: frameLength - validCount)
            frame = UnsafePointer(first)
        }
        if configuration.removesDCOffset {
            mynah_subtract(second, frame, frameLength, mynah_sum(frame, frameLength) / Float(frameLength))
            frame = UnsafePointer(second)
        }
        var energy: Float = 0
        if configuration.cepstrum?.zeroth == .logFrameEnergy {
            energy = mynah_sum_of_squares(frame, frameLength)
        }
        if configuration.preEmphasis?.scope == .frame {
            let target = frame == UnsafePointer(first) ? second : first
            mynah_emphasize(target, frame, frameLength, frame[0], emphasis)
            frame = UnsafePointer(target)
        }
        mynah_multiply(fft.input, frame, window.pointer, frameLength)
        // A transform may use its input as working space.
        (fft.input + frameLength).update(repeating: 0, count: fft.length - frameLength)
        return energy
    }
}

extension MFCCConfiguration.Cepstrum.Zeroth {
    var isEnergy: Bool { self == .logFrameEnergy || self == .logSpectralEnergy }
}
