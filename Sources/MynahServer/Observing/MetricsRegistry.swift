package import CoreMetrics
import MynahBase
import Synchronization

/// Keeps what is counted, and writes it in the text format of Prometheus, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats).
///
/// Counters and meters become `counter` and `gauge`; timers and recorders become histograms, timers in seconds. The same label
/// and dimensions are the same series, however often they are asked for.
package final class MetricsRegistry: MetricsFactory {
    private struct Key: Hashable {
        let label: String
        let dimensions: [String]
    }

    private enum Kind: String {
        case counter, gauge, histogram
    }

    private struct Series {
        let key: Key
        let kind: Kind
        let value: any Value
    }

    private struct State {
        var series: [Key: Series] = [:]
        var help: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// The upper bounds of histograms, in seconds: from a frame to the end of patience.
    private static let bounds = [
        0.00001, 0.00002, 0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
        0.5,
        1, 2, 5, 10,
    ]

    /// An empty registry.
    package init() {}

    /// Says what is counted under a label.
    package func describe(_ label: String, as help: String) {
        state.withLock { $0.help[label] = help }
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, dimensions, .counter) { Sum() }
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        find(label, dimensions, .counter) { Sum() }
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions, .gauge) { Sum() }
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        find(label, dimensions, .histogram) { Histogram(Self.bounds) }
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions, .histogram) { Histogram(Self.bounds) }
    }

    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func find<Found: Value>(
        _ label: String, _ dimensions: [(String, String)], _ kind: Kind, make: () -> Found
    ) -> Found {
        let pairs = dimensions.sorted { $0.0 < $1.0 }.map { "\(Self.name($0.0))=\"\(Self.escaped($0.1))\"" }
        let key = Key(label: Self.name(label), dimensions: pairs)
        return state.withLock { state in
            if let series = state.series[key] {
                guard let found = series.value as? Found else {
                    preconditionFailure(
                        "\(label) is a \(series.kind.rawValue), and was asked for as a \(kind.rawValue)")
                }
                return found
            }
            let made = make()
            state.series[key] = Series(key: key, kind: kind, value: made)
            return made
        }
    }

    /// All that was counted so far.
    package var text: String {
        let (series, help) = state.withLock { (Array($0.series.values), $0.help) }
        var text = ""
        var last = ""
        for series in series.sorted(by: {
            ($0.key.label, $0.key.dimensions.joined()) < ($1.key.label, $1.key.dimensions.joined())
        }) {
            let label = series.key.label
            if label != last {
                if let help = help[label] { text += "# HELP \(label) \(help)\n" }
                text += "# TYPE \(label) \(series.kind.rawValue)\n"
                last = label
            }
            series.value.write(label, series.key.dimensions, to: &text)
        }
        return text
    }

    /// A name that Prometheus takes.
    private static func name(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ":") ? $0 : "_" })
    }

    private static func escaped(_ text: String) -> String {
        text.printable.reduce(into: "") { escaped, character in
            if character == "\\" || character == "\"" { escaped += "\\" }
            escaped.append(character)
        }
    }
}

/// What stands behind a series.
private protocol Value: Sendable {
    func write(_ label: String, _ dimensions: [String], to text: inout String)
}

private func line(_ label: String, _ dimensions: [String], _ value: String) -> String {
    label + (dimensions.isEmpty ? "" : "{\(dimensions.joined(separator: ","))}") + " \(value)\n"
}

/// A number that is added to.
private final class Sum: CounterHandler, FloatingPointCounterHandler, MeterHandler, Value {
    private let value = Mutex(0.0)

    func increment(by amount: Int64) { value.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func set(_ new: Int64) { value.withLock { $0 = Double(new) } }
    func set(_ new: Double) { value.withLock { $0 = new } }
    func reset() { value.withLock { $0 = 0 } }

    func write(_ label: String, _ dimensions: [String], to text: inout String) {
        text += line(label, dimensions, "\(value.withLock { $0 })")
    }
}

/// How often values were at most so large.
private final class Histogram: TimerHandler, RecorderHandler, Value {
    private struct Counts {
        var buckets: [Int]
        var count = 0
        var sum = 0.0
    }

    private let bounds: [Double]
    private let counts: Mutex<Counts>

    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = Mutex(Counts(buckets: [Int](repeating: 0, count: bounds.count)))
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) * 1e-9) }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        counts.withLock { counts in
            if let bucket = bounds.firstIndex(where: { value <= $0 }) { counts.buckets[bucket] += 1 }
            counts.count += 1
            counts.sum += value
        }
    }

    func write(_ label: String, _ dimensions: [String], to text: inout String) {
        let counts = counts.withLock { $0 }
        var below = 0
        for (bound, count) in zip(bounds, counts.buckets) {
            below += count
            text += line(label + "_bucket", dimensions + ["le=\"\(bound)\""], "\(below)")
        }
        text += line(label + "_bucket", dimensions + ["le=\"+Inf\""], "\(counts.count)")
        text += line(label + "_sum", dimensions, "\(counts.sum)")
        text += line(label + "_count", dimensions, "\(counts.count)")
    }
}
