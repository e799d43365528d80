import MynahBase
package import MynahData

/// What `mynah augment` has written, for machines.
package struct VariationReport: Encodable {
    /// One file.
    package struct Entry: Encodable {
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
    package struct Noise: Encodable {
        let recording: String
        let ratioDecibels: Float
    }

    /// Version of this layout.
    let schemaVersion = 1

    let source: String
    let sampleRate: Int
    let seed: UInt64

    /// The files in the order in which they were written.
    package var variations: [Entry] = []

    /// A report without files yet.
    ///
    /// - Parameters:
    ///   - source: the recording that is varied.
    ///   - sampleRate: of the files, in Hz.
    ///   - seed: of the variations.
    package init(source: String, sampleRate: Int, seed: UInt64) {
        self.source = source
        self.sampleRate = sampleRate
        self.seed = seed
    }
}

extension VariationReport.Entry {
    /// A file with a variation; noise without any recording is none.
    package init(file: String, _ variation: Variation, noise background: BackgroundNoise) {
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
    package var line: String {
        var parts = [
            "shift \(signed(shiftMilliseconds, decimals: 0)) ms",
            "speed \(NumberText.fixed(speed, decimals: 2))",
            "level \(signed(Double(gainDecibels), decimals: 1)) dB",
        ]
        if let room {
            parts.append(
                "room \(NumberText.fixed(Double(room.reverberationSeconds), decimals: 2)) s with direct sound "
                    + "\(signed(Double(room.directRatioDecibels), decimals: 1)) dB")
        }
        if let noise {
            parts.append(
                "speech \(signed(Double(noise.ratioDecibels), decimals: 1)) dB above \(noise.recording.printable)"
            )
        }
        if let band {
            parts.append(
                "band \(NumberText.fixed(Double(band.lowerEdgeHz), decimals: 0)) to "
                    + "\(NumberText.fixed(Double(band.upperEdgeHz), decimals: 0)) Hz")
        }
        if let codeBits { parts.append("code of \(codeBits) bits") }
        return "\(file.printable): \(parts.joined(separator: ", "))"
    }

    private func signed(_ value: Double, decimals: Int) -> String {
        let text = NumberText.fixed(value, decimals: decimals)
        return text.hasPrefix("-") ? "−\(text.dropFirst())" : "+\(text)"
    }
}
