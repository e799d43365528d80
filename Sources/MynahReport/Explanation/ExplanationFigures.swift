import MynahBase
import MynahEvaluation
import MynahFeatures
import MynahModel
import MynahPlot
import MynahRecognition

/// The drawings of an explanation over time, with the same axis in all of them.
struct ExplanationFigures {
    private let clip: ClipExplanation

    /// How long the empty state is shown after the end, in seconds.
    private static let afterEnd = 0.06

    init(_ clip: ClipExplanation) {
        self.clip = clip
    }

    private var time: Axis {
        Axis(label: "time (s)", range: 0...clip.heardSeconds + Self.afterEnd, tickCount: 6)
    }

    private func figure(
        _ title: String, height: Double, yAxis: Axis, marks: [Chart.Mark]
    ) -> Figure {
        // The empty map keeps room for a bar of colours, so that a moment has the same place in all drawings.
        let room = HeatMap(values: [], rowCount: 1, xRange: 0...1, yRange: 0...1, valueLabel: "")
        var marks = marks + [.heatMap(room)]
        if let moment = clip.decisionTime {
            marks.append(
                .guide(
                    Guide(
                        from: (moment, yAxis.range.lowerBound), to: (moment, yAxis.range.upperBound))))
        }
        return Figure(
            title: title,
            charts: [Chart(title: "", height: height, xAxis: time, yAxis: yAxis, marks: marks)],
            style: .page)
    }

    var waveform: Figure {
        var envelope = Envelope(sampleDistance: 1 / Double(clip.model.frontEnd.sampleRate))
        envelope.append(clip.samples.span)
        let peak = max(1.05 * Double(envelope.peak), 1e-3)
        return figure(
            "Waveform", height: 110, yAxis: Axis(label: "amplitude", range: -peak...peak, tickCount: 4),
            marks: [.envelope(envelope)])
    }

    func spectrogram() throws -> Figure {
        var frontEnd = clip.model.frontEnd
        frontEnd.cepstrum = nil
        frontEnd.deltas = nil
        var extractor = try FeatureExtractor(frontEnd)
        let rows = extractor.features(of: clip.samples)
        let (low, high) = (
            frontEnd.mel.scale.mel(fromHertz: frontEnd.mel.lowFrequencyHz),
            frontEnd.mel.scale.mel(fromHertz: frontEnd.mel.highFrequencyHz)
        )
        let ticks = [125, 250, 500, 1_000, 2_000, 4_000, 8_000].map {
            Axis.Tick(position: frontEnd.mel.scale.mel(fromHertz: Double($0)), label: "\($0)")
        }
        let step = Double(frontEnd.framing.frameShiftSamples) / Double(frontEnd.sampleRate)
        let start = frontEnd.frameTime(0) - step / 2
        return figure(
            "Mel spectrogram", height: 170,
            yAxis: Axis(label: "frequency (Hz)", range: low...high, ticks: ticks),
            marks: [
                .heatMap(
                    HeatMap(
                        values: rows.values, rowCount: frontEnd.mel.bandCount,
                        xRange: start...start + Double(rows.frameCount) * step, yRange: low...high,
                        valueLabel: "ln energy"))
            ])
    }

    var posteriors: Figure {
        // Those with colours lie on top.
        let labels = clip.model.labels.indices.sorted {
            clip.ink(of: $0) == .grey && clip.ink(of: $1) != .grey
        }
        let lines = labels.map { label in
            Chart.Mark.line(
                Line(
                    points: clip.beliefs.enumerated().map {
                        .init(x: clip.trace.timing.end(ofDecision: $0), y: Double($1[label]))
                    },
                    ink: clip.ink(of: label), width: clip.ink(of: label) == .grey ? 0.7 : 2))
        }
        let safe = Chart.Mark.guide(
            Guide(from: (0, Double(clip.confidence)), to: (clip.heardSeconds, Double(clip.confidence))))
        return figure(
            "Probability of each label", height: 190,
            yAxis: Axis(label: "probability", range: 0...1, tickCount: 5), marks: lines + [safe])
    }

    /// Root mean square of all units, from the empty state before the clip to the empty state after it.
    var memory: Figure {
        let strengths = clip.states.map { state in
            (state.reduce(0.0) { $0 + Double($1 * $1) } / Double(max(1, state.count))).squareRoot()
        }
        var points = [Line.Point(x: 0, y: 0)]
        for (step, strength) in strengths.enumerated() {
            points.append(.init(x: clip.trace.timing.end(ofDecision: step), y: strength))
        }
        points += [.init(x: clip.heardSeconds, y: strengths.last ?? 0), .init(x: clip.heardSeconds, y: 0)]
        points.append(.init(x: clip.heardSeconds + Self.afterEnd, y: 0))
        return figure(
            "Memory", height: 130,
            yAxis: Axis(label: "strength", range: 0...1.1 * max(strengths.max() ?? 0, 1e-3), tickCount: 4),
            marks: [.line(Line(points: points, ink: .blue, width: 2))])
    }

    var stateMap: Figure {
        // The last columns are the state after it was cleared.
        let extra = Int((Self.afterEnd / clip.trace.timing.decisionSeconds).rounded(.up))
        let empty = [Float](repeating: 0, count: clip.states.first?.count ?? 0)
        let rows = clip.states + Array(repeating: empty, count: max(1, extra))
        return unitMap(rows, title: "State", range: -1...1, label: "value")
    }

    /// What each unit kept of its state; nil for cells without such a gate.
    var keptMap: Figure? {
        guard let kept = clip.trace.layers.last?.kept, !kept.isEmpty else { return nil }
        return unitMap(kept, title: "Gate", range: 0...1, label: "share kept")
    }

    private func unitMap(
        _ rows: [[Float]], title: String, range: ClosedRange<Double>, label: String
    ) -> Figure {
        let order = unitOrder
        let step = clip.trace.timing.decisionSeconds
        let start = clip.trace.timing.end(ofDecision: 0) - step
        let units = Double(order.count)
        return figure(
            title, height: 200, yAxis: Axis(label: "unit", range: 0...units, ticks: []),
            marks: [
                .heatMap(
                    HeatMap(
                        values: rows.flatMap { row in order.map { row[$0] } }, rowCount: max(1, order.count),
                        xRange: start...start + Double(rows.count) * step, yRange: 0...units,
                        valueRange: range, valueLabel: label))
            ])
    }

    /// The units by when they are strongest, the latest first: row 0 of a map is the lowest.
    private var unitOrder: [Int] {
        let units = clip.states.first?.indices ?? 0..<0
        let peaks = units.map { unit in
            clip.states.indices.indexOfLargest { abs(clip.states[$0][unit]) } ?? 0
        }
        return units.sorted { (peaks[$0], $0) > (peaks[$1], $1) }
    }
}
