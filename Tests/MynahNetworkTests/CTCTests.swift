import Foundation
import MynahBase
import MynahTestSupport
import Testing

@testable import MynahNetwork

/// One case of `Fixtures/ctc.json`, made by `Tools/make_ctc_goldens.py`.
struct CTCGolden: Decodable, CustomTestStringConvertible {
    let name: String
    let classCount: Int
    let blank: Int
    let stepCounts: [Int]
    let symbols: [[Int]]
    let logits: [Float]
    let losses: [Double?]
    let gradient: [Double]
    let paths: [[Int]?]

    var testDescription: String { name }

    var loss: CTCLoss { CTCLoss(classCount: classCount, blank: blank) }

    func evaluate() -> CTCLoss.Result {
        loss.evaluate(logits: logits, stepCounts: stepCounts, symbols: symbols)
    }

    static let all: [CTCGolden] = {
        struct File: Decodable {
            let cases: [CTCGolden]
        }
        do {
            let url = try #require(Bundle.module.url(forResource: "Fixtures/ctc", withExtension: "json"))
            return try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).cases
        } catch {
            Issue.record(error)
            return []
        }
    }()
}

@Suite struct CTCLossTests {
    @Test(arguments: CTCGolden.all)
    func lossesEqualPyTorch(_ golden: CTCGolden) {
        for (loss, expected) in zip(golden.evaluate().losses, golden.losses) {
            guard let expected else {
                #expect(loss == .infinity)
                continue
            }
            #expect(abs(loss - expected) <= 1e-7 * abs(expected))
        }
    }

    /// To the bit: validation computes them without a gradient.
    @Test(arguments: CTCGolden.all)
    func lossesAloneAreTheSame(_ golden: CTCGolden) {
        let alone = golden.loss.losses(
            logits: golden.logits, stepCounts: golden.stepCounts, symbols: golden.symbols)
        #expect(alone.map(\.bitPattern) == golden.evaluate().losses.map(\.bitPattern))
    }

    @Test(arguments: CTCGolden.all)
    func gradientsEqualPyTorch(_ golden: CTCGolden) {
        let gradient = golden.evaluate().gradient
        #expect(gradient.count == golden.gradient.count)
        var largest = 0.0
        for (value, expected) in zip(gradient, golden.gradient) {
            largest = max(largest, abs(Double(value) - expected) / max(1e-3, abs(expected)))
        }
        #expect(largest <= 1e-5)
    }

    @Test func gradientsEqualCentralDifferences() throws {
        let golden = try #require(CTCGolden.all.first)
        let errors = gradientErrors(
            parameters: golden.logits, analytic: golden.evaluate().gradient,
            tensors: [("logits", golden.logits.indices)]
        ) { logits in
            golden.loss.evaluate(logits: logits, stepCounts: golden.stepCounts, symbols: golden.symbols)
                .losses
                .reduce(0, +)
        }
        #expect(errors[0].relative <= 1e-3)
    }

    /// All ways to spell two symbols in four steps, counted by hand.
    @Test func equalPosteriorsCountTheWays() {
        // Of the 3⁴ ways to name four steps, 15 spell "1 2": each symbol for one to three steps, blanks around them.
        let ways = (0..<81).count { number in
            let steps = [number / 27, number / 9 % 3, number / 3 % 3, number % 3]
            let scores = steps.flatMap { step in (0..<3).map { Float($0 == step ? 1 : 0) } }
            return ctcGreedySymbols(scores, classCount: 3) == [1, 2]
        }
        let result = CTCLoss(classCount: 3).evaluate(
            logits: [Float](repeating: 0, count: 12), stepCounts: [4], symbols: [[1, 2]])
        #expect(abs(result.losses[0] + log(Double(ways) / 81)) < 1e-12)
    }

    /// A clip costs the same whatever stands behind it and beside it, to the bit.
    @Test func paddingAndNeighboursChangeNothing() throws {
        let golden = try #require(CTCGolden.all.first)
        let whole = golden.evaluate()
        let batchSize = golden.stepCounts.count
        for clip in 0..<batchSize {
            let steps = golden.stepCounts[clip]
            let rows = (0..<steps).flatMap { step in
                let start = (step * batchSize + clip) * golden.classCount
                return golden.logits[start..<start + golden.classCount]
            }
            let alone = golden.loss.evaluate(
                logits: rows + [Float](repeating: .nan, count: 5 * golden.classCount), stepCounts: [steps],
                symbols: [golden.symbols[clip]])
            #expect(alone.losses == [whole.losses[clip]])
            for step in 0..<steps {
                let start = (step * batchSize + clip) * golden.classCount
                #expect(
                    alone.gradient[step * golden.classCount..<(step + 1) * golden.classCount]
                        .elementsEqual(whole.gradient[start..<start + golden.classCount]))
            }
            #expect(alone.gradient[(steps * golden.classCount)...].allSatisfy { $0 == 0 })
        }
    }

    /// What is no number must be seen, not taken for a text that is too long.
    @Test func aLogitThatIsNoNumberGivesALossThatIsNone() {
        var logits = [Float](repeating: 0, count: 12)
        logits[4] = .nan
        let result = CTCLoss(classCount: 3).evaluate(logits: logits, stepCounts: [4], symbols: [[1]])
        #expect(result.losses[0].isNaN)
        #expect(result.gradient.allSatisfy { $0 == 0 })
    }

    @Test func aTextNeedsAStepForEachSymbolAndForEachBlankBetweenEqualOnes() {
        #expect(CTCLoss.minimumStepCount(of: []) == 0)
        #expect(CTCLoss.minimumStepCount(of: [1, 2, 1]) == 3)
        #expect(CTCLoss.minimumStepCount(of: [1, 1, 1, 2, 2]) == 8)
    }
}

@Suite struct CTCAlignmentTests {
    /// On the same posteriors the path is that of torchaudio's `forced_align`.
    @Test(arguments: CTCGolden.all)
    func pathsEqualTorchaudio(_ golden: CTCGolden) {
        let batchSize = golden.stepCounts.count
        for clip in 0..<batchSize {
            let logits = (0..<golden.stepCounts[clip]).flatMap { step in
                let start = (step * batchSize + clip) * golden.classCount
                return golden.logits[start..<start + golden.classCount]
            }
            let alignment = CTCAlignment(
                of: golden.symbols[clip],
                logPosteriors: ctcLogPosteriors(logits, classCount: golden.classCount),
                classCount: golden.classCount, blank: golden.blank)
            // An empty text, which torchaudio does not take, is spelled by blanks.
            let blanks = [Int](repeating: golden.blank, count: golden.stepCounts[clip])
            #expect(alignment?.classes == (golden.symbols[clip].isEmpty ? blanks : golden.paths[clip]))
        }
    }

    /// The best of all ways, tried one by one.
    @Test(arguments: [[1], [1, 2], [1, 1], [2, 1, 2], []])
    func thePathIsTheMostProbableOfAll(_ symbols: [Int]) throws {
        let (classCount, stepCount) = (3, 6)
        var generator = SeededGenerator(seed: 3)
        let logits = (0..<classCount * stepCount).map { _ in 6 * generator.uniform() }
        let posteriors = ctcLogPosteriors(logits, classCount: classCount)
        var best = (score: -Double.infinity, classes: [Int]())
        for number in 0..<729 {
            var rest = number
            let classes = (0..<stepCount).map { _ in
                defer { rest /= 3 }
                return rest % 3
            }
            let named = classes.flatMap { step in (0..<3).map { Float($0 == step ? 1 : 0) } }
            guard ctcGreedySymbols(named, classCount: 3) == symbols else { continue }
            let score = classes.indices.reduce(0) { $0 + posteriors[$1 * classCount + classes[$1]] }
            if score > best.score { best = (score, classes) }
        }
        let alignment = try #require(
            CTCAlignment(of: symbols, logPosteriors: posteriors, classCount: classCount))
        #expect(alignment.classes == best.classes)
        #expect(abs(alignment.logLikelihood - best.score) < 1e-12)
        #expect(alignment.spans.map(\.index) == Array(symbols.indices))
        for (span, symbol) in zip(alignment.spans, symbols) {
            #expect(span.steps.allSatisfy { alignment.classes[$0] == symbol })
            #expect((0...1).contains(span.confidence))
        }
    }

    @Test func aTextThatIsTooLongHasNoPath() {
        let posteriors = [Double](repeating: -1, count: 9)
        #expect(CTCAlignment(of: [1, 1, 2], logPosteriors: posteriors, classCount: 3) == nil)
        #expect(CTCAlignment(of: [1, 2, 1], logPosteriors: posteriors, classCount: 3)?.classes == [1, 2, 1])
    }

    @Test func aPathOfNoProbabilityIsNone() {
        let posteriors = [Double](repeating: -.infinity, count: 9)
        #expect(CTCAlignment(of: [1], logPosteriors: posteriors, classCount: 3) == nil)
    }

    @Test func greedyDecodingTakesRepetitionsOnceAndLeavesBlanksOut() {
        let classes = [0, 1, 1, 0, 1, 2, 2, 0, 0]
        let scores = classes.flatMap { step in (0..<3).map { Float($0 == step ? 1 : 0) } }
        #expect(ctcGreedySymbols(scores, classCount: 3) == [1, 1, 2])
        #expect(ctcGreedySymbols([0, 0, 0], classCount: 3).isEmpty)
    }
}
