import Foundation
import FoundationXML
import Testing

@testable import MynahPlot

struct FigureTests {
    /// The names of all elements, or nil if the text is no well-formed XML.
    private final class Elements: NSObject, XMLParserDelegate {
        var names: [String] = []
        var writing = ""

        init?(_ text: String) {
            super.init()
            let parser = XMLParser(data: Data(text.utf8))
            parser.delegate = self
            guard parser.parse() else { return nil }
        }

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) { names.append(name) }

        func parser(_ parser: XMLParser, foundCharacters string: String) { writing += string }
    }

    private func figure(
        title: String = "t", columns: Int = 30, rows: Int = 10, samples: Int = 5_000
    ) -> Figure {
        let time = Axis(label: "time (s)", range: 0...1, tickCount: 10)
        var envelope = Envelope(sampleDistance: 1 / Double(max(1, samples)))
        envelope.append((0..<samples).map { Float($0 % 100) / 100 - 0.5 }.span)
        let values = (0..<columns * rows).map { Float(($0 * 7_919) % 1_009) }
        let map = HeatMap(
            values: values, rowCount: rows, xRange: -0.1...1.1, yRange: 0...Double(rows), valueLabel: "v")
        return Figure(
            title: title,
            charts: [
                Chart(
                    title: "Waveform", height: 90, xAxis: time,
                    yAxis: Axis(label: "amplitude", range: -0.5...0.5, tickCount: 5),
                    marks: [.envelope(envelope)]),
                Chart(
                    title: "Map", height: 170, xAxis: time,
                    yAxis: Axis(label: "row", range: 0...Double(rows), tickCount: 5), marks: [.heatMap(map)]),
            ])
    }

    @Test func isWellFormedAndAlwaysTheSame() throws {
        let svg = figure().svg
        let elements = try #require(Elements(svg))
        #expect(elements.names.first == "svg")
        #expect(svg == figure().svg)
        // Only the lower of two equal horizontal axes is labelled.
        #expect(svg.components(separatedBy: ">time (s)<").count == 2)
        for label in ["amplitude", "row", "v", "Waveform", "Map", "−0.4", "0.2"] {
            #expect(svg.contains(">\(label)</text>"), "\(label)")
        }
        #expect(!svg.contains("currentColor"))
        #expect(!svg.contains("nan") && !svg.contains("inf"))
    }

    @Test(arguments: [(0, 1, 0), (1, 1, 1), (1, 1_024, 2), (3, 200, 1_201), (1_000, 2, 100_000)])
    func anySize(columns: Int, rows: Int, samples: Int) {
        #expect(Elements(figure(columns: columns, rows: rows, samples: samples).svg) != nil)
    }

    @Test func sizeIsBoundedByThePixels() {
        // Noise, in which no neighbours are equal.
        let small = figure(columns: 350, rows: 170, samples: 1_000_000).svg.utf8.count
        let large = figure(columns: 3_500, rows: 1_020, samples: 1_000_000).svg.utf8.count
        #expect(small < 1_500_000)
        #expect(large < 1_500_000)
    }

    @Test func textIsEscaped() throws {
        let title = "a<b>&\"c\" \u{1B}[31m\u{0} \u{FFFF}🎤.wav"
        let svg = figure(title: title).svg
        let elements = try #require(Elements(svg))
        #expect(elements.writing.contains("a<b>&\"c\" \\u{1B}[31m\\0 \u{FFFD}🎤.wav"))
    }

    @Test func longTitleKeepsItsEnd() throws {
        let title = String(repeating: "long/", count: 100) + "yes.wav"
        let elements = try #require(Elements(figure(title: title).svg))
        // The title for screen readers is whole.
        #expect(elements.writing.contains(title))
        #expect(elements.writing.contains("\n…"))
    }

    @Test(arguments: [
        (0, "0"), (1, "1"), (-1, "-1"), (0.5, "0.5"), (-0.25, "-0.25"), (0.05, "0.05"), (0.004, "0"),
        (-0.004, "0"), (99.999, "100"), (1e300, "1000000"), (12.3456, "12.35"),
    ])
    func coordinates(value: Double, text: String) {
        #expect(SVGDocument.number(value) == text)
    }
}

/// Lines in several colours, with labels.
struct InkTests {
    @Test func linesHaveTheirInkAndLabel() {
        let chart = Chart(
            title: "", height: 100, xAxis: Axis(label: "x", range: 0...1, tickCount: 2),
            yAxis: Axis(label: "y", range: 0...1, tickCount: 2),
            marks: [
                .line(Line(points: [.init(x: 0, y: 0.5), .init(x: 0.5, y: 0.5)], ink: .red, label: "one")),
                .line(
                    Line(
                        points: [.init(x: 0, y: 0.5), .init(x: 0.5, y: 0.5)], ink: .teal, width: 3,
                        label: "<two>")),
            ])
        let svg = Figure(title: "lines", charts: [chart], style: .page).svg
        #expect(svg.contains("stroke=\"\(Ink.red.color)\" stroke-width=\"1.8\""))
        #expect(svg.contains("stroke=\"\(Ink.teal.color)\" stroke-width=\"3\""))
        // Labels at the same place are moved apart.
        let labels = svg.matches(
            of: /y="([0-9.]+)" font-size="12" text-anchor="start"[^>]*>(one|&lt;two&gt;)</)
        #expect(labels.count == 2)
        #expect(Set(labels.map { String($0.output.1) }).count == 2)
    }

    @Test func colorsAreDistinct() {
        let inks = (0..<10).map(Ink.distinct)
        #expect(Set(inks.map(\.color)).count == 10)
        #expect(!inks.contains(.grey))
        #expect(Ink.distinct(10) == Ink.distinct(0))
    }
}
