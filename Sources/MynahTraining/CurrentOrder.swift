import Synchronization

/// The order of the examples in the epoch that is being trained, which is made once for all its batches.
final class CurrentOrder: Sendable {
    private let current = Mutex<(epoch: Int, order: [Int])>((-1, []))

    /// The order of an epoch.
    func order(epoch: Int, make: () -> [Int]) -> [Int] {
        current.withLock { current in
            if current.epoch != epoch { current = (epoch, make()) }
            return current.order
        }
    }
}
