import MynahBase
import MynahData

/// How many clips of which synthesizer there are, and what failed.
package struct SynthesisSummary: Encodable, Sendable {
    /// The part of one synthesizer.
    package struct Part: Encodable, Hashable, Sendable {
        /// What the synthesizer is called.
        package let synthesizer: String

        /// Voices of which there is a new clip.
        package let voices: Int

        /// New clips of the phrases, and of near ones.
        package let clips: Int
        package let near: Int

        /// Clips that were there already.
        package let existing: Int

        /// Clips that were dropped, as they are silent or shorter than 0.2 s.
        package let dropped: Int

        /// What failed, if anything did, in one line.
        package let failure: String?
    }

    /// One for each synthesizer that was called.
    package let parts: [Part]

    /// Synthesizers that are not installed.
    package let missing: [String]

    /// Synthesizers that were left out, each with the reason.
    package let leftOut: [String]

    /// Lengths of the clips of phrases, new ones and those that were there, in seconds, in ascending order.
    package let clipSeconds: [Double]

    private enum CodingKeys: CodingKey {
        case parts
        case missing
        case leftOut
    }

    /// What is counted while a synthesizer is at work.
    struct Tally {
        /// Voices that may fail before a synthesizer that has not made a single clip is given up.
        private static let patience = 3

        let synthesizer: String
        var voices: Set<String> = []
        var clipCount = 0
        var nearCount = 0
        var existingCount = 0
        var droppedCount = 0
        var seconds: [Double] = []
        var isAtWork = true
        var writingFailure: FileError?

        /// Voices that failed, and how.
        private(set) var failedVoices: [String: ProgramRun.Fault] = [:]
        private var firstFailure: String?

        init(synthesizer: String) {
            self.synthesizer = synthesizer
        }

        mutating func count(_ voice: SynthesizerVoice, isNear: Bool, seconds: Double) {
            voices.insert(voice.name)
            if isNear {
                nearCount += 1
            } else {
                clipCount += 1
                self.seconds.append(seconds)
            }
        }

        /// A voice that fails once is not asked again; a synthesizer that hangs, or fails from the start, is not either.
        mutating func fail(_ voice: SynthesizerVoice, _ fault: ProgramRun.Fault) {
            failedVoices[voice.name] = fault
            firstFailure = firstFailure ?? "\(voice.name.printable) \(fault)"
            switch fault {
            case .timeLimit, .notStarted: isAtWork = false
            case .status, .signal, .stopped:
                if voices.isEmpty, failedVoices.count >= Self.patience { isAtWork = false }
            }
        }

        /// What failed, in one line.
        var failure: String? {
            guard let firstFailure else { return nil }
            let count = failedVoices.count
            return "\(counted(count, "voice")) failed"
                + "\(isAtWork ? "" : ", and no other is tried"): \(firstFailure)"
        }
    }

    init(_ tallies: [Tally], missing: [String], notes: [String]) {
        parts = tallies.map {
            Part(
                synthesizer: $0.synthesizer, voices: $0.voices.count, clips: $0.clipCount, near: $0.nearCount,
                existing: $0.existingCount, dropped: $0.droppedCount, failure: $0.failure)
        }
        self.missing = missing
        leftOut = notes
        clipSeconds = tallies.flatMap(\.seconds).sorted()
    }

    /// What failed, a line for each synthesizer.
    package var failures: [String] {
        leftOut
            + parts.compactMap { part in part.failure.map { "\(part.synthesizer): \($0)" } }
            + parts.filter { $0.dropped > 0 }.map {
                "\($0.synthesizer): \(counted($0.dropped, "clip")) dropped, silent or shorter than "
                    + "\(NumberText.plain(SpokenClip.shortestSeconds)) s"
            }
    }

    /// The length of a window that holds the phrases, in seconds.
    package var windowSeconds: Double { Self.windowSeconds(ofClips: clipSeconds) }

    /// The length of a window that holds clips: 98 of 100 fit, in steps of 0.1 s, `1 ... 5`.
    ///
    /// - Parameter seconds: the lengths of the clips in ascending order.
    static func windowSeconds(ofClips seconds: [Double]) -> Double {
        guard !seconds.isEmpty else { return 1 }
        let length = seconds[Int(0.98 * Double(seconds.count - 1))]
        return max(1, min(5, (length * 10).rounded(.up) / 10))
    }
}
