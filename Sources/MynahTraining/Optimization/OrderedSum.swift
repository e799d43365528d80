import Synchronization

/// A weighted sum of gradients that are ready in any order, and are added in the order of their numbers: what is rounded
/// does not depend on who was faster.
final class OrderedSum: Sendable {
    private struct State {
        var sum: [Float]
        var next = 0
        var waiting: [Int: [Float]] = [:]
    }

    private let state: Mutex<State>
    private let factor: Float

    /// Begins with zero.
    ///
    /// - Parameters:
    ///   - count: values of each gradient.
    ///   - factor: what each is multiplied by.
    init(count: Int, factor: Float) {
        state = Mutex(State(sum: [Float](repeating: 0, count: count)))
        self.factor = factor
    }

    /// Adds the gradient of a number, from 0 on; each number once.
    func add(_ gradient: [Float], number: Int) {
        state.withLock { state in
            state.waiting[number] = gradient
            while let ready = state.waiting.removeValue(forKey: state.next) {
                state.sum.add(ready, times: factor)
                state.next += 1
            }
        }
    }

    /// The sum; traps while a gradient waits for one before it.
    var total: [Float] {
        state.withLock { state in
            precondition(state.waiting.isEmpty, "gradient \(state.next) is missing")
            return state.sum
        }
    }
}
