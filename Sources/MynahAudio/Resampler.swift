import CSoxr

/// Converts a mono signal from one sample rate to another, block by block, with libsoxr.
///
/// The result does not depend on how the signal is divided into blocks, and a signal of `n` samples becomes
/// `n × outputRate / inputRate` samples, rounded to the nearest but at least 1. Nothing is delayed: sample `k` of the
/// output is the sound at `k / outputRate` seconds. At equal rates samples pass through untouched.
///
/// The recipe is libsoxr's "high quality": a filter of linear phase, computed for 20 bits, that is flat up to 0.91 of
/// half the lower rate and lets nothing above half of it through. The converter works in blocks of its own, so that in a
/// live stream the last 40 ms (from 44.1 or 48 kHz to 16 kHz) are delivered only when more arrives.
package struct Resampler: ~Copyable {
    /// Samples per second that go in, in Hz.
    package let inputRate: Int

    /// Samples per second that come out, in Hz.
    package let outputRate: Int

    private let converter: soxr_t?
    private let ratio: Double
    private var inputCount = 0
    private var outputCount = 0

    /// Prepares a conversion between rates within `AudioReader.supportedSampleRates`.
    package init(from inputRate: Int, to outputRate: Int) {
        for rate in [inputRate, outputRate] {
            precondition(
                AudioReader.supportedSampleRates.contains(rate),
                "sample rate must be in \(AudioReader.supportedSampleRates) Hz, got \(rate) Hz")
        }
        self.inputRate = inputRate
        self.outputRate = outputRate
        ratio = Double(outputRate) / Double(inputRate)
        guard inputRate != outputRate else {
            converter = nil
            return
        }
        var failure: soxr_error_t?
        var quality = soxr_quality_spec(UInt(SOXR_20_BITQ), 0)
        // One thread: callers convert many sounds at once.
        var runtime = soxr_runtime_spec(1)
        converter = soxr_create(Double(inputRate), Double(outputRate), 1, &failure, nil, &quality, &runtime)
        precondition(
            converter != nil,
            "no sample-rate converter: \(failure.map { String(cString: $0) } ?? "no reason is given")")
    }

    deinit {
        if let converter { soxr_delete(converter) }
    }

    /// Takes the next samples and appends what they complete; the converter keeps some for its filter.
    package mutating func process(_ input: Span<Float>, appendingTo output: inout [Float]) {
        inputCount += input.count
        guard converter != nil else {
            for index in input.indices { output.append(input[index]) }
            outputCount += input.count
            return
        }
        guard !input.isEmpty else { return }
        input.withUnsafeBufferPointer { convert($0, appendingTo: &output) }
    }

    /// Ends the signal: appends the samples that the converter still owes.
    ///
    /// Nothing may be processed after that.
    package mutating func finish(appendingTo output: inout [Float]) {
        let rounded = (2 * inputCount * outputRate + inputRate) / (2 * inputRate)
        let total = max(min(1, inputCount), rounded)
        if converter != nil, inputCount > 0 { convert(nil, appendingTo: &output) }
        // At its end the converter may be a sample off the rounded length.
        if outputCount > total {
            output.removeLast(outputCount - total)
        } else {
            output.append(contentsOf: repeatElement(0, count: total - outputCount))
        }
        outputCount = total
    }

    /// Converts all of `input`, or what is left inside where that is nil.
    private mutating func convert(_ input: UnsafeBufferPointer<Float>?, appendingTo output: inout [Float]) {
        var used = 0
        while true {
            let start = output.count
            let left = (input?.count ?? 4_096) - used
            let capacity = Int(Double(left) * ratio) + 1_024
            output.append(contentsOf: repeatElement(0, count: capacity))
            var consumed = 0
            var produced = 0
            let failure = output.withUnsafeMutableBufferPointer { buffer in
                soxr_process(
                    converter, input?.baseAddress.map { $0 + used }, input == nil ? 0 : left, &consumed,
                    buffer.baseAddress.map { $0 + start }, capacity, &produced)
            }
            // Every argument has been checked, so that a failure can only be a lack of memory.
            if let failure { preconditionFailure("libsoxr failed: \(String(cString: failure))") }
            if input != nil { used += consumed }
            outputCount += produced
            output.removeLast(capacity - produced)
            if produced < capacity, used == input?.count ?? used { return }
        }
    }
}
