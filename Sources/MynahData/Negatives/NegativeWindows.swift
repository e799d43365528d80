internal import CVectorMath
import FoundationEssentials
import MynahBase
package import MynahFeatures
import MynahModel

/// Windows of sound in which none of somebody's words is said, kept as features: what `_unknown_` and `_silence_` are learnt from
/// where nobody has recordings of other words at hand.
///
/// There are single words, stretches of running speech, and noise. Features take a quarter of the room of sound, cannot be
/// turned back into the recordings, and need no front end when they are used; the price is that they are those of one front
/// end. That is the one of the shipped model: 40 cepstra, which are an orthonormal transform of 40 mel bands, so that a model
/// that reads those bands can be given them as well (``form(for:)``).
package struct NegativeWindows: Sendable {
    /// What a window holds.
    package enum Content: Hashable, Sendable {
        /// A word, by its index in ``words``.
        case word(Int)

        /// A stretch of running speech.
        case speech

        /// Noise, or nothing.
        case noise
    }

    /// How a model takes the windows.
    package enum Form: Sendable {
        /// As they are.
        case asKept

        /// As the mel bands that the cepstra are a transform of.
        case bands
    }

    /// The front end whose features they are.
    package let frontEnd: FrontEndConfiguration

    /// Frames of a window, `T`.
    package let frameCount: Int

    /// What each window holds, `[N]`.
    package let contents: [Content]

    /// The words that are said in some of them.
    package let words: [String]

    /// Source and licence of the recordings, and the names that they ask to be given.
    package let attribution: String

    /// The file, as it is written.
    package let fileBytes: [UInt8]

    /// `[N, T, D]` whole numbers, in which a value is `offset + step · number`.
    private let numbers: ArraySlice<UInt8>

    /// `[D]`.
    private let offsets: [Float]
    private let steps: [Float]

    /// Number of windows, `N`.
    package var count: Int { contents.count }

    /// Features of a frame, `D`.
    private var featureCount: Int { frontEnd.featureCount }

    /// How a model with a front end takes the windows.
    ///
    /// - Throws: `DataError.otherNegatives`, which names each setting that differs, with that of the model first.
    package func form(for other: FrontEndConfiguration) throws(DataError) -> Form {
        if other == frontEnd { return .asKept }
        var bands = frontEnd
        bands.cepstrum = nil
        if other == bands, frontEnd.transformedBandCount == frontEnd.featureCount { return .bands }
        throw .otherNegatives(differences: other.differences(from: frontEnd))
    }

    /// The features of a window, `[frameCount, D]`.
    ///
    /// Where more frames are wanted than it has, those of the windows after it follow, as one sound follows another; where fewer
    /// are, the last ones are left out.
    package func features(of window: Int, as form: Form, frameCount wanted: Int) -> FeatureMatrix {
        var values = [Float](repeating: 0, count: wanted * featureCount)
        for frame in 0..<wanted {
            let source = (window + frame / frameCount) % count
            let start = (source * frameCount + frame % frameCount) * featureCount
            for feature in 0..<featureCount {
                let number = Int8(bitPattern: numbers[numbers.startIndex + start + feature])
                values[frame * featureCount + feature] = offsets[feature] + steps[feature] * Float(number)
            }
        }
        if case .bands = form { Self.turnIntoBands(&values, bandCount: featureCount) }
        return FeatureMatrix(values: values, featureCount: featureCount)
    }

    /// Cepstra → the bands that they are a transform of, in place; the matrix of the transform is orthonormal, so that its inverse
    /// is its transpose.
    private static func turnIntoBands(_ values: inout [Float], bandCount: Int) {
        let basis = (0..<bandCount * bandCount).map {
            Float(cosineBasis(coefficient: $0 % bandCount, band: $0 / bandCount, bandCount: bandCount))
        }
        var row = [Float](repeating: 0, count: bandCount)
        for start in stride(from: 0, to: values.count, by: bandCount) {
            for band in 0..<bandCount {
                row[band] = basis.withUnsafeBufferPointer { basis in
                    values.withUnsafeBufferPointer { values in
                        guard let basis = basis.baseAddress, let values = values.baseAddress else { return 0 }
                        return mynah_dot(values + start, basis + band * bandCount, bandCount)
                    }
                }
            }
            values.replaceSubrange(start..<start + bandCount, with: row)
        }
    }
}

// MARK: - The file

extension NegativeWindows {
    /// What stands beside the numbers in a file.
    struct Description: Codable {
        var frontEnd: FrontEndConfiguration
        var words: [String]
        var attribution: String
        var commandLine: String
    }

    static let formatKey = "format"
    static let formatName = "mynah-negatives"
    private static let descriptionKey = "description"

    /// The most windows that a file may have.
    package static let countLimit = 20_000

    /// The most bytes of a file.
    private static let byteLimit = 1 << 28

    /// Reads a file that `mynah negatives` has made.
    ///
    /// - Throws: `DataError.badNegatives`.
    package init(contentsOf path: String) throws(DataError) {
        let bytes: [UInt8]
        do {
            bytes = try RegularFile.contents(of: path, limitBytes: Self.byteLimit)
        } catch {
            throw .badNegatives(path: path, reason: "\(error)".withoutLeading("\(path.printable): "))
        }
        try self.init(bytes: bytes, name: path)
    }

    /// Reads a file from memory; `name` stands for it in errors.
    package init(bytes: [UInt8], name: String) throws(DataError) {
        func bad(_ reason: String) -> DataError { .badNegatives(path: name, reason: reason) }
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(bytes: bytes, name: name)
        } catch {
            throw bad("\(error)".withoutLeading("\(name.printable) "))
        }
        guard file.header.metadata[Self.formatKey] == Self.formatName else {
            throw bad("is no file of negatives, as mynah negatives makes them")
        }
        guard let text = file.header.metadata[Self.descriptionKey],
            let description = try? JSONDecoder().decode(Description.self, from: Data(text.utf8))
        else { throw bad("its description cannot be read") }
        do {
            try description.frontEnd.validate()
        } catch {
            throw bad("its front end is unusable: \(error)")
        }
        guard let tensor = file.header.tensors.first(where: { $0.name == "windows" }),
            tensor.dataType == .int8, tensor.shape.count == 3, let numbers = file.bytes(of: "windows")
        else { throw bad("has no tensor 'windows' of bytes") }
        let (count, width) = (tensor.shape[0], description.frontEnd.featureCount)
        guard (1...Self.countLimit).contains(count), tensor.shape[1] > 0, tensor.shape[2] == width else {
            throw bad("has windows of \(tensor.shape), expected 1 to \(Self.countLimit) of \(width) features")
        }
        guard let offsets = file.values(of: "offsets"), let steps = file.values(of: "steps"),
            offsets.count == width, steps.count == width, (offsets + steps).allSatisfy({ abs($0) < 1e6 })
        else { throw bad("has no offset and step for each of \(width) features") }
        guard let codes = file.values(of: "contents"), codes.count == count else {
            throw bad("does not say what each of \(count) windows holds")
        }
        var contents: [Content] = []
        for code in codes {
            switch code {
            case -1: contents.append(.speech)
            case -2: contents.append(.noise)
            default:
                guard let word = Int(exactly: code), description.words.indices.contains(word) else {
                    throw bad("names word \(code) of \(description.words.count)")
                }
                contents.append(.word(word))
            }
        }
        frontEnd = description.frontEnd
        frameCount = tensor.shape[1]
        self.contents = contents
        words = description.words
        attribution = description.attribution.printable
        fileBytes = bytes
        self.numbers = numbers
        self.offsets = offsets
        self.steps = steps
    }

    /// Keeps windows, each as whole numbers of a byte: 127 steps to either side of the middle between the smallest and the largest
    /// value of a feature.
    ///
    /// - Parameters:
    ///   - windows: `[N]`, all with as many frames.
    ///   - commandLine: the command that makes them.
    init(
        _ windows: [(content: Content, features: FeatureMatrix)], words: [String],
        frontEnd: FrontEndConfiguration, attribution: String, commandLine: String
    ) throws(DataError) {
        let width = frontEnd.featureCount
        var lowest = [Float](repeating: .infinity, count: width)
        var highest = [Float](repeating: -.infinity, count: width)
        for (_, features) in windows {
            for (index, value) in features.values.enumerated() {
                lowest[index % width] = min(lowest[index % width], value)
                highest[index % width] = max(highest[index % width], value)
            }
        }
        let offsets = (0..<width).map { (lowest[$0] + highest[$0]) / 2 }
        let steps = (0..<width).map { max((highest[$0] - lowest[$0]) / 254, 1e-6) }
        var numbers: [UInt8] = []
        for (_, features) in windows {
            for (index, value) in features.values.enumerated() {
                let number = ((value - offsets[index % width]) / steps[index % width]).rounded()
                numbers.append(UInt8(bitPattern: Int8(max(-127, min(127, number)))))
            }
        }
        let codes = windows.map { window in
            switch window.content {
            case .word(let index): Float(index)
            case .speech: Float(-1)
            case .noise: Float(-2)
            }
        }
        let description = Description(
            frontEnd: frontEnd, words: words, attribution: attribution.printable,
            commandLine: commandLine.printable)
        guard let text = try? jsonText(description) else {
            preconditionFailure("a description that is no JSON")
        }
        let frames = windows.first?.features.frameCount ?? 0
        let file = SafetensorsFile(
            tensors: [
                .init(name: "contents", shape: [codes.count], values: codes[...]),
                .init(name: "offsets", shape: [width], values: offsets[...]),
                .init(name: "steps", shape: [width], values: steps[...]),
                .init(
                    name: "windows", dataType: .int8, shape: [codes.count, frames, width], bytes: numbers),
            ], metadata: [Self.formatKey: Self.formatName, Self.descriptionKey: text])
        try self.init(bytes: file.bytes, name: "negatives")
    }
}

extension String {
    /// This text without a text that it may begin with.
    fileprivate func withoutLeading(_ beginning: String) -> String {
        hasPrefix(beginning) ? String(dropFirst(beginning.count)) : self
    }
}
