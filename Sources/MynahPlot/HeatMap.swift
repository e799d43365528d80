/// Values over a grid of equal cells.
package struct HeatMap: Sendable, Equatable {
    /// `[columnCount, rowCount]`, column by column, each from the lowest row up; finite.
    package var values: [Float]

    /// Number of cells above one another, at least 1.
    package let rowCount: Int

    /// Left edge of the first column and right edge of the last, in the units of the horizontal axis.
    package var xRange: ClosedRange<Double>

    /// Lower edge of the lowest row and upper edge of the highest, in the units of the vertical axis.
    package var yRange: ClosedRange<Double>

    /// The values of the darkest and the lightest colour; values outside have these colours.
    package var valueRange: ClosedRange<Double>

    /// What the values are, with their unit.
    package var valueLabel: String

    /// Number of cells side by side.
    package var columnCount: Int { values.count / rowCount }

    /// Wraps values; traps unless they fill columns of `rowCount`.
    ///
    /// - Parameter valueRange: nil for the range of the values.
    package init(
        values: [Float], rowCount: Int, xRange: ClosedRange<Double>, yRange: ClosedRange<Double>,
        valueRange: ClosedRange<Double>? = nil, valueLabel: String
    ) {
        precondition(
            rowCount > 0 && values.count.isMultiple(of: rowCount),
            "\(values.count) values do not fill columns of \(rowCount)")
        self.values = values
        self.rowCount = rowCount
        self.xRange = xRange.nonEmpty
        self.yRange = yRange.nonEmpty
        let bounds = valueRange ?? Double(values.min() ?? 0)...Double(values.max() ?? 0)
        self.valueRange = bounds.nonEmpty
        self.valueLabel = valueLabel
    }

    /// The colour levels of the cells, means of `[columns, rows]` of them where there are more than can be seen.
    func levels(columnLimit: Int, rowLimit: Int) -> Levels {
        let (width, height) = (
            (columnCount + columnLimit - 1) / columnLimit, (rowCount + rowLimit - 1) / rowLimit
        )
        guard width > 1 || height > 1 else {
            return Levels(
                values: values.map { ColorMap.level(of: Double($0), in: valueRange) }, rowCount: rowCount,
                columnSpan: 1, rowSpan: 1)
        }
        var levels: [Int] = []
        for column in stride(from: 0, to: columnCount, by: width) {
            for row in stride(from: 0, to: rowCount, by: height) {
                var sum = 0.0
                let (columns, rows) = (
                    column..<min(column + width, columnCount), row..<min(row + height, rowCount)
                )
                for column in columns {
                    for row in rows { sum += Double(values[column * rowCount + row]) }
                }
                levels.append(
                    ColorMap.level(of: sum / Double(columns.count * rows.count), in: valueRange))
            }
        }
        return Levels(
            values: levels, rowCount: (rowCount + height - 1) / height, columnSpan: width, rowSpan: height)
    }

    /// Colour levels of a grid of cells, each of which covers a block of cells of the map.
    struct Levels {
        /// `[columnCount, rowCount]`, column by column.
        let values: [Int]
        let rowCount: Int
        /// Cells of the map that a cell here is wide, and high; the last ones may stand for fewer.
        let columnSpan: Int
        let rowSpan: Int

        var columnCount: Int { values.count / rowCount }

        /// For each level, a path over all cells of that level, in cells of the map, row 0 lowest at `height`.
        ///
        /// Neighbours of one level in a row are one rectangle.
        func paths(columnCount width: Int, rowCount height: Int) -> [String] {
            var paths = [String](repeating: "", count: ColorMap.levelCount)
            for row in 0..<rowCount {
                let top = max(0, height - (row + 1) * rowSpan)
                let bottom = height - row * rowSpan
                var start = 0
                while start < columnCount {
                    let level = values[start * rowCount + row]
                    var end = start + 1
                    while end < columnCount, values[end * rowCount + row] == level { end += 1 }
                    let (left, right) = (start * columnSpan, min(end * columnSpan, width))
                    paths[level] += "M\(left) \(top)H\(right)V\(bottom)H\(left)z"
                    start = end
                }
            }
            return paths
        }
    }
}
