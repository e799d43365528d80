package import MynahData

/// Something about a clip that a person should look at.
package struct Finding: Codable, Hashable, Sendable {
    /// What is wrong.
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// The file cannot be decoded.
        case unreadable

        /// The file holds no samples.
        case empty

        /// Hardly anything is heard.
        case nearSilent

        /// Samples were cut off at full scale.
        case clipped

        /// Too short for a word.
        case tooShort

        /// Longer than a word.
        case tooLong

        /// The clip begins in the middle of the word.
        case cutAtStart

        /// The clip ends in the middle of the word.
        case cutAtEnd
    }

    /// What is wrong.
    package let kind: Kind

    /// `word/file`.
    package let clip: String

    /// What the clip is used for.
    package let split: DataSplit

    /// What was measured, in words.
    package let detail: String
}

extension Finding.Kind {
    /// The finding as the head of a row.
    package var title: String {
        switch self {
        case .unreadable: "unreadable"
        case .empty: "empty"
        case .nearSilent: "near-silent"
        case .clipped: "clipped"
        case .tooShort: "too short"
        case .tooLong: "too long"
        case .cutAtStart: "cut at the start"
        case .cutAtEnd: "cut at the end"
        }
    }

    /// Whether such a clip can teach nothing, whatever is said in it.
    var isWorthless: Bool {
        switch self {
        case .unreadable, .empty, .nearSilent: true
        case .clipped, .tooShort, .tooLong, .cutAtStart, .cutAtEnd: false
        }
    }
}

extension Finding {
    /// What a measurement shows.
    static func of(_ clip: LabelledClip, _ measured: ClipMeasurement, _ settings: DoctorSettings) -> [Finding]
    {
        var findings: [Finding] = []
        func add(_ kind: Kind, _ detail: String) {
            findings.append(Finding(kind: kind, clip: clip.name, split: clip.split, detail: detail))
        }
        if measured.seconds < settings.shortestSeconds { add(.tooShort, "\(rounded(measured.seconds)) s") }
        if measured.seconds > settings.longestSeconds { add(.tooLong, "\(rounded(measured.seconds)) s") }
        guard measured.speechDecibels >= settings.quietestDecibels else {
            add(
                .nearSilent,
                measured.speechDecibels.isFinite
                    ? "speech at \(rounded(measured.speechDecibels)) dB" : "digital silence")
            return findings
        }
        let share = Double(measured.clippedCount) / Double(measured.sampleCount)
        if measured.clippedCount > 0, share >= settings.clippedShare {
            add(.clipped, "\(counted(measured.clippedCount, "sample")) at full scale")
        }
        // Where the background is as loud as the edges, nothing can be said of them.
        let margin = -settings.edgeMarginDecibels
        guard measured.backgroundDecibels < margin - 10 else { return findings }
        if measured.startDecibels >= margin {
            add(.cutAtStart, "begins \(rounded(measured.startDecibels)) dB from the speech's level")
        }
        if measured.endDecibels >= margin {
            add(.cutAtEnd, "ends \(rounded(measured.endDecibels)) dB from the speech's level")
        }
        return findings
    }

    /// Two decimals at most.
    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
