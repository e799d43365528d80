import MynahBase
import MynahLanguage
package import MynahModel
import MynahNetwork

/// The promises that Mynah makes of a model of intents, tried out: the file is read as it was written, and a sentence is read
/// the same alone and among longer ones.
package struct IntentVerification: Sendable {
    /// The model.
    package let model: IntentModel

    /// Seed of the sentences.
    package var seed: UInt64 = 1

    /// Prepares to verify a model.
    package init(_ model: IntentModel) {
        self.model = model
    }

    /// Makes all checks.
    ///
    /// - Parameter onCheck: called with each result, in the same order for every model.
    package func run(_ onCheck: (VerificationCheck) -> Void) {
        onCheck(fileCheck())
        onCheck(batchCheck())
    }

    private func fileCheck() -> VerificationCheck {
        let name = "model file"
        let bytes = model.fileBytes
        do throws(ModelError) {
            let again = try IntentModel(bytes: bytes.span.bytes, name: "the model as written")
            return VerificationCheck(
                name, again.hash == model.hash && again.parameters == model.parameters,
                "\(NumberText.grouped(bytes.count)) bytes are read and written unchanged, SHA-256 \(model.hash)"
            )
        } catch {
            return VerificationCheck(name, false, error.description)
        }
    }

    /// Sentences of unequal length, each alone and all in one batch.
    private func batchCheck() -> VerificationCheck {
        let name = "batch equals single"
        var generator = SeededGenerator(seed: seed)
        let sentences = [3, 9, 5].map { count in
            (0..<count).flatMap { _ in
                let known = model.words.words
                // A word that the model knows, and one that it does not.
                let text =
                    known.isEmpty || generator.uniform() < 0.3
                    ? "w\(generator.index(below: 1_000))" : known[generator.index(below: known.count)]
                return model.words.rows(of: Word(text: text, shape: .lower))
            }
        }
        let together = posteriors(of: sentences)
        var largest: Float = 0
        for (sentence, shared) in zip(sentences, together) {
            largest = max(largest, StreamVerification.difference(posteriors(of: [sentence])[0], shared))
        }
        return VerificationCheck(
            name, largest <= ModelVerification.tolerance,
            """
            posteriors of \(sentences.count) sentences of unequal length and of their words differ by at most \
            \(NumberText.scientific(largest)) (limit \(NumberText.scientific(ModelVerification.tolerance)))
            """)
    }

    /// Posteriors of the intents, and of the labels of all words, of some sentences in one batch.
    private func posteriors(of sentences: [[Float]]) -> [[Float]] {
        let counts = sentences.map { $0.count / WordTable.rowsPerWord }
        let pass: NetworkPass
        do {
            pass = try NetworkPass(
                model.network, frameCount: counts.max() ?? 0, batchSize: sentences.count)
        } catch {
            preconditionFailure("the network was validated with the model: \(error)")
        }
        for (clip, rows) in sentences.enumerated() { pass.setInput(clip: clip, features: rows) }
        let decisions = Set(counts.map { $0 - 1 }).sorted()
        let logits = pass.forward(model.preparedNetwork, decisions: decisions)
        let (classCount, labelCount) = (model.network.classCount, model.network.stepClassCount ?? 0)
        return counts.enumerated().map { clip, count in
            let row = (decisions.firstIndex(of: count - 1) ?? 0) * sentences.count + clip
            var labels: [Float] = []
            for step in 0..<count {
                let start = (step * sentences.count + clip) * labelCount
                labels += pass.stepLogits[start..<start + labelCount]
            }
            return SoftmaxCrossEntropy.softmax(
                Array(logits[row * classCount..<(row + 1) * classCount]), classCount: classCount)
                + SoftmaxCrossEntropy.softmax(labels, classCount: labelCount)
        }
    }
}
