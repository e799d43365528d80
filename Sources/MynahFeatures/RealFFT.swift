internal import CFFTW
import CVectorMath
import Glibc
import MynahBase
import Synchronization

/// Only the execution of plans may happen on several threads at once; making and destroying them goes through here.
let planner = Mutex(())

/// Power spectrum of a real signal through FFTW, unnormalised.
///
/// The even samples travel as real parts and the odd ones as imaginary parts through a complex transform of half the
/// length; FFTW's own real transform does the same and spends more on the separation that follows.
struct RealFFT: ~Copyable {
    /// `[length]`, the signal, zero at first; a transform leaves it as it is.
    let input: UnsafeMutablePointer<Float>

    /// Number of real samples; even.
    let length: Int

    /// Number of bins, `length / 2 + 1`.
    let binCount: Int

    private let inputStorage: FloatBuffer
    /// `[length / 2, 2]`, the complex transform.
    private let transformed: FloatBuffer
    /// `[length / 4 + 1]`, parts of `exp(-2πik / length)`.
    private let cosines: FloatBuffer
    private let sines: FloatBuffer
    private let plan: fftwf_plan

    init(length: Int) {
        precondition(
            length >= 2 && length.isMultiple(of: 2), "a transform needs an even length, got \(length)")
        self.length = length
        binCount = length / 2 + 1
        inputStorage = FloatBuffer(count: length)
        transformed = FloatBuffer(count: length)
        input = inputStorage.base
        let angles = (0...length / 4).map { -2 * Double.pi * Double($0) / Double(length) }
        cosines = FloatBuffer(angles.map { Float(cos($0)) })
        sines = FloatBuffer(angles.map { Float(sin($0)) })

        // A measured plan would differ from run to run, and the bits of its results with it.
        nonisolated(unsafe) let source = UnsafeMutableRawPointer(input).assumingMemoryBound(
            to: fftwf_complex.self)
        nonisolated(unsafe) let target = UnsafeMutableRawPointer(transformed.base)
            .assumingMemoryBound(to: fftwf_complex.self)
        nonisolated(unsafe) var made: fftwf_plan?
        planner.withLock { _ in
            made = fftwf_plan_dft_1d(
                Int32(length / 2), source, target, FFTW_FORWARD, UInt32(FFTW_ESTIMATE | FFTW_PRESERVE_INPUT))
        }
        guard let made else { preconditionFailure("FFTW has no plan for \(length / 2) complex samples") }
        plan = made
    }

    deinit {
        nonisolated(unsafe) let plan = plan
        planner.withLock { _ in fftwf_destroy_plan(plan) }
    }

    /// Writes `scale * |X|²` of the transform `X` of `input`, `[binCount]`.
    func writePowerSpectrum(into spectrum: UnsafeMutablePointer<Float>, scale: Float) {
        fftwf_execute(plan)
        mynah_power_spectrum(spectrum, transformed.base, cosines.base, sines.base, length / 2, scale)
    }
}
