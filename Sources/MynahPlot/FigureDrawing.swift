/// Turns a figure into SVG: where everything lies, and in which ink.
struct FigureDrawing {
    /// Distances in CSS pixels.
    private enum Space {
        static let right = 20.0
        static let besideColorBar = 96.0
        static let figureTitle = 34.0
        static let chartTitle = 22.0
        static let ticks = 20.0
        static let axisLabel = 20.0
        static let betweenCharts = 8.0
        static let bottom = 8.0
    }

    /// Closest distance of labels on a vertical axis.
    private static let lineHeight = 13.0

    /// Letters that fit into the title; of a longer one the end is the more telling part.
    private static let titleLength = 96

    private let figure: Figure
    private var style: FigureStyle { figure.style }
    private let plotWidth: Double
    private var svg: SVGDocument

    init(_ figure: Figure) {
        self.figure = figure
        let right =
            figure.charts.contains { $0.heatMap != nil } ? Space.besideColorBar : Space.right
        plotWidth = figure.style.width - figure.style.left - right
        svg = SVGDocument(
            width: figure.style.width, height: Self.tops(of: figure).last ?? Space.figureTitle,
            title: figure.title, background: figure.style.background)
    }

    /// The upper edge of each chart, its title included, and the lower edge of the figure.
    private static func tops(of figure: Figure) -> [Double] {
        var tops = [figure.style.hasTitle ? Space.figureTitle : Space.bottom]
        for (index, chart) in figure.charts.enumerated() {
            let isLabelled = isLabelled(index, in: figure)
            let below = isLabelled ? Space.ticks + Space.axisLabel : 0
            let title = chart.title.isEmpty ? 0 : Space.chartTitle
            let gap = index == figure.charts.count - 1 ? Space.bottom : Space.betweenCharts
            tops.append((tops.last ?? 0) + title + chart.height + below + gap)
        }
        return tops
    }

    private static func isLabelled(_ index: Int, in figure: Figure) -> Bool {
        index == figure.charts.count - 1 || figure.charts[index].xAxis != figure.charts[index + 1].xAxis
    }

    /// The whole document.
    mutating func draw() -> String {
        if style.hasTitle {
            let isTooLong = figure.title.count > Self.titleLength
            svg.write(
                isTooLong ? "…" + figure.title.suffix(Self.titleLength - 1) : figure.title,
                ["x": "12", "y": "23", "font-size": "14", "font-weight": "bold", "fill": style.text])
        }
        for (index, (chart, top)) in zip(figure.charts, Self.tops(of: figure)).enumerated() {
            draw(chart, top: top, isLabelled: Self.isLabelled(index, in: figure))
        }
        return svg.finished
    }

    private mutating func draw(_ chart: Chart, top: Double, isLabelled: Bool) {
        var area = Area(left: style.left, top: top, width: plotWidth, height: chart.height)
        if !chart.title.isEmpty {
            area.top += Space.chartTitle
            svg.write(
                chart.title,
                [
                    "x": number(area.left), "y": number(area.top - 7), "font-size": number(style.labelSize),
                    "fill": style.text,
                ])
        }
        for mark in chart.marks {
            switch mark {
            case .envelope(let envelope): draw(envelope, over: chart, in: area)
            case .heatMap(let map): draw(map, over: chart, in: area)
            case .line(let line): svg.draw(line, over: chart, in: area)
            case .guide(let guide): svg.draw(guide, over: chart, in: area, color: style.axis)
            }
        }
        svg.drawLabels(of: chart.lines, over: chart, in: area, style: style)
        svg.add(
            "rect",
            [
                "x": number(area.left), "y": number(area.top), "width": number(area.width),
                "height": number(area.height), "fill": "none", "stroke": style.axis, "stroke-width": "1",
            ])
        drawHorizontal(chart.xAxis, below: area, isLabelled: isLabelled)
        drawVertical(chart.yAxis, besides: area)
        if let map = chart.heatMap, map.columnCount > 0 { drawColorBar(of: map, besides: area) }
    }

    // MARK: Axes

    private mutating func drawHorizontal(_ axis: Axis, below area: Area, isLabelled: Bool) {
        var path = ""
        var previous = -Double.infinity
        for tick in axis.ticks where axis.range.contains(rounding: tick.position) {
            let x = area.left + area.width * axis.share(tick.position)
            path += "M\(number(x)) \(number(area.bottom))v4"
            // A digit is a little more than half as wide as it is high.
            let halfWidth = 3 * style.tickSize / 11 * Double(tick.label.count) + 4
            guard isLabelled, x - halfWidth >= previous else { continue }
            previous = x + halfWidth
            svg.write(
                tick.label,
                [
                    "x": number(x), "y": number(area.bottom + 16), "font-size": number(style.tickSize),
                    "text-anchor": "middle", "fill": style.text,
                ])
        }
        draw(path, stroke: style.axis)
        guard isLabelled else { return }
        svg.write(
            axis.label,
            [
                "x": number(area.left + area.width / 2), "y": number(area.bottom + 34),
                "font-size": number(style.labelSize),
                "text-anchor": "middle", "fill": style.text,
            ])
    }

    private mutating func drawVertical(_ axis: Axis, besides area: Area) {
        var path = ""
        var previous = Double.infinity
        for tick in axis.ticks where axis.range.contains(rounding: tick.position) {
            let y = area.bottom - area.height * axis.share(tick.position)
            guard previous - y >= Self.lineHeight else { continue }
            previous = y
            path += "M\(number(area.left)) \(number(y))h-4"
            svg.write(
                tick.label,
                [
                    "x": number(area.left - 7), "y": number(y + 4), "font-size": number(style.tickSize),
                    "text-anchor": "end",
                    "fill": style.text,
                ])
        }
        draw(path, stroke: style.axis)
        writeUpwards(axis.label, x: area.left - min(60, style.left - 14), middle: area.top + area.height / 2)
    }

    private mutating func drawColorBar(of map: HeatMap, besides area: Area) {
        let bar = Area(left: area.right + 14, top: area.top, width: 12, height: area.height)
        let step = bar.height / Double(ColorMap.levelCount)
        for (level, color) in ColorMap.levels.enumerated() {
            svg.add(
                "rect",
                [
                    "x": number(bar.left), "y": number(bar.bottom - Double(level + 1) * step),
                    "width": number(bar.width), "height": number(step), "fill": color,
                    "shape-rendering": "crispEdges",
                ])
        }
        let axis = Axis(
            label: map.valueLabel, range: map.valueRange, tickCount: max(2, Int(area.height / 28)))
        var path = ""
        for tick in axis.ticks where axis.range.contains(rounding: tick.position) {
            let y = bar.bottom - bar.height * axis.share(tick.position)
            path += "M\(number(bar.right)) \(number(y))h4"
            svg.write(
                tick.label,
                [
                    "x": number(bar.right + 7), "y": number(y + 4), "font-size": number(style.tickSize),
                    "fill": style.text,
                ])
        }
        draw(path, stroke: style.axis)
        writeUpwards(map.valueLabel, x: bar.right + 52, middle: area.top + area.height / 2)
    }

    private mutating func writeUpwards(_ line: String, x: Double, middle: Double) {
        svg.write(
            line,
            [
                "transform": "translate(\(number(x)) \(number(middle))) rotate(-90)",
                "font-size": number(style.labelSize),
                "text-anchor": "middle", "fill": style.text,
            ])
    }

    // MARK: Marks

    private mutating func draw(_ envelope: Envelope, over chart: Chart, in area: Area) {
        guard envelope.sampleCount > 0 else { return }
        func point(_ column: Int, _ value: Float) -> String {
            // Single samples stand at their time, columns around the middle of theirs.
            let sample = (Double(column) + 0.5) * Double(envelope.samplesPerColumn) - 0.5
            let x = area.left + area.width * clamped(chart.xAxis.share(sample * envelope.sampleDistance))
            let y = area.bottom - area.height * clamped(chart.yAxis.share(Double(value)))
            return "\(number(x)) \(number(y))"
        }
        let upper = envelope.maximums.enumerated().map { point($0.offset, $0.element) }
        guard envelope.samplesPerColumn > 1 else {
            draw("M" + upper.joined(separator: "L"), stroke: style.signal)
            return
        }
        let lower = envelope.minimums.enumerated().reversed().map { point($0.offset, $0.element) }
        svg.add(
            "path",
            [
                "d": "M" + (upper + lower).joined(separator: "L") + "z", "fill": style.signal,
                "stroke": style.signal, "stroke-width": "0.6", "stroke-linejoin": "round",
            ])
    }

    private mutating func draw(_ map: HeatMap, over chart: Chart, in area: Area) {
        guard map.columnCount > 0 else { return }
        // A cell is at least one pixel high and two wide.
        let levels = map.levels(columnLimit: Int(area.width / 2), rowLimit: max(1, Int(area.height)))
        let paths = levels.paths(columnCount: map.columnCount, rowCount: map.rowCount)
        let columnsPerUnit = Double(map.columnCount) / (map.xRange.upperBound - map.xRange.lowerBound)
        let rowsPerUnit = Double(map.rowCount) / (map.yRange.upperBound - map.yRange.lowerBound)
        let (x, y) = (chart.xAxis.range, chart.yAxis.range)
        // An inner drawing measures in cells and cuts off what lies outside the axes.
        let box = [
            (x.lowerBound - map.xRange.lowerBound) * columnsPerUnit,
            (map.yRange.upperBound - y.upperBound) * rowsPerUnit,
            (x.upperBound - x.lowerBound) * columnsPerUnit,
            (y.upperBound - y.lowerBound) * rowsPerUnit,
        ]
        svg.add(
            "svg",
            [
                "x": number(area.left), "y": number(area.top), "width": number(area.width),
                "height": number(area.height), "viewBox": box.map(number).joined(separator: " "),
                "preserveAspectRatio": "none", "shape-rendering": "crispEdges",
            ]
        ) { svg in
            for (path, color) in zip(paths, ColorMap.levels) where !path.isEmpty {
                svg.add("path", ["fill": color, "d": path])
            }
        }
    }

    private mutating func draw(_ path: String, stroke: String) {
        guard !path.isEmpty else { return }
        svg.add("path", ["d": path, "fill": "none", "stroke": stroke, "stroke-width": "1"])
    }

    private func number(_ value: Double) -> String { SVGDocument.number(value) }

    private func clamped(_ share: Double) -> Double { min(max(share, 0), 1) }
}

extension ClosedRange<Double> {
    /// Whether a value is in this range, or outside it by no more than rounding.
    fileprivate func contains(rounding value: Double) -> Bool {
        let slack = 1e-9 * (upperBound - lowerBound)
        return value >= lowerBound - slack && value <= upperBound + slack
    }
}
