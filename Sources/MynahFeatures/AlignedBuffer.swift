/// A fixed number of floats on a 64-byte boundary, zero at first.
struct AlignedBuffer: ~Copyable {
    let pointer: UnsafeMutablePointer<Float>
    let count: Int

    init(count: Int) {
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: max(1, count) * MemoryLayout<Float>.stride, alignment: 64)
        pointer = bytes.bindMemory(to: Float.self, capacity: count)
        pointer.initialize(repeating: 0, count: count)
        self.count = count
    }

    init(_ values: [Float]) {
        self.init(count: values.count)
        for (index, value) in values.enumerated() { pointer[index] = value }
    }

    deinit { pointer.deallocate() }
}
