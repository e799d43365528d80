import MynahFeatures
import MynahModel
import MynahNetwork

/// A speech model that hears stretches of sound.
///
/// One thread uses it at a time; any number of them share a model.
final class Speller {
    /// The model.
    let speech: SpeechModel

    private var extractor: FeatureExtractor

    /// Prepares to hear sound at the rate of a command model.
    ///
    /// - Throws: ``RecognitionError/unusableModel(reason:)`` where the speech model hears another rate.
    init(_ speech: SpeechModel, sampleRate: Int) throws(RecognitionError) {
        guard speech.frontEnd.sampleRate == sampleRate else {
            throw .unusableModel(
                reason: """
                    the speech model hears \(speech.frontEnd.sampleRate) Hz, the model of commands \(sampleRate) Hz, expected \
                    the same
                    """)
        }
        self.speech = speech
        do {
            extractor = try FeatureExtractor(speech.frontEnd)
        } catch {
            throw .frontEnd(error)
        }
    }

    /// What the network says at each step, `[T, C]`, row-major; nothing where the sound is shorter than a step.
    ///
    /// - Parameter samples: what is behind the first `SpeechModel.maximumSeconds` of them is not heard.
    func logits(of samples: [Float]) -> [Float] {
        let limit = Int(SpeechModel.maximumSeconds * Double(speech.frontEnd.sampleRate))
        var features = extractor.features(of: Array(samples.prefix(limit)))
        guard speech.network.stepCount(frameCount: features.frameCount) > 0 else { return [] }
        speech.normalizer.normalize(&features)
        return speech.preparedNetwork.frameLogits(of: [features.values])[0]
    }

    /// What the network says at each step, without boundaries between words: what is as probable as one spells nothing.
    ///
    /// A word by itself has no boundaries that matter, and what a network takes for one differs from voice to voice.
    func lettersAlone(in logits: [Float]) -> LetterLogits {
        LetterLogits(
            logits, classCount: speech.network.classCount,
            boundary: speech.symbols.boundaryClass)
    }
}
