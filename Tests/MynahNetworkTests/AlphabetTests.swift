import MynahBase
import MynahNetwork
import MynahTestSupport
import Testing

/// What a recurrent network learns is order: the alphabet shows it with 26 inputs and no sound.
@Suite struct AlphabetTests {
    @Test func namesTheThreeLettersAfterF() throws {
        var reciter = try AlphabetReciter(seed: 1)
        reciter.learn([.forward])
        #expect(reciter.continuation(of: "EF", count: 3) == "GHI")
        #expect(reciter.continuation(of: "AB", count: 24) == "CDEFGHIJKLMNOPQRSTUVWXYZ")
    }

    @Test func cannotReciteBackwardUntilTrainedBackward() throws {
        var reciter = try AlphabetReciter(seed: 1)
        reciter.learn([.forward])
        #expect(reciter.continuation(of: "GF", count: 3) == "GHI")
        reciter.learn([.forward, .backward])
        #expect(reciter.continuation(of: "GF", count: 3) == "EDC")
        #expect(reciter.continuation(of: "ZY", count: 24) == "XWVUTSRQPONMLKJIHGFEDCBA")
    }

    /// The last letter is the same in both: only the state can tell which way the recital goes.
    @Test func tellsTheDirectionByWhatCameBefore() throws {
        var reciter = try AlphabetReciter(seed: 2)
        reciter.learn([.forward, .backward])
        for middle in 2..<24 {
            let letter = AlphabetReciter.alphabet[middle]
            let (before, after) = (AlphabetReciter.alphabet[middle - 1], AlphabetReciter.alphabet[middle + 1])
            #expect(reciter.continuation(of: "\(before)\(letter)", count: 1) == "\(after)")
            #expect(reciter.continuation(of: "\(after)\(letter)", count: 1) == "\(before)")
        }
    }
}

/// A GRU that reads two letters and names the next one.
struct AlphabetReciter {
    enum Direction {
        case forward, backward
    }

    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    private static let network = NetworkDescription(
        inputSize: 26, layers: [.gru(hiddenSize: 32, bidirectional: false)], readOut: .last,
        classCount: 26)

    private var parameters: [Float]

    init(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        parameters = Self.network.initialParameters(using: &generator)
        pass = try NetworkPass(Self.network, frameCount: 2, batchSize: 1)
    }

    private let pass: NetworkPass

    /// Trains on every three neighbouring letters in the given directions, by plain gradient descent.
    mutating func learn(_ directions: [Direction]) {
        let sequences = directions.flatMap { direction in
            let letters = direction == .forward ? Array(0..<26) : Array((0..<26).reversed())
            return (0..<24).map { Array(letters[$0..<$0 + 3]) }
        }
        guard
            let pass = try? NetworkPass(Self.network, frameCount: 2, batchSize: sequences.count)
        else { return }
        for (clip, letters) in sequences.enumerated() {
            pass.setInput(clip: clip, features: letters.prefix(2).flatMap(Self.oneHot))
        }
        let labels = sequences.map { $0[2] }
        for _ in 0..<400 {
            var gradient = [Float](repeating: 0, count: parameters.count)
            let logits = pass.forward(parameters: parameters)
            pass.backward(
                logitsGradient: SoftmaxCrossEntropy.gradient(logits: logits, labels: labels, classCount: 26),
                gradient: &gradient)
            for index in parameters.indices {
                parameters[index] -= 3 / Float(labels.count) * gradient[index]
            }
        }
    }

    /// The letters that the network names after a prompt of two letters, each fed back as the next input.
    func continuation(of prompt: String, count: Int) -> String {
        var letters = prompt.compactMap(Self.alphabet.firstIndex(of:))
        for _ in 0..<count {
            pass.setInput(clip: 0, features: letters.suffix(2).flatMap(Self.oneHot))
            let logits = pass.forward(parameters: parameters)
            letters.append(logits.indices.max { logits[$0] < logits[$1] } ?? 0)
        }
        return String(letters.suffix(count).map { Self.alphabet[$0] })
    }

    private static func oneHot(_ letter: Int) -> [Float] {
        (0..<26).map { $0 == letter ? 1 : 0 }
    }
}
