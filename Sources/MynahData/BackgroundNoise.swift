import MynahAudio
package import MynahBase
import MynahModel

/// The decoded recordings of `_background_noise_`, from which random windows are drawn.
///
/// In Speech Commands all splits draw from the same recordings, so that a network is tested on the very noise that it
/// has learned. Here each split has its own part of every recording: the first 80 % for training, the next 10 % for
/// validation, the last 10 % for testing. A part shorter than the window is repeated.
package struct BackgroundNoise: Sendable {
    /// The noise recordings that could not be decoded.
    package let unreadable: [ClipStore.Unreadable]

    /// What the user should know about the recordings, one line each.
    package let notes: [String]

    /// Total length of what is used of the recordings, in seconds.
    package let seconds: Double

    private let recordings: [QuantizedSamples]
    private let names: [String]

    /// No recordings: noise is digital silence.
    package static let none = BackgroundNoise()

    private init() {
        unreadable = []
        notes = []
        seconds = 0
        recordings = []
        names = []
    }

    /// Noise that was made rather than recorded: as loud in each octave as in the next one, like that of many rooms.
    ///
    /// The three-pole filter is that of P. Kellet, from R. Whittle, "DSP generation of pink noise", 1999.
    ///
    /// - Parameters:
    ///   - seconds: how much of it.
    ///   - sampleRate: samples per second, in Hz.
    package init(pinkSeconds seconds: Double, sampleRate: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var poles: (Float, Float, Float) = (0, 0, 0)
        let samples = (0..<Int(seconds * Double(sampleRate))).map { _ -> Float in
            let white = generator.symmetric(1)
            poles.0 = 0.99765 * poles.0 + white * 0.0990460
            poles.1 = 0.96300 * poles.1 + white * 0.2965164
            poles.2 = 0.57000 * poles.2 + white * 1.0526913
            return 0.05 * (poles.0 + poles.1 + poles.2 + white * 0.1848)
        }
        unreadable = []
        notes = []
        self.seconds = seconds
        recordings = [QuantizedSamples(samples)]
        names = ["pink noise"]
    }

    /// Decodes the noise recordings of a folder on `threads` threads.
    ///
    /// A recording may have any length: where all of them take more memory than `limitBytes`, stretches of the longest
    /// ones are left out, evenly spread.
    ///
    /// - Throws: `DataError.tooMuchNoise` when there are too many for that, `.damagedRecording` when one of a pack is damaged
    ///   and such are not to be passed over.
    package init(
        decoding folder: LabelledFolder, with decoder: ClipDecoder, threads: Int,
        limitBytes: Int = defaultLimitBytes
    ) throws(DataError) {
        try self.init(
            decoding: folder.noiseFiles, with: decoder, threads: threads, limitBytes: limitBytes,
            skipsDamaged: folder.skipsDamaged)
    }

    /// Decodes one audio file, or all below a folder, for instance `_background_noise_`.
    ///
    /// - Throws: `DataError.folderNotFound`, `.unreadable`, or `.tooMuchNoise`.
    package init(decodingFilesIn path: String, with decoder: ClipDecoder, threads: Int) throws(DataError) {
        var files: [NoiseFile] = []
        var notes: [String] = []
        do throws(DataError) {
            let tree = try NoiseTree(below: path, name: "")
            (files, notes) = (tree.files, tree.notes)
        } catch .notAFolder {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            files = [NoiseFile(path: path, name: name, byteCount: 0)]
        }
        try self.init(
            decoding: files, with: decoder, threads: threads, limitBytes: Self.defaultLimitBytes, notes: notes
        )
    }

    /// The most memory that recordings take unless told otherwise, in bytes: nine hours at 16 kHz.
    package static let defaultLimitBytes = 1 << 30

    private init(
        decoding files: [NoiseFile], with decoder: ClipDecoder, threads: Int, limitBytes: Int,
        notes: [String] = [], skipsDamaged: Bool = true
    ) throws(DataError) {
        let all = decoder.recordings(
            of: files.map { ($0.path, $0.name) }, threads: threads, limitBytes: limitBytes)
        guard let (decoded, unreadable, damaged) = all else {
            throw .tooMuchNoise(fileCount: files.count, limitBytes: limitBytes)
        }
        if let damaged, !skipsDamaged { throw .damagedRecording(path: damaged.name, reason: damaged.reason) }
        recordings = decoded.map(\.content.samples)
        names = decoded.map(\.name)
        self.unreadable = unreadable
        self.notes = notes + decoder.thinningNotes(decoded)
        seconds = Double(recordings.reduce(0) { $0 + $1.count }) / Double(decoder.sampleRate)
    }

    /// Number of recordings.
    package var count: Int { recordings.count }

    /// What the user should know about the noise of a folder, one line each, safe to print.
    package func notes(on folder: LabelledFolder) -> [String] {
        guard recordings.isEmpty, folder.silenceLabel != nil else { return notes }
        return notes + [
            """
            no background noise in \(folder.path.printable)/\(StandardLabel.backgroundNoiseFolder): \
            \(StandardLabel.silence) is digital silence only
            """
        ]
    }

    /// Adds a random window of noise to all of `output`, without holding the sum within ±1.
    ///
    /// Recording and place are drawn uniformly from the part that belongs to `split`. Two numbers are drawn whatever
    /// the recordings are.
    package func add(
        to output: inout [Float], from split: DataSplit, volume: Float, using generator: inout SeededGenerator
    ) {
        let which = generator.index(below: max(1, recordings.count))
        guard which < recordings.count else {
            _ = generator.next()
            return
        }
        let part = Self.part(of: recordings[which].count, for: split)
        let start = part.lowerBound + generator.index(below: max(1, part.count - output.count + 1))
        add(to: &output, recording: which, part: part, start: start, factor: volume)
    }

    /// Adds the window of noise at a place to all of `output`, scaled to a mean power, full scale being 1.
    ///
    /// Where there are no recordings, or the window is digital silence, nothing is added.
    func add(to output: inout [Float], from split: DataSplit, at place: Variation.NoisePlace, power: Float) {
        guard let which = index(of: place) else { return }
        let part = Self.part(of: recordings[which].count, for: split)
        let startCount = max(1, part.count - output.count + 1)
        let start = part.lowerBound + min(startCount - 1, Int(place.start * Float(startCount)))
        let heard = start..<min(start + output.count, part.upperBound)
        let energy = recordings[which].energy(of: heard)
        guard energy > 0, power > 0 else { return }
        let factor = (power * Float(heard.count) / energy).squareRoot()
        add(to: &output, recording: which, part: part, start: start, factor: factor)
    }

    /// The recording that a place lies in; `nil` where there are none.
    private func index(of place: Variation.NoisePlace) -> Int? {
        recordings.isEmpty
            ? nil : min(recordings.count - 1, Int(place.recording * Float(recordings.count)))
    }

    /// The name of the recording that a place lies in; `nil` where there are none.
    package func name(of place: Variation.NoisePlace) -> String? {
        index(of: place).map { names[$0] }
    }

    private func add(
        to output: inout [Float], recording: Int, part: Range<Int>, start: Int, factor: Float
    ) {
        let scale = factor * QuantizedSamples.step
        recordings[recording].values.withUnsafeBufferPointer { values in
            var position = start
            var index = 0
            while index < output.count {
                if position >= part.upperBound { position = part.lowerBound }
                let count = min(output.count - index, part.upperBound - position)
                for offset in 0..<count { output[index + offset] += scale * Float(values[position + offset]) }
                index += count
                position += count
            }
        }
    }

    /// What belongs to a split of each recording, in the order of the recordings; never empty.
    package func parts(for split: DataSplit) -> [QuantizedSamples] {
        recordings.map { $0.part(Self.part(of: $0.count, for: split)) }
    }

    /// The samples of a recording that belong to a split; never empty for `count` ≥ 1.
    static func part(of count: Int, for split: DataSplit) -> Range<Int> {
        let bounds: (Int, Int) =
            switch split {
            case .training: (0, count * 8 / 10)
            case .validation: (count * 8 / 10, count * 9 / 10)
            case .testing: (count * 9 / 10, count)
            }
        // Of fewer than ten samples every split takes all.
        return bounds.0 < bounds.1 && count >= 10 ? bounds.0..<bounds.1 : 0..<count
    }
}
