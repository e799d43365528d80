import CSampleRate

/// Converts a mono signal from one sample rate to another, block by block, with libsamplerate.
///
/// The result does not depend on how the signal is divided into blocks, and a signal of `n` samples becomes
/// `n × outputRate / inputRate` samples, rounded to the nearest but at least 1. At equal rates samples pass through
/// untouched.
///
/// The converter is libsamplerate's "medium" windowed sinc (Smith and Gossett, "A flexible sampling-rate conversion
/// method", ICASSP 1984). From 44.1 or 48 kHz to 16 kHz it is flat to 6.8 kHz, loses 2 dB at 7.2 kHz and weakens what
/// would fold back by 119 dB, in 9 ms per second of sound. The fastest one takes 4 ms but loses 9 dB already at
/// 6.8 kHz, where consonants live; the best one is flat to 7.5 kHz and takes 30 ms.
public struct Resampler: ~Copyable {
    /// Samples per second that go in, in Hz.
    public let inputRate: Int

    /// Samples per second that come out, in Hz.
    public let outputRate: Int

    private let converter: OpaquePointer?
    private let ratio: Double
    private var inputCount = 0
    private var outputCount = 0

    /// Prepares a conversion between rates within `AudioReader.supportedSampleRates`.
    public init(from inputRate: Int, to outputRate: Int) {
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
        var failure: Int32 = 0
        converter = src_new(Int32(SRC_SINC_MEDIUM_QUALITY), 1, &failure)
        precondition(converter != nil, "no memory for a sample-rate converter (error \(failure))")
    }

    deinit {
        if let converter { src_delete(converter) }
    }

    /// Takes the next samples and appends what they complete; the converter keeps some for its filter.
    public mutating func process(_ input: Span<Float>, appendingTo output: inout [Float]) {
        inputCount += input.count
        guard converter != nil else {
            for index in input.indices { output.append(input[index]) }
            outputCount += input.count
            return
        }
        input.withUnsafeBufferPointer { convert($0, appendingTo: &output) }
    }

    /// Ends the signal: appends the samples that the converter still owes.
    public mutating func finish(appendingTo output: inout [Float]) {
        // Silence after the end lets the filter reach the last sample, and more silence than that adds nothing.
        let rounded = (2 * inputCount * outputRate + inputRate) / (2 * inputRate)
        let total = max(min(1, inputCount), rounded)
        let silence = [Float](repeating: 0, count: 4_096)
        while outputCount < total, converter != nil {
            silence.withUnsafeBufferPointer { convert($0, appendingTo: &output) }
        }
        output.removeLast(outputCount - total)
        outputCount = total
    }

    private mutating func convert(_ input: UnsafeBufferPointer<Float>, appendingTo output: inout [Float]) {
        guard let converter, let source = input.baseAddress else { return }
        var used = 0
        while true {
            let start = output.count
            let capacity = Int(Double(input.count - used) * ratio) + 64
            output.append(contentsOf: repeatElement(0, count: capacity))
            var data = SRC_DATA()
            data.data_in = source + used
            data.input_frames = input.count - used
            data.output_frames = capacity
            data.src_ratio = ratio
            let status = output.withUnsafeMutableBufferPointer { buffer in
                data.data_out = buffer.baseAddress.map { $0 + start }
                return src_process(converter, &data)
            }
            // Every argument has been checked, so that a failure can only be a mistake here.
            precondition(status == 0, "libsamplerate failed with error \(status)")
            used += data.input_frames_used
            outputCount += data.output_frames_gen
            output.removeLast(capacity - data.output_frames_gen)
            if data.output_frames_gen < capacity && used == input.count { return }
        }
    }
}
