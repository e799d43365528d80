public import ArgumentParser
public import MynahData

/// How the sound of a recording is varied, as options; what is not given stays as it is by default.
struct SoundVariationOptions<Defaults: SoundDefaults>: ParsableArguments {
    @Option(parsing: .unconditional, help: "Largest change of speed and pitch, 0 to 0.5.")
    var speedChange = Defaults.augmentation.maximumSpeedChange

    @Option(parsing: .unconditional, help: "Largest change of level, in dB.")
    var gain = Defaults.augmentation.maximumGainDecibels

    @Option(parsing: .unconditional, help: "Probability that background noise is mixed in, 0 to 1.")
    var noiseProbability = Defaults.augmentation.noiseProbability

    @Option(
        parsing: .unconditional, help: "Level of the speech above that noise, in dB: two numbers, or one.")
    var noiseRatio = Defaults.augmentation.noiseRatioDecibels

    @Option(parsing: .unconditional, help: "Probability that a clip sounds as if in a room, 0 to 1.")
    var roomProbability = Defaults.augmentation.roomProbability

    @Option(parsing: .unconditional, help: "Reverberation time of the room (RT60), in seconds.")
    var reverberation = Defaults.augmentation.reverberationSeconds

    @Option(parsing: .unconditional, help: "Level of direct sound above all reflections, in dB.")
    var directRatio = Defaults.augmentation.directRatioDecibels

    @Option(
        parsing: .unconditional, help: "Probability that a clip is limited to a telephone's band, 0 to 1.")
    var bandProbability = Defaults.augmentation.bandProbability

    @Option(parsing: .unconditional, help: "Lower edge of that band, in Hz.")
    var lowerEdge = Defaults.augmentation.lowerEdgeHz

    @Option(parsing: .unconditional, help: "Upper edge of that band, in Hz.")
    var upperEdge = Defaults.augmentation.upperEdgeHz

    @Option(
        parsing: .unconditional,
        help: "Probability that a clip is encoded with µ-law and decoded again, 0 to 1.")
    var codeProbability = Defaults.augmentation.codeProbability

    @Option(parsing: .unconditional, help: "Bits of that code.")
    var codeBits = Defaults.augmentation.codeBits

    /// What the options say, without a shift.
    var settings: Augmentation {
        Augmentation(
            maximumShiftMilliseconds: 0, maximumSpeedChange: speedChange, maximumGainDecibels: gain,
            noiseProbability: noiseProbability, noiseRatioDecibels: noiseRatio,
            roomProbability: roomProbability,
            reverberationSeconds: reverberation, directRatioDecibels: directRatio,
            bandProbability: bandProbability, lowerEdgeHz: lowerEdge, upperEdgeHz: upperEdge,
            codeProbability: codeProbability, codeBits: codeBits)
    }
}

/// How clips of commands are varied, as options.
struct AugmentationOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Largest shift of a clip in time, in ms.")
    var timeShift = Augmentation().maximumShiftMilliseconds

    @Option(
        parsing: .unconditional,
        help: "Level of background noise in examples of _silence_, in dB of full scale.")
    var silenceLevel = Augmentation().silenceLevelDecibels

    @OptionGroup var sound: SoundVariationOptions<CommandDefaults>

    /// What the options say.
    var settings: Augmentation {
        var settings = sound.settings
        settings.maximumShiftMilliseconds = timeShift
        settings.silenceLevelDecibels = silenceLevel
        return settings
    }
}

extension ValueRange: ExpressibleByArgument {
    /// Reads `low,high`, or one number for both.
    public init?(argument: String) {
        let ends = argument.split(separator: ",", omittingEmptySubsequences: false).map { Float($0) }
        guard let lower = ends[0], let upper = ends[ends.count - 1], ends.count <= 2 else { return nil }
        self.init(lower, upper)
    }
}
