import Testing

@testable import MynahPlot

/// How long sounds become as many columns as can be seen.
struct ReductionTests {
    @Test func envelopeKeepsTheExtremesOfEachColumn() {
        var envelope = Envelope(sampleDistance: 1, columnLimit: 4)
        envelope.append([1, -2, 3, -4].span)
        #expect(envelope.samplesPerColumn == 1)
        #expect(envelope.minimums == [1, -2, 3, -4])
        envelope.append([0.5].span)
        #expect(envelope.samplesPerColumn == 2)
        #expect(envelope.minimums == [-2, -4, 0.5])
        #expect(envelope.maximums == [1, 3, 0.5])
        envelope.append([7, 0, 0, -9].span)
        #expect(envelope.samplesPerColumn == 4)
        #expect(envelope.minimums == [-4, 0, -9])
        #expect(envelope.maximums == [3, 7, -9])
        #expect(envelope.peak == 9)
        #expect(envelope.sampleCount == 9)
    }

    @Test func envelopeDoesNotDependOnThePieces() {
        let samples = (0..<10_000).map { Float(($0 * 7_919) % 1_009) / 1_009 - 0.5 }
        var whole = Envelope(sampleDistance: 1, columnLimit: 64)
        whole.append(samples.span)
        var pieces = Envelope(sampleDistance: 1, columnLimit: 64)
        for start in stride(from: 0, to: samples.count, by: 37) {
            pieces.append(Array(samples[start..<min(start + 37, samples.count)]).span)
        }
        #expect(whole == pieces)
        #expect(whole.minimums.count <= 64)
        #expect(whole.peak == samples.map(abs).max())
    }

    @Test func meansOfColumns() {
        var means = ColumnMeans(rowCount: 2, limit: 2)
        #expect(means.values.isEmpty)
        means.append([1, 10])
        #expect(means.values == [1, 10])
        means.append([3, 30])
        #expect(means.columnsPerMean == 2)
        #expect(means.values == [2, 20])
        means.append([5, 50])
        #expect(means.values == [2, 20, 5, 50])
        means.append([7, 70])
        #expect(means.columnsPerMean == 4)
        #expect(means.values == [4, 40])
        #expect(means.columnCount == 4)
    }

    @Test func mapOfMoreCellsThanPixelsIsOfMeans() {
        let map = HeatMap(
            values: [0, 1, 2, 3, 4, 63], rowCount: 2, xRange: 0...3, yRange: 0...2, valueRange: 0...63,
            valueLabel: "v")
        let levels = map.levels(columnLimit: 2, rowLimit: 1)
        #expect(levels.values == [2, 34])
        #expect(levels.rowCount == 1)
        #expect(map.levels(columnLimit: 3, rowLimit: 2).values == [0, 1, 2, 3, 4, 63])
    }

    @Test func equalNeighboursAreOneRectangle() {
        let map = HeatMap(
            values: [0, 63, 0, 63, 0, 0], rowCount: 2, xRange: 0...3, yRange: 0...2, valueRange: 0...63,
            valueLabel: "v")
        let paths = map.levels(columnLimit: 100, rowLimit: 100).paths(columnCount: 3, rowCount: 2)
        #expect(paths[0] == "M0 1H3V2H0z" + "M2 0H3V1H2z")
        #expect(paths[63] == "M0 0H2V1H0z")
        #expect(paths.count { !$0.isEmpty } == 2)
    }
}
