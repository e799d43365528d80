import Foundation
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// One case of `Fixtures/sentences.json`, made by `Tools/make_sentence_goldens.py`.
struct SentenceGolden: Decodable, CustomTestStringConvertible {
    struct Sentence: Decodable {
        let rows: [Float]
        let label: Int
        let stepLabels: [Int]
        let logits: [Float]
        let stepLogits: [Float]
    }

    let network: NetworkDescription
    let parameters: [Float]
    let sentences: [Sentence]
    let loss: Double
    let gradient: [Float]

    var testDescription: String { "\(network.layers), read-out \(network.readOut)" }

    static let all: [SentenceGolden] = {
        struct File: Decodable {
            let cases: [SentenceGolden]
        }
        do {
            let url = try #require(
                Bundle.module.url(forResource: "Fixtures/sentences", withExtension: "json"))
            return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
        } catch {
            Issue.record(error)
            return []
        }
    }()

    /// Steps at which one of the sentences ends.
    var decisions: [Int] { Set(sentences.map { $0.stepLabels.count - 1 }).sorted() }

    /// All sentences as one batch, which is longer than any of them.
    func makePass(dropout: DropoutRates = DropoutRates()) throws -> NetworkPass {
        let longest = sentences.map(\.stepLabels.count).max() ?? 0
        let pass = try NetworkPass(
            network, frameCount: longest + 2, batchSize: sentences.count, dropout: dropout)
        for (clip, sentence) in sentences.enumerated() { pass.setInput(clip: clip, features: sentence.rows) }
        return pass
    }

    struct Outcome {
        var loss = 0.0
        var logits: [[Float]] = []
        var stepLogits: [[Float]] = []
        var gradient: [Float] = []
    }

    /// Both outputs, the sum of their losses, and its gradient.
    func run(_ parameters: [Float], in pass: NetworkPass, dropoutSeed: UInt64? = nil) -> Outcome {
        var generator = dropoutSeed.map { SeededGenerator(seed: $0) }
        let all = pass.forward(parameters: parameters, decisions: decisions, dropout: &generator)
        let steps = pass.stepLogits
        let (classCount, labelCount) = (network.classCount, network.stepClassCount ?? 0)
        var outcome = Outcome()
        var gradient = [Float](repeating: 0, count: all.count)
        var stepGradient = [Float](repeating: 0, count: steps.count)
        for (clip, sentence) in sentences.enumerated() {
            let length = sentence.stepLabels.count
            guard let decision = decisions.firstIndex(of: length - 1) else { continue }
            let row = decision * sentences.count + clip
            let logits = Array(all[row * classCount..<(row + 1) * classCount])
            outcome.logits.append(logits)
            outcome.loss += SoftmaxCrossEntropy.loss(
                logits: logits, labels: [sentence.label], classCount: classCount)
            gradient.replaceSubrange(
                row * classCount..<(row + 1) * classCount,
                with: SoftmaxCrossEntropy.gradient(
                    logits: logits, labels: [sentence.label], classCount: classCount))
            var own: [Float] = []
            for step in 0..<length {
                let start = (step * sentences.count + clip) * labelCount
                own += steps[start..<start + labelCount]
            }
            outcome.stepLogits.append(own)
            outcome.loss += SoftmaxCrossEntropy.loss(
                logits: own, labels: sentence.stepLabels, classCount: labelCount)
            let ownGradient = SoftmaxCrossEntropy.gradient(
                logits: own, labels: sentence.stepLabels, classCount: labelCount)
            for step in 0..<length {
                let start = (step * sentences.count + clip) * labelCount
                stepGradient.replaceSubrange(
                    start..<start + labelCount, with: ownGradient[step * labelCount..<(step + 1) * labelCount]
                )
            }
        }
        outcome.gradient = [Float](repeating: 0, count: parameters.count)
        pass.backward(
            logitsGradient: gradient, stepLogitsGradient: stepGradient, gradient: &outcome.gradient)
        return outcome
    }
}

/// Networks that read rows of a table, and label their steps beside the decision.
@Suite struct SentenceNetworkTests {
    @Test(arguments: SentenceGolden.all)
    func bothOutputsAndTheLossEqualPyTorch(_ golden: SentenceGolden) throws {
        let outcome = golden.run(golden.parameters, in: try golden.makePass())
        #expect(outcome.logits.count == golden.sentences.count)
        for (index, sentence) in golden.sentences.enumerated() {
            expectClose(outcome.logits[index], sentence.logits, tolerance: 2e-5, "logit")
            expectClose(outcome.stepLogits[index], sentence.stepLogits, tolerance: 2e-5, "logit of a step")
        }
        #expect(abs(outcome.loss - golden.loss) < 1e-4)
    }

    @Test(arguments: SentenceGolden.all)
    func gradientsEqualPyTorch(_ golden: SentenceGolden) throws {
        let gradient = golden.run(golden.parameters, in: try golden.makePass()).gradient
        for tensor in golden.network.parameterLayout.entries {
            let expected = Array(golden.gradient[tensor.range])
            let size = expected.map(abs).max() ?? 0
            expectClose(
                Array(gradient[tensor.range]), expected, tolerance: max(1e-4 * size, 1e-6), tensor.name)
        }
    }

    /// With dropout behind table and layers the same masks must act in both passes.
    @Test(arguments: SentenceGolden.all, [DropoutRates(), DropoutRates(layers: 0.4, recurrent: 0.3)])
    func gradientsEqualCentralDifferences(_ golden: SentenceGolden, _ dropout: DropoutRates) throws {
        let pass = try golden.makePass(dropout: dropout)
        let errors = gradientErrors(
            parameters: golden.parameters,
            analytic: golden.run(golden.parameters, in: pass, dropoutSeed: 4).gradient,
            tensors: golden.network.parameterLayout.entries.map { ($0.name, $0.range) }, step: 0.03
        ) { golden.run($0, in: pass, dropoutSeed: 4).loss }
        for error in errors { #expect(error.relative <= 1e-3, "gradient of \(error.name)") }
    }

    /// Rows that no sentence names learn nothing.
    @Test func rowsThatAreNotNamedHaveNoGradient() throws {
        let golden = try #require(SentenceGolden.all.first)
        let gradient = golden.run(golden.parameters, in: try golden.makePass()).gradient
        let named = Set(golden.sentences.flatMap(\.rows).filter { $0 >= 0 }.map { Int($0) })
        let table = golden.network.parameterLayout["layers.0.vectors"]
        #expect(named.count < table.outputs)
        for row in 0..<table.outputs {
            let own = gradient[
                table.range.lowerBound + row * table.fanIn..<table.range.lowerBound + (row + 1) * table.fanIn]
            #expect(own.contains { $0 != 0 } == named.contains(row), "row \(row)")
        }
    }

    @Test func theTableMustBeTheFirstLayer() {
        let table = LayerDescription.embedding(EmbeddingDescription(rows: 5, size: 4))
        func network(_ layers: [LayerDescription], labels: Int? = 3) -> NetworkDescription {
            NetworkDescription(
                inputSize: 2, layers: layers, readOut: .last, classCount: 2, stepClassCount: labels)
        }
        #expect(throws: Never.self) {
            try network([table, .gru(hiddenSize: 3, bidirectional: true)]).validate()
        }
        #expect(throws: NetworkError.behindLayer(layer: 1, type: "embedding")) {
            try network([.gru(hiddenSize: 3, bidirectional: false), table]).validate()
        }
        for rows in [0, -1, EmbeddingDescription.maximumRows + 1] {
            #expect(throws: NetworkError.self) {
                try network([.embedding(EmbeddingDescription(rows: rows, size: 4))]).validate()
            }
        }
        #expect(throws: NetworkError.self) { try network([table], labels: 0).validate() }
    }

    /// A number that is no row is a mistake of the programmer, and is not read as one.
    @Test func aRowBehindTheTableTraps() async {
        await #expect(processExitsWith: .failure) {
            let network = NetworkDescription(
                inputSize: 1, layers: [.embedding(EmbeddingDescription(rows: 5, size: 4))], readOut: .mean,
                classCount: 2)
            var generator = SeededGenerator(seed: 1)
            let parameters = network.initialParameters(using: &generator)
            let pass = try NetworkPass(network, frameCount: 1, batchSize: 1)
            pass.setInput(clip: 0, features: [5])
            _ = pass.forward(parameters: parameters)
        }
    }

    @Test func theDescriptionSurvivesJSON() throws {
        for golden in SentenceGolden.all {
            let again = try JSONDecoder().decode(
                NetworkDescription.self, from: JSONEncoder().encode(golden.network))
            #expect(again == golden.network)
        }
        // Networks without labels of steps are written as they always were.
        let plain = NetworkDescription(
            inputSize: 2, layers: [.gru(hiddenSize: 3, bidirectional: false)], readOut: .last, classCount: 2)
        #expect(!String(decoding: try JSONEncoder().encode(plain), as: UTF8.self).contains("step"))
    }
}
