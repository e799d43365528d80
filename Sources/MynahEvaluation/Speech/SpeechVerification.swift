import MynahBase
import MynahData
import MynahFeatures
package import MynahModel
import MynahNetwork
package import MynahRecognition

/// The promises that Mynah makes of a speech model, tried out: a sentence is spelled the same alone and among others, and a
/// causal model spells a stream as it spells a recording.
package struct SpeechVerification: Sendable {
    /// The model.
    package let model: SpeechModel

    /// Seed of sound and cuts.
    package var seed: UInt64 = 1

    /// Prepares to verify a model.
    package init(_ model: SpeechModel) {
        self.model = model
    }

    /// Makes all checks.
    ///
    /// - Parameter onCheck: called with each result, in the same order for every model.
    /// - Throws: `RecognitionError` when the front end of the model cannot be built.
    package func run(_ onCheck: (VerificationCheck) -> Void) throws(RecognitionError) {
        onCheck(VerificationCheck(rereading: model))
        let frontEnd = FrontEndVerification(model.frontEnd, hash: model.frontEndHash)
        onCheck(frontEnd.settingsCheck())
        onCheck(try frontEnd.featureCheck())
        onCheck(try batchCheck())
        onCheck(try streamCheck())
    }

    /// Sounds of unequal length, each alone and all in one batch.
    private func batchCheck() throws(RecognitionError) -> VerificationCheck {
        var clips: [[Float]] = []
        for (number, seconds) in [7.5, 3, 11].enumerated() {
            clips.append(try features(of: sound(seconds: seconds, number: number)))
        }
        let together = model.preparedNetwork.frameLogits(of: clips)
        var largest: Float = 0
        for (clip, logits) in zip(clips, together) {
            largest = max(largest, difference(model.preparedNetwork.frameLogits(of: [clip])[0], logits))
        }
        return VerificationCheck(
            "batch equals single", largest <= ModelVerification.tolerance,
            "posteriors of \(clips.count) sounds differ by at most \(tolerated(largest))")
    }

    /// A sound in one piece, and cut at random.
    private func streamCheck() throws(RecognitionError) -> VerificationCheck {
        let name = "stream equals clip"
        func skipped(_ reason: String) -> VerificationCheck {
            VerificationCheck(
                name: name, outcome: .skipped,
                detail: "the model cannot follow a stream, so there is nothing to compare: \(reason)")
        }
        if let obstacle = model.network.streamingObstacle(behind: model.frontEnd) { return skipped(obstacle) }
        let samples = sound(seconds: 6, number: 3)
        let expected = model.preparedNetwork.frameLogits(of: [try features(of: samples)])[0]
        var heard: [Float] = []
        let stream: NetworkStream
        var extractor: StreamingFeatureExtractor
        do {
            stream = try NetworkStream(model.preparedNetwork, windowFrames: model.network.timeStride)
            extractor = try StreamingFeatureExtractor(model.frontEnd)
        } catch let error as FeatureError {
            throw .frontEnd(error)
        } catch {
            return skipped("\(error)")
        }
        func hear(_ frame: Span<Float>) {
            var features = FeatureMatrix(featureCount: frame.count)
            features.append(row: frame)
            model.normalizer.normalize(&features)
            if stream.step(features.values.span) { heard += stream.logits }
        }
        var generator = SeededGenerator(seed: seed, 4)
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + 1 + generator.index(below: 3_000))
            extractor.push(samples.span.extracting(start..<end), onFrame: hear)
            start = end
        }
        extractor.finish(onFrame: hear)
        let largest = difference(expected, heard)
        return VerificationCheck(
            name, largest <= ModelVerification.tolerance,
            "posteriors at all \(expected.count / model.network.classCount) steps of a sound differ by at most "
                + tolerated(largest))
    }

    private func tolerated(_ difference: Float) -> String {
        "\(NumberText.scientific(difference)) (limit \(NumberText.scientific(ModelVerification.tolerance)))"
    }

    /// The largest difference of the posteriors that logits stand for; infinite where there are not as many, or one is no
    /// number.
    private func difference(_ first: [Float], _ second: [Float]) -> Float {
        guard first.count == second.count else { return .infinity }
        let classCount = model.network.classCount
        return StreamVerification.difference(
            SoftmaxCrossEntropy.softmax(first, classCount: classCount),
            SoftmaxCrossEntropy.softmax(second, classCount: classCount))
    }

    /// A sound of some seconds; longer where that would give the network less than two steps, but never longer than a model
    /// can be run over at once, which is a step at least.
    private func sound(seconds: Double, number: Int) -> [Float] {
        let framing = model.frontEnd.framing
        let rate = Double(model.frontEnd.sampleRate)
        let twoSteps = framing.frameLengthSamples + 2 * model.network.timeStride * framing.frameShiftSamples
        let count = min(Int(SpeechModel.maximumSeconds * rate), max(Int(seconds * rate), twoSteps))
        var sound = VerificationSound(seed: seed &+ UInt64(number), sampleRate: model.frontEnd.sampleRate)
        return sound.samples(count)
    }

    private func features(of samples: [Float]) throws(RecognitionError) -> [Float] {
        do {
            var extractor = try FeatureExtractor(model.frontEnd)
            var features = extractor.features(of: samples)
            model.normalizer.normalize(&features)
            return features.values
        } catch {
            throw .frontEnd(error)
        }
    }
}
