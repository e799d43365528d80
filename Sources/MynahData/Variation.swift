import MynahBase

/// What `Augmentation` has drawn for one example, before any sound is made of it.
package struct Variation: Codable, Hashable, Sendable {
    /// A place in the background noise.
    package struct NoisePlace: Codable, Hashable, Sendable {
        /// The recording, as a position within `0 ..< 1` of all of them.
        let recording: Float

        /// The start, as a position within `0 ..< 1` of all possible ones.
        let start: Float
    }

    /// Noise that is mixed in.
    package struct Noise: Codable, Hashable, Sendable {
        /// Level of the speech above that of the noise, in dB.
        package let ratioDecibels: Float

        /// Where the noise is taken from.
        package let place: NoisePlace
    }

    /// The room that the clip sounds in.
    package struct Room: Codable, Hashable, Sendable {
        /// Time in which reverberation falls by 60 dB, in s.
        package let reverberationSeconds: Float

        /// Direct energy over the energy of all reflections, in dB.
        package let directRatioDecibels: Float

        /// Seed of the reflections.
        package let seed: UInt64

        /// A room.
        package init(reverberationSeconds: Float, directRatioDecibels: Float, seed: UInt64) {
            self.reverberationSeconds = reverberationSeconds
            self.directRatioDecibels = directRatioDecibels
            self.seed = seed
        }
    }

    /// The band that the clip is limited to.
    package struct Band: Codable, Hashable, Sendable {
        /// Lower edge, in Hz.
        package let lowerEdgeHz: Float

        /// Upper edge, in Hz.
        package let upperEdgeHz: Float
    }

    /// What lies between the sound and the listener.
    package struct Channel: Codable, Hashable, Sendable {
        /// The band, if it is limited.
        package let band: Band?

        /// Bits of the µ-law code, if there is one.
        package let codeBits: Int?
    }

    /// Background noise without any word.
    package struct Silence: Codable, Hashable, Sendable {
        /// Its level, in dB below full scale.
        package let levelDecibels: Float

        /// Where it is taken from.
        package let place: NoisePlace

        /// Band and code.
        package let channel: Channel
    }

    /// Which of the legal windows of a clip longer than the window is taken, as a position within `0 ..< 1`.
    package let windowPosition: Float

    /// How much later the clip begins, in ms; negative for earlier.
    package let shiftMilliseconds: Double

    /// Factor of the speed, and of the pitch with it.
    package let speed: Double

    /// Change of level, in dB.
    package let gainDecibels: Float

    /// The room, if the clip sounds in one.
    package let room: Room?

    /// The noise, if there is some.
    package let noise: Noise?

    /// Band and code.
    package let channel: Channel

    /// Draws a variation of a clip; as many numbers are drawn whatever the settings are.
    init(_ settings: Augmentation, using generator: inout SeededGenerator) {
        windowPosition = generator.uniform()
        shiftMilliseconds = settings.maximumShiftMilliseconds * Double(generator.symmetric(1))
        speed = 1 + settings.maximumSpeedChange * Double(generator.symmetric(1))
        gainDecibels = generator.symmetric(settings.maximumGainDecibels)

        let hasRoom = generator.uniform() < settings.roomProbability
        let drawnRoom = Room(
            reverberationSeconds: settings.reverberationSeconds.value(at: generator.uniform()),
            directRatioDecibels: settings.directRatioDecibels.value(at: generator.uniform()),
            seed: generator.next())
        room = hasRoom ? drawnRoom : nil

        let isNoisy = generator.uniform() < settings.noiseProbability
        let drawnNoise = Noise(
            ratioDecibels: settings.noiseRatioDecibels.value(at: generator.uniform()),
            place: NoisePlace(using: &generator))
        noise = isNoisy ? drawnNoise : nil

        channel = Channel(settings, using: &generator)
    }
}

extension Variation.NoisePlace {
    init(using generator: inout SeededGenerator) {
        recording = generator.uniform()
        start = generator.uniform()
    }
}

extension Variation.Silence {
    /// Draws an example of silence.
    init(_ settings: Augmentation, using generator: inout SeededGenerator) {
        levelDecibels = settings.silenceLevelDecibels.value(at: generator.uniform())
        place = Variation.NoisePlace(using: &generator)
        channel = Variation.Channel(settings, using: &generator)
    }
}

extension Variation.Channel {
    init(_ settings: Augmentation, using generator: inout SeededGenerator) {
        let choice = generator.uniform()
        let drawnBand = Variation.Band(
            lowerEdgeHz: settings.lowerEdgeHz.value(at: generator.uniform()),
            upperEdgeHz: settings.upperEdgeHz.value(at: generator.uniform()))
        let drawnBits = Int(settings.codeBits.value(at: generator.uniform()).rounded())
        band = choice < settings.bandProbability ? drawnBand : nil
        codeBits = choice < settings.codeProbability ? drawnBits : nil
    }
}
