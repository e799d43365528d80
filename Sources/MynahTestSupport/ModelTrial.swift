import MynahAudio
import MynahFeatures
import MynahModel
import MynahNetwork
import MynahRecognition

/// Reads a model file that may lie, and uses the model for all that models are for.
package enum ModelTrial {
    /// Reads the file, and recognizes with the model if that is quick.
    ///
    /// - Returns: `used`, `large` for a sound model that would take long, or the name of the error case with which it was
    ///   refused; nil for an error of several lines.
    package static func outcome(of bytes: [UInt8]) -> String? {
        let model: CommandModel
        do {
            model = try CommandModel(bytes: bytes.span.bytes, name: "model")
        } catch {
            guard !error.description.isEmpty, !error.description.contains(where: \.isNewline) else {
                return nil
            }
            guard case .invalidModel(_, let fault) = error else { return name(of: error) }
            return name(of: fault)
        }
        guard isQuick(model) else { return "large" }
        do {
            try use(model)
            return "used"
        } catch {
            guard !error.description.contains(where: \.isNewline) else { return nil }
            return "unusable"
        }
    }

    private static func name(of error: any Error) -> String {
        Mirror(reflecting: error).children.first?.label ?? "\(error)"
    }

    private static func isQuick(_ model: CommandModel) -> Bool {
        let frameCount = model.frontEnd.frameCount(sampleCount: model.clipSampleCount)
        return model.clipSampleCount <= 100_000 && frameCount <= 2_000
            && frameCount * model.frontEnd.fftLength <= 1 << 22
            && frameCount * model.network.multiplyAccumulatesPerFrame <= 20_000_000
            && frameCount * model.network.multiplyAccumulatesPerDecision <= 20_000_000
    }

    private static func use(_ model: CommandModel) throws(RecognitionError) {
        let sound = SyntheticSignal.noise(sampleCount: model.clipSampleCount * 3 / 2, seed: 1, amplitude: 0.3)
        let rate = model.frontEnd.sampleRate
        let recognition = try Recognizer(model: model).recognize(Waveform(samples: sound, sampleRate: rate))
        precondition(recognition.posteriors.count == model.labels.count, "a label is lost")
        do throws(RecognitionError) {
            let stream = try StreamingRecognizer(model: model)
            stream.push(sound.span)
            stream.finish()
            _ = try ClipTrace(sound, model: model)
        } catch {
            // Not every network can follow a stream, nor every front end.
            guard name(of: error) == "network" || name(of: error) == "frontEnd" else { throw error }
        }
    }
}
