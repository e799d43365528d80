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
        stroke(bars, width: "1.2")
        if line.isJoined, places.count > 1 {
            let steps = places.map { "\(Self.number($0.x)) \(Self.number($0.y))" }
            stroke("M" + steps.joined(separator: "L"), width: "1.8")
        }
        // Of many points the line alone is clearer.
        guard places.count <= 60 || !line.isJoined else { return }
        for (point, place) in zip(line.points, places) {
            add(
                "circle",
                [
                    "cx": Self.number(place.x), "cy": Self.number(place.y), "r": "3",
                    "fill": FigureStyle.mark,
                ]
            ) { svg in
                if !point.note.isEmpty { svg.write(tooltip: point.note) }
            }
        }
    }

    /// A dashed line.
    mutating func draw(_ guide: Guide, over chart: Chart, in area: Area, color: String) {
        let from = area.place(x: guide.from.x, y: guide.from.y, in: chart)
        let to = area.place(x: guide.to.x, y: guide.to.y, in: chart)
        add(
            "path",
            [
                "d":
                    "M\(Self.number(from.x)) \(Self.number(from.y))L\(Self.number(to.x)) \(Self.number(to.y))",
                "fill": "none", "stroke": color, "stroke-width": "1.2", "stroke-dasharray": "5 4",
            ])
    }

    private mutating func stroke(_ path: String, width: String) {
        guard !path.isEmpty else { return }
        add(
            "path", ["d": path, "fill": "none", "stroke": FigureStyle.mark, "stroke-width": width])
    }
}
