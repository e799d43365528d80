import Testing

@testable import MynahPlot

struct AxisTests {
    private func labels(_ range: ClosedRange<Double>, _ count: Int) -> [String] {
        Axis(label: "x", range: range, tickCount: count).ticks.map(\.label)
    }

    @Test func ticksAreRound() {
        #expect(
            labels(0...1, 10) == ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1.0"])
        #expect(labels(0...1.08, 10) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(labels(-0.53...0.53, 5) == ["−0.5", "0", "0.5"])
        #expect(labels(0...3_600, 10) == ["0", "500", "1000", "1500", "2000", "2500", "3000", "3500"])
        #expect(labels(-13.8...5.2, 6) == ["−10", "−5", "0", "5"])
        #expect(labels(0.0123...0.0131, 4) == ["0.0124", "0.0126", "0.0128", "0.0130"])
        #expect(labels(250...250, 3) == ["200", "300"])
    }

    private static let extremeRanges: [ClosedRange<Double>] = [
        -1e-30...1e-30, 0...1e-300, -1e38...1e38, 1e15...(1e15 + 2), 5...5, 0...0, -3...(-3),
        -Double.greatestFiniteMagnitude / 4...Double.greatestFiniteMagnitude / 4,
    ]

    @Test(arguments: extremeRanges)
    func noRangeIsTooSmallOrTooLarge(range: ClosedRange<Double>) {
        let axis = Axis(label: "x", range: range, tickCount: 8)
        #expect(axis.range.lowerBound < axis.range.upperBound)
        #expect(axis.ticks.count <= 9)
        #expect(axis.ticks.map(\.position) == axis.ticks.map(\.position).sorted())
    }
}
