extension SVGDocument {
    /// Points as dots, intervals as bars with a foot at each end.
    mutating func draw(_ line: Line, over chart: Chart, in area: Area) {
        let places = line.points.map { area.place(x: $0.x, y: $0.y, in: chart) }
        var bars = ""
        for point in line.points {
            guard let interval = point.interval else { continue }
            let low = area.place(x: point.x, y: interval.lowerBound, in: chart)
            let high = area.place(x: point.x, y: interval.upperBound, in: chart)
            bars += "M\(Self.number(low.x - 3)) \(Self.number(low.y))h6m-3 0V\(Self.number(high.y))m-3 0h6"
        }
        stroke(bars, line.ink, width: 1.2)
        if line.isJoined, places.count > 1 {
            let steps = places.map { "\(Self.number($0.x)) \(Self.number($0.y))" }
            stroke("M" + steps.joined(separator: "L"), line.ink, width: line.width)
        }
        // Of many points the line alone is clearer.
        guard places.count <= 24 || !line.isJoined else { return }
        for (point, place) in zip(line.points, places) {
            add(
                "circle",
                [
                    "cx": Self.number(place.x), "cy": Self.number(place.y), "r": "3",
                    "fill": line.ink.color,
                ]
            ) { svg in
                if !point.note.isEmpty { svg.write(tooltip: point.note) }
            }
        }
    }

    /// A dashed line; over a heat map, where every colour may be below it, light on a dark ground of its own.
    mutating func draw(_ guide: Guide, over chart: Chart, in area: Area, color: String) {
        let from = area.place(x: guide.from.x, y: guide.from.y, in: chart)
        let to = area.place(x: guide.to.x, y: guide.to.y, in: chart)
        let path = "M\(Self.number(from.x)) \(Self.number(from.y))L\(Self.number(to.x)) \(Self.number(to.y))"
        let isOverColors = (chart.heatMap?.columnCount ?? 0) > 0
        if isOverColors {
            add("path", ["d": path, "stroke": "#000000", "stroke-width": "2.6", "stroke-opacity": "0.6"])
        }
        add(
            "path",
            [
                "d": path, "fill": "none", "stroke": isOverColors ? "#ffffff" : color, "stroke-width": "1.2",
                "stroke-dasharray": "5 4",
            ])
    }

    /// The labels of lines beside their last points, moved apart where they would cover each other; a rim in the colour of
    /// the ground keeps them apart from what they cover.
    mutating func drawLabels(of lines: [Line], over chart: Chart, in area: Area, style: FigureStyle) {
        let lineHeight = style.tickSize + 1
        let labels = lines.compactMap { line -> (line: Line, x: Double, y: Double)? in
            guard !line.label.isEmpty, let last = line.points.last else { return nil }
            let place = area.place(x: last.x, y: last.y, in: chart)
            return (line, place.x, place.y)
        }
        var lowest = -Double.infinity
        for label in labels.sorted(by: { $0.y < $1.y }) {
            lowest = max(label.y + 4, lowest + lineHeight)
            // Where there is no room to the right, the label stands to the left.
            let isRight = label.x + 7 * Double(label.line.label.count) + 6 < area.right
            write(
                label.line.label,
                [
                    "x": Self.number(label.x + (isRight ? 6 : -6)), "y": Self.number(lowest),
                    "font-size": Self.number(style.tickSize), "text-anchor": isRight ? "start" : "end",
                    "fill": label.line.ink.color, "stroke": style.ground, "stroke-width": "3",
                    "stroke-linejoin": "round", "paint-order": "stroke",
                ])
        }
    }

    private mutating func stroke(_ path: String, _ ink: Ink, width: Double) {
        guard !path.isEmpty else { return }
        add(
            "path",
            [
                "d": path, "fill": "none", "stroke": ink.color, "stroke-width": Self.number(width),
                "stroke-linejoin": "round",
            ])
    }
}
