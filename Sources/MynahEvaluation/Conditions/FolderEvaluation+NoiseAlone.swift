import MynahAudio
import MynahBase
import MynahData
import MynahFeatures
import MynahModel
import MynahRecognition
import Synchronization

extension FolderEvaluation {
    /// Hears noise alone, ``NoiseAlone/windowCount`` windows of each kind, each at every level of ``NoiseAlone/levels``.
    ///
    /// White and pink noise are always heard; background noise where the folder has recordings of it, in the part
    /// that belongs to the split; further recordings where they are named, at places drawn from all of them. All draws
    /// are fixed, so that figures can be compared between models and runs.
    ///
    /// - Throws: `AudioError` when a further recording cannot be read, `RecognitionError` when the model cannot be used.
    package func noiseAlone(recordings: NoiseRecordings? = nil) throws -> [NoiseAlone] {
        _ = try Recognizer(model: model)
        let generator = NoiseGenerator(sampleCount: model.clipSampleCount)
        var heard = try [
            listen(.white) { generator.white(using: &$0) },
            listen(.pink) { generator.pink(using: &$0) },
        ]
        if noise.count > 0 {
            heard.append(
                try listen(.background, source: StandardLabel.backgroundNoiseFolder) { generator in
                    var window = [Float](repeating: 0, count: model.clipSampleCount)
                    noise.add(to: &window, from: split, volume: 1, using: &generator)
                    return window
                })
        }
        if let recordings {
            heard.append(
                try listen(.recordings, source: recordings.name) { generator throws(AudioError) in
                    let file = recordings.files[generator.index(below: recordings.files.count)]
                    return try window(of: file, at: Double(generator.uniform()))
                })
        }
        return heard
    }

    /// Hears the windows of a kind.
    private func listen(
        _ kind: NoiseAlone.Kind, source: String? = nil,
        window: @Sendable (inout SeededGenerator) throws(AudioError) -> [Float]
    ) throws(AudioError) -> NoiseAlone {
        let failure = Mutex<AudioError?>(nil)
        let heard = communicator.map(NoiseAlone.windowCount, threads: threads, makeContext: makeRecognizer) {
            recognizer, index -> [Int] in
            do throws(AudioError) {
                var generator = SeededGenerator(seed: Self.noiseAloneSeed, index)
                let window = try window(&generator)
                return NoiseAlone.levels.map { level in
                    let sound = Waveform(
                        samples: NoiseAlone.scaled(window, toLevel: level),
                        sampleRate: model.frontEnd.sampleRate)
                    return recognizer.recognize(sound).bestIndex
                }
            } catch {
                failure.withLock { $0 = $0 ?? error }
                return []
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        var counts = NoiseAlone.levels.map { _ in model.labels.map { _ in 0 } }
        for labels in heard {
            for (level, label) in labels.enumerated() { counts[level][label] += 1 }
        }
        return NoiseAlone(
            kind: kind, source: source, labels: model.labels,
            points: zip(NoiseAlone.levels, counts).map { NoiseAlone.Point(level: $0, counts: $1) })
    }

    /// A window of a file, repeated where the file is shorter.
    ///
    /// - Parameter place: where it begins, as a share of the places that there are.
    private func window(of file: AudioSource, at place: Double) throws(AudioError) -> [Float] {
        let (rate, length) = (model.frontEnd.sampleRate, model.clipSampleCount)
        var stream = try AudioStream(file, sampleRate: rate, channel: channel)
        let seconds = stream.declaredDuration ?? 0
        let start = Int(place * max(0, seconds - Double(length) / Double(rate)) * Double(rate))
        var samples: [Float] = []
        var block: [Float] = []
        var passed = 0
        while samples.count < length, try stream.read(into: &block) {
            samples += block.dropFirst(max(0, start - passed))
            passed += block.count
        }
        guard !samples.isEmpty else { return [Float](repeating: 0, count: length) }
        return (0..<length).map { samples[$0 % samples.count] }
    }

    private static let noiseAloneSeed: UInt64 = 21
}
