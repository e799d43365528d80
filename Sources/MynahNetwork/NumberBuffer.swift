internal import CVectorMath

/// Memory for activations and gradients, allocated once and reused for every batch.
typealias FloatBuffer = NumberBuffer<Float>

/// Memory for numbers of one kind, each of which is zero where all its bytes are.
struct NumberBuffer<Number: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    /// First number, on a 64-byte boundary so that no vector load crosses a cache line.
    let base: UnsafeMutablePointer<Number>

    /// How many there are.
    let count: Int

    /// Allocates `count` zeros; none take no memory.
    init(count: Int) {
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

    deinit {
        guard count > 0 else { return }
        UnsafeMutableRawPointer(base).deallocate()
    }

    /// Makes room for at least `count` numbers; when there was less, all become zero.
    mutating func ensure(count: Int) {
        if self.count < count { self = NumberBuffer(count: count) }
    }
}

/// The zeros after the last number of a buffer, and the place of all empty buffers; never written to.
private enum Padding {
    /// Bytes of zeros after the last number, so that a loop may read whole vectors past it.
    static let slack = 64

    nonisolated(unsafe) static let base = UnsafeMutableRawPointer.allocate(
        byteCount: slack, alignment: slack)
}

extension NumberBuffer<Float> {
    /// All values as a matrix of `columns` columns.
    func matrix(columns: Int) -> MatrixView {
        MatrixView(base: base, rows: count / columns, columns: columns)
    }

    /// Sets all values to zero.
    func clear() {
        base.update(repeating: 0, count: count)
    }
}

/// A row-major matrix in memory that someone else owns and keeps alive.
struct MatrixView {
    /// First value of the first row.
    let base: UnsafeMutablePointer<Float>

    /// Number of rows.
    let rows: Int

    /// Values per row that belong to the matrix.
    let columns: Int

    /// Distance between the first values of two rows; at least `columns`.
    let stride: Int

    init(base: UnsafeMutablePointer<Float>, rows: Int, columns: Int, stride: Int? = nil) {
        self.base = base
        self.rows = rows
        self.columns = columns
        self.stride = stride ?? columns
    }

    /// `[rows, columns]` for messages.
    var shape: String { "[\(rows), \(columns)]" }

    /// The rows of a range.
    subscript(rows range: Range<Int>) -> MatrixView {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of a matrix \(shape)")
        return MatrixView(
            base: base + range.lowerBound * stride, rows: range.count, columns: columns, stride: stride)
    }

    /// The columns of a range.
    subscript(columns range: Range<Int>) -> MatrixView {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= columns,
            "columns \(range) of a matrix \(shape)")
        return MatrixView(
            base: base + range.lowerBound, rows: rows, columns: range.count, stride: stride)
    }

    /// Sets all values to zero.
    func clear() {
        for row in 0..<rows {
            (base + row * stride).update(repeating: 0, count: columns)
        }
    }

    /// Copies all values from a matrix of the same shape.
    func copy(from other: MatrixView) {
        precondition(
            rows == other.rows && columns == other.columns, "copy of \(other.shape) into \(shape)")
        if stride == columns && other.stride == columns {
            base.update(from: other.base, count: rows * columns)
            return
        }
        for row in 0..<rows {
            (base + row * stride).update(from: other.base + row * other.stride, count: columns)
        }
    }

    /// Adds the values of a matrix of the same shape.
    func add(_ other: MatrixView) {
        precondition(
            rows == other.rows && columns == other.columns, "sum of \(shape) and \(other.shape)")
        if stride == columns && other.stride == columns {
            mynah_add(base, other.base, rows * columns)
            return
        }
        for row in 0..<rows {
            mynah_add(base + row * stride, other.base + row * other.stride, columns)
        }
    }

    /// Multiplies each value by a factor.
    func scale(by factor: Float) {
        for row in 0..<rows {
            mynah_scale(base + row * stride, factor, columns)
        }
    }

    /// Adds to each column its sum over the rows of this matrix.
    func addColumnSums(to sums: UnsafeMutablePointer<Float>) {
        for row in 0..<rows {
            mynah_add(sums, base + row * stride, columns)
        }
    }

    /// Sets each row to the same values.
    func fillRows(with row: UnsafePointer<Float>) {
        for index in 0..<rows {
            (base + index * stride).update(from: row, count: columns)
        }
    }
}

extension UnsafeMutablePointer<Float> {
    /// A tensor of the flat array that starts here, as a matrix: its first dimension makes the rows.
    func matrix(_ entry: ParameterLayout.Entry) -> MatrixView {
        MatrixView(base: self + entry.range.lowerBound, rows: entry.outputs, columns: entry.fanIn)
    }
}
