/// Columns of values that come one by one, in at most so many columns that are their means.
///
/// It takes the same memory for an hour as for a second: when the columns are used up, neighbours are joined.
package struct ColumnMeans: Sendable, Equatable {
    /// Values in a column.
    package let rowCount: Int

    /// Columns that each mean is taken of but the last, a power of two.
    package private(set) var columnsPerMean = 1

    /// Columns added so far.
    package private(set) var columnCount = 0

    private let limit: Int
    private var complete: [Float] = []
    private var sums: [Double]

    /// Starts without columns.
    ///
    /// - Parameters:
    ///   - rowCount: values in a column, at least 1.
    ///   - limit: an even number of means, at least 2.
    package init(rowCount: Int, limit: Int = 320) {
        precondition(rowCount > 0, "columns of \(rowCount) values")
        precondition(limit >= 2 && limit.isMultiple(of: 2), "\(limit) columns")
        self.rowCount = rowCount
        self.limit = limit
        sums = [Double](repeating: 0, count: rowCount)
    }

    /// Adds a column, `[rowCount]`; traps on another count.
    package mutating func append(_ column: ArraySlice<Float>) {
        precondition(column.count == rowCount, "a column of \(column.count), expected \(rowCount)")
        for (row, value) in column.enumerated() { sums[row] += Double(value) }
        columnCount += 1
        guard columnCount.isMultiple(of: columnsPerMean) else { return }
        complete += means(of: columnsPerMean)
        sums = [Double](repeating: 0, count: rowCount)
        if complete.count == limit * rowCount { joinNeighbours() }
    }

    /// `[_, rowCount]`, the means, column by column; the last may be of fewer columns.
    package var values: [Float] {
        let rest = columnCount % columnsPerMean
        return rest == 0 ? complete : complete + means(of: rest)
    }

    private func means(of count: Int) -> [Float] {
        sums.map { Float($0 / Double(count)) }
    }

    private mutating func joinNeighbours() {
        complete = (0..<limit / 2).flatMap { pair in
            (0..<rowCount).map { row in
                let first = 2 * pair * rowCount + row
                return complete[first] / 2 + complete[first + rowCount] / 2
            }
        }
        columnsPerMean *= 2
    }
}
