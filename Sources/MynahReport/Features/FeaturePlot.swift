import MynahBase
package import MynahFeatures
import MynahPlot

/// Waveform, mel spectrogram and MFCC of a sound of any length, one above another.
package struct FeaturePlot: ~Copyable {
    private let configuration: FrontEndConfiguration
    private let title: String
    /// The same front end without its last stages.
    private var melExtractor: BlockExtractor
    private var melRows: FeatureMatrix
    private var envelope: Envelope
    private var logMel: ColumnMeans
    private var coefficients: ColumnMeans

    /// Plans the drawing.
    package init(_ configuration: FrontEndConfiguration, title: String) throws(FeatureError) {
        self.configuration = configuration
        self.title = title
        var withoutCepstrum = configuration
        withoutCepstrum.cepstrum = nil
        withoutCepstrum.deltas = nil
        melExtractor = try BlockExtractor(withoutCepstrum)
        melRows = FeatureMatrix(featureCount: withoutCepstrum.featureCount)
        envelope = Envelope(sampleDistance: 1 / Double(configuration.sampleRate))
        logMel = ColumnMeans(rowCount: configuration.mel.bandCount)
        coefficients = ColumnMeans(rowCount: configuration.coefficientCount)
    }

    /// Takes the next samples, nil at their end, and the rows of features that they completed.
    package mutating func append(_ samples: [Float]?, rows: FeatureMatrix) {
        melRows.removeAll()
        if let samples {
            envelope.append(samples.span)
            melExtractor.append(samples, to: &melRows)
        } else {
            melExtractor.finish(to: &melRows)
        }
        for frame in 0..<melRows.frameCount { logMel.append(melRows.row(frame)) }
        for frame in 0..<rows.frameCount {
            coefficients.append(rows.row(frame).prefix(configuration.coefficientCount))
        }
    }

    /// The drawing of all that was taken.
    package var svg: String {
        let duration = Double(envelope.sampleCount) * envelope.sampleDistance
        let time = Axis(label: "time (s)", range: 0...duration, tickCount: 10)
        var charts = [waveformChart(time), melChart(time)]
        if configuration.cepstrum != nil { charts.append(cepstrumChart(time)) }
        return Figure(title: title, charts: charts).svg
    }

    private func waveformChart(_ time: Axis) -> Chart {
        let peak = max(1.05 * Double(envelope.peak), 1e-3)
        return Chart(
            title: "Waveform, \(NumberText.grouped(configuration.sampleRate)) Hz", height: 90, xAxis: time,
            yAxis: Axis(label: "amplitude", range: -peak...peak, tickCount: 5), marks: [.envelope(envelope)])
    }

    private func melChart(_ time: Axis) -> Chart {
        let mel = configuration.mel
        let (low, high) = (
            mel.scale.mel(fromHertz: mel.lowFrequencyHz), mel.scale.mel(fromHertz: mel.highFrequencyHz)
        )
        // Centres of the bands are evenly spaced in mel, the first and the last a step from the ends.
        let halfStep = (high - low) / Double(2 * (mel.bandCount + 1))
        let range = low + halfStep...high - halfStep
        let octaves = (0..<12).map { 250 << $0 }
        let frequency = Axis(
            label: "frequency (Hz)", range: range,
            ticks: octaves.map { .init(position: mel.scale.mel(fromHertz: Double($0)), label: "\($0)") })
        let unit = configuration.logarithm.kind == .decibels ? "dB" : "ln energy"
        let map = HeatMap(
            values: logMel.values, rowCount: logMel.rowCount, xRange: span(of: logMel), yRange: range,
            valueLabel: unit)
        return Chart(
            title: "Mel spectrogram, \(mel.bandCount) bands\(Self.note(on: logMel))", height: 170,
            xAxis: time, yAxis: frequency,
            marks: [.heatMap(map)])
    }

    /// The first coefficients are so much larger than the last that only deviations can share a scale of colours.
    private func cepstrumChart(_ time: Axis) -> Chart {
        let count = coefficients.rowCount
        let first = Double(configuration.firstCoefficient)
        let range = first - 0.5...first + Double(count) - 0.5
        let map = HeatMap(
            values: Self.standardized(coefficients.values, rowCount: count), rowCount: count,
            xRange: span(of: coefficients), yRange: range, valueRange: -3...3,
            valueLabel: "standard deviations")
        return Chart(
            title:
                "MFCC, \(count) coefficients, each as the deviation from its mean\(Self.note(on: coefficients))",
            height: 170,
            xAxis: time, yAxis: Axis(label: "coefficient", range: range, tickCount: 6),
            marks: [.heatMap(map)])
    }

    private static func note(on columns: ColumnMeans) -> String {
        columns.columnsPerMean > 1 ? ", means of \(NumberText.grouped(columns.columnsPerMean)) frames" : ""
    }

    /// The time that columns cover, each from half a step before the middle of its first frame.
    private func span(of columns: ColumnMeans) -> ClosedRange<Double> {
        let step = Double(configuration.framing.frameShiftSamples) / Double(configuration.sampleRate)
        let start = configuration.frameTime(0) - step / 2
        let columnCount = columns.values.count / columns.rowCount
        return start...start + Double(columnCount * columns.columnsPerMean) * step
    }

    /// Each row of `[_, rowCount]` less its mean, divided by its standard deviation.
    private static func standardized(_ values: [Float], rowCount: Int) -> [Float] {
        var result = values
        let columns = stride(from: 0, to: values.count, by: rowCount)
        let count = Double(values.count / rowCount)
        for row in 0..<rowCount {
            let mean = columns.reduce(0.0) { $0 + Double(values[$1 + row]) } / count
            let variance =
                columns.reduce(0.0) {
                    let deviation = Double(values[$1 + row]) - mean
                    return $0 + deviation * deviation
                } / count
            // Where nothing changes, rounding must not look like a signal.
            let deviation = variance.squareRoot()
            let scale = deviation > 1e-5 * max(1, abs(mean)) ? 1 / deviation : 0
            for column in columns {
                result[column + row] = Float((Double(values[column + row]) - mean) * scale)
            }
        }
        return result
    }
}
