import Synchronization

/// Counts what several threads have done.
final class AtomicCounter: Sendable {
    private let value = Atomic(0)

    /// One more; returns how many there are now.
    func increment() -> Int { value.wrappingAdd(1, ordering: .relaxed).newValue }
}
