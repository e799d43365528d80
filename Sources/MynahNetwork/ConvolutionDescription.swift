/// A convolution over time and features, causal in time, followed by a rectifier.
///
/// As the first layers of a CRNN (Arik et al., arXiv 1703.05390). The input's features are bands of a spectrum or
/// coefficients of a cepstrum, with `channels` values each behind another convolution. In time a step reads the frame
/// at its end and those before; among the bands, the first and the last are padded with zeros.
package struct ConvolutionDescription: Hashable, Sendable {
    /// Filters, which are values per band that the layer hands on.
    package var channels: Int

    /// Frames that a filter reads, at least ``frameStride``.
    package var kernelFrames: Int

    /// Bands that a filter reads.
    package var kernelBands: Int

    /// Frames from step to step.
    package var frameStride: Int

    /// Bands from place to place.
    package var bandStride: Int

    /// Whether each channel is normalized over the batch (Ioffe and Szegedy, arXiv 1502.03167): so in training; a
    /// finished model has the normalization folded into its weights.
    package var batchNormalized: Bool

    /// Describes a layer; `NetworkDescription.validate()` tells whether it can be built.
    package init(
        channels: Int, kernelFrames: Int, kernelBands: Int, frameStride: Int = 1, bandStride: Int = 1,
        batchNormalized: Bool = true
    ) {
        self.channels = channels
        self.kernelFrames = kernelFrames
        self.kernelBands = kernelBands
        self.frameStride = frameStride
        self.bandStride = bandStride
        self.batchNormalized = batchNormalized
    }

    /// Places among `inputBandCount` bands.
    func bandCount(inputBandCount: Int) -> Int { (inputBandCount + bandStride - 1) / bandStride }

    /// Bands of zeros before the first one.
    func bandPadding(inputBandCount: Int) -> Int {
        max(0, (bandCount(inputBandCount: inputBandCount) - 1) * bandStride + kernelBands - inputBandCount)
            / 2
    }
}

extension ConvolutionDescription: LayerKind {
    static let types = ["convolution"]

    static let usage = "conv:CHANNELS:FRAMESxBANDS:STRIDExSTRIDE"
    static let examples = ["conv:16:5x8:2x2"]

    private static let shortName = "conv"

    init?(parsing parts: [Substring]) {
        guard parts[0] == Self.shortName, (3...4).contains(parts.count), let channels = Int(parts[1]),
            let kernel = Self.pair(parts[2]), let stride = parts.count == 4 ? Self.pair(parts[3]) : (1, 1)
        else { return nil }
        self.init(
            channels: channels, kernelFrames: kernel.0, kernelBands: kernel.1, frameStride: stride.0,
            bandStride: stride.1)
    }

    /// `5x8`.
    private static func pair(_ text: Substring) -> (Int, Int)? {
        let numbers = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 2, let first = numbers[0], let second = numbers[1] else { return nil }
        return (first, second)
    }

    /// As a person writes it: `conv:16:5x8:2x2`.
    package var description: String {
        "\(Self.shortName):\(channels):\(kernelFrames)x\(kernelBands):\(frameStride)x\(bandStride)"
    }

    func output(of input: StepShape) -> StepShape {
        let bands = bandCount(inputBandCount: input.size / (input.channels ?? 1))
        return StepShape(size: bands * channels, channels: channels)
    }

    var timeStride: Int { frameStride }

    func validate(name: String) throws(NetworkError) {
        try checkSize("\(name).channels", channels, 1...1024)
        try checkSize("\(name).frameStride", frameStride, 1...16)
        try checkSize("\(name).kernelFrames", kernelFrames, frameStride...64)
        try checkSize("\(name).kernelBands", kernelBands, 1...4096)
        try checkSize("\(name).bandStride", bandStride, 1...64)
    }

    func validate(input: StepShape, index: Int) throws(NetworkError) {
        guard input.channels != nil else { throw .convolutionBehindRecurrence(layer: index) }
    }

    func carriedValueCount(input: StepShape) -> Int { (kernelFrames - frameStride) * input.size }

    func valueCount(input: StepShape, stepCount: Int) -> Int {
        let inputChannels = input.channels ?? 1
        let bands = input.size / inputChannels + kernelBands + bandStride
        // The frames with their padding, and the output before and behind the rectifier.
        return (stepCount + kernelFrames) * bands * inputChannels
            + 2 * (stepCount / frameStride) * output(of: input).size
    }

    func multiplyAccumulates(input: StepShape) -> Int {
        output(of: input).size * kernelFrames * kernelBands * (input.channels ?? 1)
    }

    /// `filters` `[channels, kernelFrames, kernelBands, input channels]` and `bias` `[channels]`; while the layer is
    /// batch-normalized, `scale`, `bias`, `mean` and `variance` `[channels]`.
    func appendParameters(to layout: inout ParameterLayout, part: ParameterLayout.Part, input: StepShape) {
        layout.append(
            part, "filters", channels, kernelFrames, kernelBands, input.channels ?? 1, role: .weight,
            initializer: .rectified, products: .withPatches)
        if batchNormalized {
            layout.append(part, "scale", channels, role: .bias, initializer: .constant([1]))
        }
        layout.append(part, "bias", channels, role: .bias, initializer: .constant([0]))
        if batchNormalized {
            layout.append(part, "mean", channels, role: .statistic, initializer: .constant([0]))
            layout.append(part, "variance", channels, role: .statistic, initializer: .constant([1]))
        }
    }

    /// Without batch normalization.
    var folded: ConvolutionDescription { with(batchNormalized: false) }

    /// Batch normalization is folded into the filters and the bias before it.
    func foldedValues(
        of entry: ParameterLayout.Entry, _ values: (String) -> ArraySlice<Float>
    ) -> [Float] {
        guard batchNormalized else { return Array(values(entry.tensor)) }
        let gains = zip(values("scale"), values("variance")).map {
            $0 / BatchNormalization.deviation(variance: $1)
        }
        switch entry.role {
        case .weight: return values("filters").enumerated().map { $1 * gains[$0 / entry.fanIn] }
        case .bias, .statistic:
            return zip(values("bias"), zip(values("mean"), gains)).map { $0 - $1.0 * $1.1 }
        }
    }

    /// With batch normalization.
    var unfolded: ConvolutionDescription { with(batchNormalized: true) }

    private func with(batchNormalized: Bool) -> ConvolutionDescription {
        var other = self
        other.batchNormalized = batchNormalized
        return other
    }

    /// Batch normalization that changes nothing.
    func unfoldedValues(
        of entry: ParameterLayout.Entry, _ values: (String) -> ArraySlice<Float>
    ) -> [Float] {
        guard !batchNormalized else { return Array(values(entry.tensor)) }
        return switch entry.tensor {
        case "mean": [Float](repeating: 0, count: channels)
        case "variance": [Float](repeating: 1, count: channels)
        case "scale": [Float](repeating: BatchNormalization.deviation(variance: 1), count: channels)
        default: Array(values(entry.tensor))
        }
    }

    func makeLayer(_ place: LayerPlace) -> any SequenceLayer { ConvolutionLayer(self, place) }
}

extension ConvolutionDescription: Codable {
    private enum Key: String, CodingKey {
        case type, channels, kernelFrames, kernelBands, frameStride, bandStride, batchNormalized
    }

    /// Reads `{"type": "convolution", "channels": 16, …}` with all settings; `batchNormalized` may be left out.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func size(_ key: Key) throws -> Int { try container.decode(Int.self, forKey: key) }
        self.init(
            channels: try size(.channels), kernelFrames: try size(.kernelFrames),
            kernelBands: try size(.kernelBands), frameStride: try size(.frameStride),
            bandStride: try size(.bandStride),
            batchNormalized: try container.decodeIfPresent(Bool.self, forKey: .batchNormalized) ?? false)
    }

    /// Writes the same form.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.types[0], forKey: .type)
        try container.encode(channels, forKey: .channels)
        try container.encode(kernelFrames, forKey: .kernelFrames)
        try container.encode(kernelBands, forKey: .kernelBands)
        try container.encode(frameStride, forKey: .frameStride)
        try container.encode(bandStride, forKey: .bandStride)
        if batchNormalized { try container.encode(true, forKey: .batchNormalized) }
    }
}
