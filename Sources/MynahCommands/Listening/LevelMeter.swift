import Glibc
import Mynah
import MynahBase

/// The line that shows that a microphone hears something, and what the network makes of it; on a terminal only.
struct LevelMeter {
    /// The level at the left end of the bar, in dB below full scale.
    private static let lowestDecibels = -60.0

    /// Columns of the bar where there is room for it.
    private static let barColumns = 30

    /// So long a device may deliver nothing but zeros before a person is asked.
    private static let silentSeconds = 3.0

    private let sampleRate: Int
    private var peak: Float = 0
    private var silentSampleCount = 0

    /// Starts without a line.
    init(sampleRate: Int) {
        self.sampleRate = sampleRate
    }

    /// Takes the samples that were heard.
    mutating func hear(_ samples: [Float]) {
        for sample in samples {
            peak = max(peak, abs(sample))
            silentSampleCount = sample == 0 ? silentSampleCount + 1 : 0
        }
    }

    /// Draws the line anew, ten times a second at most.
    ///
    /// - Parameter leader: the word that is the most probable at the moment.
    mutating func draw(leader: ListeningSession.Leader?) {
        if Terminal.showStatus({ line(leader, columns: $0) }) { peak = 0 }
    }

    private func line(_ leader: ListeningSession.Leader?, columns: Int) -> String {
        if Double(silentSampleCount) > Self.silentSeconds * Double(sampleRate) {
            return "nothing but digital silence comes: is the microphone muted?"
        }
        let decibels = peak > 0 ? max(Self.lowestDecibels, 20 * log10(Double(peak))) : Self.lowestDecibels
        let note = peak >= 1 ? " too loud" : ""
        let heard =
            leader.map { "  \($0.word.printable) \(NumberText.percent(Double($0.probability)))" } ?? ""
        let text = "\(NumberText.fixed(decibels, decimals: 0)) dB\(note)\(heard)"
        let bar = Terminal.bar(
            filled: 1 - decibels / Self.lowestDecibels,
            columns: min(Self.barColumns, columns - text.displayWidth - 1))
        return bar.isEmpty ? text : "\(bar) \(text)"
    }
}
