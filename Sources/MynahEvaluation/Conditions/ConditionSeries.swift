/// The accuracy while one property of the recordings is varied, all others being left as they are.
package struct ConditionSeries: Codable, Hashable, Sendable {
    /// What is varied.
    package let kind: Kind

    /// The conditions, in the order in which to show them; one of them is the recordings as they are.
    package let points: [Point]

    /// A property of recordings.
    package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// When the word is said, in ms after where it is in the recording.
        case timeShift

        /// How loud the recording is, in dB above its own level.
        case gain

        /// How far the power of added background noise is below that of the recording, in dB.
        case signalToNoise

        /// The room, and how far from the microphone somebody speaks in it.
        case reverberation

        /// Sample rate and code in which the sound was transmitted.
        case transmission

        /// The unit of the points' values; nil where they have none.
        package var unit: String? {
            switch self {
            case .timeShift: "ms"
            case .gain, .signalToNoise: "dB"
            case .reverberation, .transmission: nil
            }
        }

        /// The conditions that are evaluated; nil stands for the recordings as they are.
        var conditions: [(value: Double?, name: String, condition: SignalCondition?)] {
            switch self {
            case .timeShift:
                [-100.0, -50, 0, 50, 100].map { shift in
                    (shift, "\(Int(shift)) ms", shift == 0 ? nil : .shift(milliseconds: shift))
                }
            case .gain:
                [-30.0, -20, -10, 0, 10, 20].map { gain in
                    (gain, "\(Int(gain)) dB", gain == 0 ? nil : .gain(decibels: gain))
                }
            case .signalToNoise:
                [(nil, "no noise added", nil)]
                    + [20.0, 15, 10, 5, 0].map { ratio in
                        (ratio, "\(Int(ratio)) dB", .noise(signalToNoiseDecibels: ratio))
                    }
            case .reverberation:
                [(nil, "as recorded", nil)]
                    + [(0.3, 6.0), (0.6, 0), (0.6, -6), (1, -6)].map { seconds, ratio in
                        (
                            nil, "RT60 \(seconds) s, direct sound \(Int(ratio)) dB",
                            .room(reverberationSeconds: seconds, directRatioDecibels: ratio)
                        )
                    }
            case .transmission:
                [
                    (nil, "as recorded", nil), (nil, "8 kHz", .narrowBand),
                    (nil, "8 kHz, µ-law", .telephone),
                    (nil, "Opus, 16 kbit/s", .opus(kilobitsPerSecond: 16)),
                    (nil, "Opus, 6 kbit/s", .opus(kilobitsPerSecond: 6)),
                ]
            }
        }
    }

    /// The accuracy under one condition.
    package struct Point: Codable, Hashable, Sendable {
        /// What the property was set to, in the unit of the series; nil where that is no number.
        package let value: Double?

        /// The condition in words.
        package let name: String

        /// The share of clips that are right.
        package let accuracy: Proportion

        /// The 95 % bootstrap interval of the accuracy, whole speakers being drawn.
        ///
        /// Nil as that of `SpeakerEvaluation` is: with fewer than two speakers, or when all have the same accuracy.
        package let accuracyInterval: Interval?
    }
}
