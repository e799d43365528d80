import MynahBase

/// The line that shows how far training has come; drawn on a terminal only.
struct EpochProgress {
    let epochCount: Int

    /// Clips per second over the current epoch so far.
    private(set) var clipsPerSecond = 0.0

    private let clock = ContinuousClock()
    private var epoch = -1
    private var epochStart = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?

    init(epochCount: Int) {
        self.epochCount = epochCount
    }

    mutating func show(epoch: Int, clipsDone: Int, clipCount: Int) {
        if epoch != self.epoch {
            // The first step has no start to count from: it starts the count.
            self.epoch = epoch
            epochStart = lastStep ?? clock.now
        }
        let now = clock.now
        lastStep = now
        let seconds = (now - epochStart) / .seconds(1)
        if seconds > 0 { clipsPerSecond = Double(clipsDone) / seconds }
        guard Terminal.isTerminal, lastDrawn.map({ now - $0 > .milliseconds(100) }) ?? true else { return }
        lastDrawn = now
        let left = Double((epochCount - epoch) * clipCount - clipsDone) / max(clipsPerSecond, 1e-9)
        let text =
            """
            epoch \(epoch + 1)/\(epochCount) \(NumberText.fixed(clipsPerSecond, decimals: 0)) clips/s, at most \
            \(Self.duration(left)) left
            """
        let room = max(0, min(40, Terminal.columns - text.count - 4))
        let filled = clipCount == 0 ? room : room * clipsDone / clipCount
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: room - filled)
        Terminal.status("\r\u{1B}[K\(bar) \(text)")
    }

    /// Removes the line.
    func clear() {
        if Terminal.isTerminal { Terminal.status("\r\u{1B}[K") }
    }

    private var lastStep: ContinuousClock.Instant? = ContinuousClock.now

    private static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e7 else { return "?" }
        let whole = Int(seconds)
        return whole >= 3600
            ? "\(whole / 3600) h \(whole % 3600 / 60) min"
            : whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
    }
}
