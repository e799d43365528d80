internal import CFFTW
import MynahBase
import Synchronization

/// Linear convolution of long real signals by way of their Fourier transforms, through FFTW.
///
/// Plans are made once and never changed, so any number of threads may convolve at a time. They are estimated, not
/// measured: the same values give the same bits in every run.
package final class FourierConvolver: Sendable {
    /// Values of a signal at most, and of the result.
    package let signalCount: Int

    /// Values of an impulse response at most.
    package let responseCount: Int

    /// Length of the transforms: no sample of the result wraps around onto another.
    private let length: Int
    private nonisolated(unsafe) let forward: fftwf_plan
    private nonisolated(unsafe) let inverse: fftwf_plan

    /// Prepares for signals and responses of up to the given lengths, both at least 1.
    package init(signalCount: Int, responseCount: Int) {
        precondition(
            signalCount > 0 && responseCount > 0,
            "a convolution needs samples, got \(signalCount) and \(responseCount)")
        self.signalCount = signalCount
        self.responseCount = responseCount
        length = Self.fastLength(atLeast: signalCount + responseCount - 1)

        let signal = FloatBuffer(count: length)
        let spectrum = FloatBuffer(count: length + 2)
        nonisolated(unsafe) let real = signal.base
        nonisolated(unsafe) let complex = UnsafeMutableRawPointer(spectrum.base)
            .assumingMemoryBound(to: fftwf_complex.self)
        let count = Int32(length)
        nonisolated(unsafe) var made: (forward: fftwf_plan?, inverse: fftwf_plan?)
        planner.withLock { _ in
            made.forward = fftwf_plan_dft_r2c_1d(count, real, complex, UInt32(FFTW_ESTIMATE))
            made.inverse = fftwf_plan_dft_c2r_1d(count, complex, real, UInt32(FFTW_ESTIMATE))
        }
        guard let forward = made.forward, let inverse = made.inverse else {
            preconditionFailure("FFTW has no plan for \(length) real samples")
        }
        self.forward = forward
        self.inverse = inverse
    }

    deinit {
        nonisolated(unsafe) let plans = (forward, inverse)
        planner.withLock { _ in
            fftwf_destroy_plan(plans.0)
            fftwf_destroy_plan(plans.1)
        }
    }

    /// Replaces a signal by the beginning of its convolution with an impulse response: as many values as it had.
    ///
    /// - Precondition: the signal has at most `signalCount` values, the response at most `responseCount`.
    package func convolve(_ signal: inout [Float], with response: [Float]) {
        precondition(
            signal.count <= signalCount && response.count <= responseCount,
            """
            prepared for \(signalCount) and \(responseCount) values, got \(signal.count) and \(response.count)
            """)
        let samples = FloatBuffer(count: length)
        let spectrum = FloatBuffer(count: length + 2)
        let responseSpectrum = FloatBuffer(count: length + 2)
        transform(response, through: samples, into: responseSpectrum)
        for index in 0..<min(response.count, length) { samples.base[index] = 0 }
        transform(signal, through: samples, into: spectrum)

        let (left, right) = (spectrum.base, responseSpectrum.base)
        let scale = 1 / Float(length)
        for bin in stride(from: 0, to: length + 2, by: 2) {
            let (a, b) = (left[bin], left[bin + 1])
            let (c, d) = (right[bin] * scale, right[bin + 1] * scale)
            left[bin] = a * c - b * d
            left[bin + 1] = a * d + b * c
        }
        let complex = UnsafeMutableRawPointer(left).assumingMemoryBound(to: fftwf_complex.self)
        fftwf_execute_dft_c2r(inverse, complex, samples.base)
        for index in signal.indices { signal[index] = samples.base[index] }
    }

    /// Writes the spectrum of values that zeros follow; `samples` is zero behind them.
    private func transform(
        _ values: [Float], through samples: borrowing FloatBuffer, into spectrum: borrowing FloatBuffer
    ) {
        for index in values.indices { samples.base[index] = values[index] }
        let complex = UnsafeMutableRawPointer(spectrum.base)
            .assumingMemoryBound(to: fftwf_complex.self)
        fftwf_execute_dft_r2c(forward, samples.base, complex)
    }

    /// The least even number from `count` on that has no prime factor above 5: FFTW is fast at these.
    static func fastLength(atLeast count: Int) -> Int {
        var length = max(2, count + count % 2)
        while true {
            var rest = length
            for factor in [2, 3, 5] {
                while rest.isMultiple(of: factor) { rest /= factor }
            }
            if rest == 1 { return length }
            length += 2
        }
    }
}
