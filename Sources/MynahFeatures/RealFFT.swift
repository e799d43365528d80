internal import CFFTW
import Synchronization

/// Only the execution of plans may happen on several threads at once; making and destroying them goes through here.
private let planner = Mutex(())

/// Discrete Fourier transform of a real signal through FFTW, unnormalised.
struct RealFFT: ~Copyable {
    /// `[length]`, overwritten by each transform unless FFTW chose an algorithm that keeps it.
    let input: UnsafeMutablePointer<Float>

    /// `[binCount, 2]`, real and imaginary parts of bins 0 to `length / 2`.
    let output: UnsafeMutablePointer<Float>

    /// Number of real samples.
    let length: Int

    /// Number of complex bins, `length / 2 + 1`.
    let binCount: Int

    private let inputStorage: AlignedBuffer
    private let outputStorage: AlignedBuffer
    private let plan: fftwf_plan

    init(length: Int) {
        precondition(length >= 2, "a transform needs at least 2 samples, got \(length)")
        self.length = length
        binCount = length / 2 + 1
        inputStorage = AlignedBuffer(count: length)
        outputStorage = AlignedBuffer(count: 2 * binCount)
        input = inputStorage.pointer
        output = outputStorage.pointer
        let bins = UnsafeMutableRawPointer(output).assumingMemoryBound(to: fftwf_complex.self)
        // A measured plan would differ from run to run, and the bits of its results with it.
        nonisolated(unsafe) let (source, destination) = (input, bins)
        nonisolated(unsafe) var made: fftwf_plan?
        planner.withLock { _ in
            made = fftwf_plan_dft_r2c_1d(Int32(length), source, destination, UInt32(FFTW_ESTIMATE))
        }
        guard let made else { preconditionFailure("FFTW has no plan for \(length) samples") }
        plan = made
    }

    deinit {
        nonisolated(unsafe) let plan = plan
        planner.withLock { _ in fftwf_destroy_plan(plan) }
    }

    /// Transforms `input` into `output`.
    func execute() { fftwf_execute(plan) }
}
