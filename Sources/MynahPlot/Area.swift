/// A rectangle in CSS pixels.
struct Area {
    var left: Double
    var top: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var bottom: Double { top + height }

    /// The place of a value of each axis of a chart that fills this rectangle, held within it.
    func place(x: Double, y: Double, in chart: Chart) -> (x: Double, y: Double) {
        func share(_ value: Double, on axis: Axis) -> Double { min(max(axis.share(value), 0), 1) }
        return (left + width * share(x, on: chart.xAxis), bottom - height * share(y, on: chart.yAxis))
    }
}
