/// Memory for the numbers of a computation, allocated once and used again and again.
package typealias FloatBuffer = NumberBuffer<Float>

/// Memory for numbers of one kind, each of which is zero where all its bytes are.
package struct NumberBuffer<Number: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    /// First number, on a 64-byte boundary so that no vector load crosses a cache line.
    package let base: UnsafeMutablePointer<Number>

    /// How many there are.
    package let count: Int

    /// Allocates `count` zeros; none take no memory.
    @inlinable package init(count: Int) {
        self.count = count
        guard count > 0 else {
            base = Padding.base.assumingMemoryBound(to: Number.self)
            return
        }
        let size = MemoryLayout<Number>.stride
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: count * size + Padding.slack, alignment: Padding.slack)
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: count * size + Padding.slack)
        base = bytes.bindMemory(to: Number.self, capacity: count + Padding.slack / size)
    }

    @inlinable deinit {
        guard count > 0 else { return }
        UnsafeMutableRawPointer(base).deallocate()
    }

    /// Makes room for at least `count` numbers; when there was less, all become zero.
    @inlinable package mutating func ensure(count: Int) {
        if self.count < count { self = NumberBuffer(count: count) }
    }
}

/// The zeros after the last number of a buffer, and the place of all empty buffers; never written to.
@usableFromInline enum Padding {
    /// Bytes of zeros after the last number, so that a loop may read whole vectors past it.
    @usableFromInline static let slack = 64

    @usableFromInline nonisolated(unsafe) static let base = UnsafeMutableRawPointer.allocate(
        byteCount: slack, alignment: slack)
}

extension NumberBuffer<Float> {
    /// Allocates a copy of `values`.
    package init(_ values: [Float]) {
        self.init(count: values.count)
        base.update(from: values, count: values.count)
    }

    /// Sets all values to zero.
    @inlinable package func clear() {
        base.update(repeating: 0, count: count)
    }
}
