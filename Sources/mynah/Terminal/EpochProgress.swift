import MynahBase

/// The line that shows how far training has come; drawn on a terminal only.
struct EpochProgress {
    let epochCount: Int

    /// What is counted.
    let examples: String

    /// Clips per second over the current epoch so far.
    private(set) var clipsPerSecond = 0.0

    private var epoch = -1
    private var epochStart = ContinuousClock.now
    private var lastStep = ContinuousClock.now

    /// Decimals with which their number per second is told.
    var rateDecimals: Int { clipsPerSecond < 100 ? 1 : 0 }

    init(epochCount: Int, examples: String) {
        self.epochCount = epochCount
        self.examples = examples
    }

    /// Counts a step, and draws the line.
    mutating func show(epoch: Int, clipsDone: Int, clipCount: Int) {
        if epoch != self.epoch {
            // The first step has no start to count from: it starts the count.
            self.epoch = epoch
            epochStart = lastStep
        }
        lastStep = .now
        let seconds = (lastStep - epochStart) / .seconds(1)
        if seconds > 0 { clipsPerSecond = Double(clipsDone) / seconds }
        Terminal.showStatus { columns in
            let left = Double((epochCount - epoch) * clipCount - clipsDone) / max(clipsPerSecond, 1e-9)
            let text =
                """
                epoch \(epoch + 1)/\(epochCount) \(NumberText.fixed(clipsPerSecond, decimals: rateDecimals)) \(examples)/s, at most \
                \(Self.duration(left)) left
                """
            let bar = Terminal.bar(
                filled: clipCount == 0 ? 1 : Double(clipsDone) / Double(clipCount),
                columns: min(40, columns - text.displayWidth - 1))
            return bar.isEmpty ? text : "\(bar) \(text)"
        }
    }

    /// Removes the line.
    func clear() {
        Terminal.clearStatus()
    }

    private static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e7 else { return "?" }
        let whole = Int(seconds)
        return whole >= 3600
            ? "\(whole / 3600) h \(whole % 3600 / 60) min"
            : whole >= 60 ? "\(whole / 60) min \(whole % 60) s" : "\(whole) s"
    }
}
