import MynahBase
import MynahFeatures
import MynahModel
import MynahRecognition

/// The checks of a short stream: against the clip, cut in all ways, put aside and taken up again.
struct StreamVerification {
    let settings: ModelVerification

    private var model: CommandModel { settings.model }
    private var framing: FrontEndConfiguration.Framing { model.frontEnd.framing }

    /// Frames of a clip.
    private var windowFrames: Int { model.frontEnd.frameCount(sampleCount: model.clipSampleCount) }

    init(_ settings: ModelVerification) {
        self.settings = settings
    }

    /// What a stream says at each decision, `[decisions][C]`.
    typealias Track = [[Float]]

    /// The largest difference of two tracks; infinite where they are not of the same length.
    static func difference(_ first: Track, _ second: Track) -> Float {
        guard first.count == second.count else { return .infinity }
        return zip(first, second).reduce(0) { max($0, difference($1.0, $1.1)) }
    }

    /// The largest difference of the posteriors of a decision; infinite where one is not a number.
    static func difference(_ first: [Float], _ second: [Float]) -> Float {
        zip(first, second).reduce(0) { largest, pair in
            let difference = abs(pair.0 - pair.1)
            return difference.isNaN ? .infinity : max(largest, difference)
        }
    }

    /// Posteriors of the whole clip, every one that its network decides on the way, against those of the stream.
    func clipCheck() throws(RecognitionError) -> VerificationCheck {
        let (samples, posteriors) = try clip()
        let recognizer = try StreamingRecognizer(model: model)
        var heard = Track()
        hear(samples[...], with: recognizer, &heard)
        let largest = Self.difference(posteriors, heard)
        return VerificationCheck(
            "stream equals clip", largest <= ModelVerification.tolerance,
            """
            posteriors at all \(posteriors.count) decisions of a clip differ by at most \
            \(NumberText.scientific(largest)) (limit \(NumberText.scientific(ModelVerification.tolerance)))
            """)
    }

    /// Two windows of sound, cut at random.
    func chunkingCheck() throws(RecognitionError) -> VerificationCheck {
        let samples = sound(seconds: 1.25)
        let recognizer = try StreamingRecognizer(model: model)
        var expected = Track()
        hear(samples[...], with: recognizer, &expected)
        var largest: Float = 0
        var generator = SeededGenerator(seed: settings.seed, 1)
        for _ in 0..<settings.chunkingCount {
            recognizer.reset()
            var heard = Track()
            hear(samples[...], with: recognizer, &heard, cutBy: &generator)
            largest = max(largest, Self.difference(expected, heard))
        }
        return VerificationCheck(
            "any chunks", largest <= ModelVerification.tolerance,
            """
            \(NumberText.grouped(settings.chunkingCount)) random ways to cut \(expected.count) decisions differ by at \
            most \(NumberText.scientific(largest)) (limit \(NumberText.scientific(ModelVerification.tolerance)))
            """)
    }

    /// A stream that is put aside, while both recognizers hear something else, and taken up by the other one.
    func snapshotCheck() throws(RecognitionError) -> VerificationCheck {
        let samples = sound(seconds: 1.25)
        let (first, second) = (try StreamingRecognizer(model: model), try StreamingRecognizer(model: model))
        var expected = Track()
        hear(samples[...], with: first, &expected)
        var generator = SeededGenerator(seed: settings.seed, 2)
        var largest: Float = 0
        for _ in 0..<settings.snapshotCount {
            first.reset()
            let cut = Int(generator.next() % UInt64(samples.count + 1))
            var heard = Track()
            hear(samples[..<cut], with: first, &heard)
            let snapshot = first.snapshot()
            var other = Track()
            hear(samples[(samples.count - cut)...], with: first, &other)
            hear(samples[(cut / 2)...], with: second, &other)
            second.restore(snapshot)
            hear(samples[cut...], with: second, &heard)
            largest = max(largest, Self.difference(expected, heard))
        }
        return VerificationCheck(
            "snapshot and restore", largest == 0,
            """
            \(settings.snapshotCount) streams put aside and taken up elsewhere differ by at most \
            \(NumberText.scientific(largest)) (limit 0)
            """)
    }

    /// A clip's length of sound, and what the network of whole clips says at each of its steps.
    func clip() throws(RecognitionError) -> (samples: [Float], posteriors: Track) {
        let length = framing.frameLengthSamples + (windowFrames - 1) * framing.frameShiftSamples
        let samples = Array(sound(seconds: 0, minimumCount: length)[..<length])
        return (samples, try ClipNetwork(model).posteriorsAtEachStep(of: samples))
    }

    /// The sound of the seed, so many seconds or samples of it, whichever is more.
    func sound(seconds: Double, minimumCount: Int = 0) -> [Float] {
        var sound = VerificationSound(seed: settings.seed, sampleRate: model.frontEnd.sampleRate)
        return sound.samples(max(minimumCount, Int(seconds * Double(model.frontEnd.sampleRate))))
    }

    /// Adds what a recognizer says of samples that come at once.
    func hear(_ samples: ArraySlice<Float>, with recognizer: StreamingRecognizer, _ track: inout Track) {
        let chunk = Array(samples)
        recognizer.push(
            chunk.span,
            onPosteriors: { _, posteriors in track.append(posteriors.indices.map { posteriors[$0] }) })
    }

    /// The same of samples that come in chunks: one by one, in some, or in many.
    private func hear(
        _ samples: ArraySlice<Float>, with recognizer: StreamingRecognizer, _ track: inout Track,
        cutBy generator: inout SeededGenerator
    ) {
        let longest = [1, 17, 160, 500, 4_000][Int(generator.next() % 5)]
        var start = samples.startIndex
        while start < samples.endIndex {
            let end = min(samples.endIndex, start + 1 + Int(generator.next() % UInt64(longest)))
            hear(samples[start..<end], with: recognizer, &track)
            start = end
        }
    }
}
