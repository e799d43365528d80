internal import CVectorMath
import MynahBase

extension NumberBuffer<Float> {
    /// All values as a matrix of `columns` columns.
    func matrix(columns: Int) -> MatrixView {
        MatrixView(base: base, rows: count / columns, columns: columns)
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
