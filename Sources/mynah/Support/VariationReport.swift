import MynahBase
import MynahData

/// What `mynah augment` has written, for machines.
struct VariationReport: Encodable {
    /// One file.
    struct Entry: Encodable {
        let file: String
        let shiftMilliseconds: Double
        let speed: Double
        let gainDecibels: Float
        let room: Variation.Room?
        let noise: Noise?
        let band: Variation.Band?
        let codeBits: Int?
    }

    /// Noise and where it comes from.
    struct Noise: Encodable {
        let recording: String
        let ratioDecibels: Float
    }

    /// Version of this layout.
    let schemaVersion = 1

    let source: String
    let sampleRate: Int
    let seed: UInt64
    var variations: [Entry] = []
}

extension VariationReport.Entry {
    /// A file with a variation; noise without any recording is none.
    init(file: String, _ variation: Variation, noise background: BackgroundNoise) {
        self.file = file
        shiftMilliseconds = variation.shiftMilliseconds
        speed = variation.speed
        gainDecibels = variation.gainDecibels
        room = variation.room
        noise = variation.noise.flatMap { noise in
            background.name(of: noise.place).map {
                VariationReport.Noise(recording: $0, ratioDecibels: noise.ratioDecibels)
            }
        }
        band = variation.channel.band
        codeBits = variation.channel.codeBits
    }

    /// One line for a person.
    var line: String {
        var parts = [
            "shift \(signed(shiftMilliseconds, digits: 0)) ms", "speed \(fixed(speed, digits: 2))",
            "level \(signed(Double(gainDecibels), digits: 1)) dB",
        ]
        if let room {
            parts.append(
                "room \(fixed(Double(room.reverberationSeconds), digits: 2)) s with direct sound "
                    + "\(signed(Double(room.directRatioDecibels), digits: 1)) dB")
        }
        if let noise {
            parts.append(
                "speech \(signed(Double(noise.ratioDecibels), digits: 1)) dB above \(noise.recording.printable)"
            )
        }
        if let band {
            parts.append(
                "band \(fixed(Double(band.lowerEdgeHz), digits: 0)) to "
                    + "\(fixed(Double(band.upperEdgeHz), digits: 0)) Hz")
        }
        if let codeBits { parts.append("code of \(codeBits) bits") }
        return "\(file.printable): \(parts.joined(separator: ", "))"
    }

    private func signed(_ value: Double, digits: Int) -> String {
        let text = fixed(value, digits: digits)
        return text.hasPrefix("-") ? "−\(text.dropFirst())" : "+\(text)"
    }
}
