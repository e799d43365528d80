import CVectorMath
import Glibc
import MynahBase

/// Turns frames of samples into rows of static features; the extractors share it, so that they agree to the bit.
///
/// The work falls into three steps: energies frame by frame, then their logarithms and the rows, which take less time
/// for several frames at once. Bits do not depend on how many that are. A limit by the loudest frame of the clip acts
/// before the last step.
struct FrameComputer: ~Copyable {
    let configuration: FrontEndConfiguration

    /// Floats from the log-mel energies of one frame to those of the next.
    ///
    /// They are the mel bands, then the energy of the frame where the cepstrum asks for it, then padding.
    let logMelStride: Int

    private let fft: RealFFT
    private let tables: FrameTables
    private let spectrum: FloatBuffer
    /// `[coefficientCount]`, rounded up to what the transform writes.
    private let coefficients: FloatBuffer
    /// `[2, frameLengthSamples]`, the frame between the stages before the window, or `[1, …]` without such stages.
    private let scratch: FloatBuffer

    private let frameLength: Int
    private let emphasis: Float
    private let sampleScaleSquared: Float
    private let spectrumScale: Float
    private let logOffset: Float
    private let logFloor: Float
    private let logScale: Float

    /// - Throws: ``FeatureError`` if the settings are invalid.
    init(_ configuration: FrontEndConfiguration) throws(FeatureError) {
        try configuration.validate()
        self.configuration = configuration
        frameLength = configuration.framing.frameLengthSamples
        fft = RealFFT(length: configuration.fftLength)
        tables = .shared(configuration)
        let sampleScale = configuration.sampleScale.factor
        sampleScaleSquared = Float(sampleScale * sampleScale)
        spectrum = FloatBuffer(count: tables.melBank.paddedBinCount)
        let logMelCount =
            configuration.mel.bandCount + (configuration.cepstrum?.zeroth.isEnergy == true ? 1 : 0)
        logMelStride = (logMelCount + 7) / 8 * 8
        coefficients = FloatBuffer(count: (configuration.coefficientCount + 7) / 8 * 8)
        let stageCount = configuration.removesDCOffset || configuration.preEmphasis != nil ? 2 : 1
        scratch = FloatBuffer(count: stageCount * frameLength)
        emphasis = Float(configuration.preEmphasis?.coefficient ?? 0)
        spectrumScale = configuration.spectrum == .powerOverLength ? 1 / Float(configuration.fftLength) : 1
        let floor = Float(configuration.logarithm.floor)
        logOffset = configuration.logarithm.kind == .naturalOfSum ? floor : 0
        logFloor = floor
        logScale = configuration.logarithm.kind == .decibels ? Float(10 * M_LOG10E) : 1
    }

    /// First step: writes `[logMelStride]` energies of a frame.
    ///
    /// - Parameters:
    ///   - samples: `[validCount]`, full scale ±1; zeros follow up to the frame length.
    ///   - validCount: Number of samples before the end of the clip, at most the frame length.
    ///   - previous: The sample before the frame; 0 at the start of the clip.
    ///   - energies: `[logMelStride]`.
    func computeEnergies(
        _ samples: UnsafePointer<Float>, validCount: Int, previous: Float,
        into energies: UnsafeMutablePointer<Float>
    ) {
        let frameEnergy = prepareFrame(samples, validCount: validCount, previous: previous)
        fft.writePowerSpectrum(into: spectrum.base, scale: spectrumScale)
        if configuration.spectrum == .magnitude { mynah_square_root(spectrum.base, fft.binCount) }
        tables.melBank.apply(to: spectrum.base, into: energies)
        let bandCount = configuration.mel.bandCount
        switch configuration.cepstrum?.zeroth {
        case .logFrameEnergy: energies[bandCount] = frameEnergy * sampleScaleSquared
        case .logSpectralEnergy: energies[bandCount] = mynah_sum(spectrum.base, fft.binCount)
        case .cepstral, .omitted, nil: break
        }
    }

    /// Second step: replaces `[frameCount, logMelStride]` energies by their logarithms.
    func takeLogarithms(of energies: UnsafeMutablePointer<Float>, frameCount: Int) {
        mynah_log(energies, frameCount * logMelStride, logOffset, logFloor, logScale)
    }

    /// Third step: writes `[frameCount, coefficientCount]` static features of `[frameCount, logMelStride]` log-mel energies.
    func computeRows(
        logMels: UnsafePointer<Float>, frameCount: Int, into rows: UnsafeMutablePointer<Float>
    ) {
        let width = configuration.coefficientCount
        if configuration.cepstrum != nil, coefficients.count == width {
            tables.transform?.apply(to: logMels, stride: logMelStride, frameCount: frameCount, into: rows)
        } else {
            for frame in 0..<frameCount {
                var source = logMels + frame * logMelStride
                if configuration.cepstrum != nil {
                    tables.transform?.apply(
                        to: source, stride: logMelStride, frameCount: 1, into: coefficients.base)
                    source = UnsafePointer(coefficients.base)
                }
                (rows + frame * width).update(from: source, count: width)
            }
        }
        guard configuration.cepstrum?.zeroth.isEnergy == true else { return }
        for frame in 0..<frameCount {
            rows[frame * width] = logMels[frame * logMelStride + configuration.mel.bandCount]
        }
    }

    /// Fills the input of the transform, and returns the energy of the frame where the cepstrum asks for it.
    private func prepareFrame(_ samples: UnsafePointer<Float>, validCount: Int, previous: Float) -> Float {
        var frame = samples
        let (first, second) = (scratch.base, scratch.base + frameLength)
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
        mynah_multiply(fft.input, frame, tables.window.base, frameLength)
        return energy
    }
}

extension FrontEndConfiguration.Cepstrum.Zeroth {
    var isEnergy: Bool { self == .logFrameEnergy || self == .logSpectralEnergy }
}
