/// Front ends in common use, by name.
package enum FrontEndPreset: String, Codable, CaseIterable, Sendable {
    /// Mynah's own: streamable, one band an independent feature.
    case mynah

    /// As ``mynah`` without the cosine transform: log-mel energies, for networks that begin with convolutions over bands.
    case mynahMel = "mynah-mel"

    /// Kaldi's `compute-mfcc-feats` with its defaults, dither off.
    case kaldi

    /// HTK's `MFCC` with 12 coefficients, as *The HTK Book* recommends for speech.
    case htk

    /// `librosa.feature.mfcc` with its defaults (0.10 and later).
    case librosa

    /// `torchaudio.transforms.MFCC` with its defaults.
    case torchaudio

    /// TensorFlow's operations `AudioSpectrogram` and `Mfcc` with 30 ms frames every 10 ms.
    case tensorflow

    /// `python_speech_features.mfcc` with its defaults, over 16-bit samples.
    case pythonSpeechFeatures = "python-speech-features"

    /// The preset of a name as a user types it.
    ///
    /// - Throws: ``FeatureError/unknownPreset(name:known:)``.
    package init(name: String) throws(FeatureError) {
        guard let preset = FrontEndPreset(rawValue: name) else {
            throw .unknownPreset(name: name, known: Self.allCases.map(\.rawValue))
        }
        self = preset
    }

    /// The full settings at a sample rate in Hz; traps below 8,000 Hz.
    ///
    /// Frames given in milliseconds are rounded to samples and transforms to the next power of two, as the references
    /// do. Upper band edges beyond half the sample rate come down to it.
    package func configuration(sampleRate: Int = 16_000) -> FrontEndConfiguration {
        precondition(sampleRate >= 8_000, "presets need at least 8,000 Hz, got \(sampleRate) Hz")
        switch self {
        case .mynah: return .mynah(sampleRate: sampleRate)
        case .mynahMel:
            var configuration = FrontEndConfiguration.mynah(sampleRate: sampleRate)
            configuration.cepstrum = nil
            return configuration
        case .kaldi: return .kaldi(sampleRate: sampleRate)
        case .htk: return .htk(sampleRate: sampleRate)
        case .librosa: return .librosa(sampleRate: sampleRate)
        case .torchaudio: return .torchaudio(sampleRate: sampleRate)
        case .tensorflow: return .tensorflow(sampleRate: sampleRate)
        case .pythonSpeechFeatures: return .pythonSpeechFeatures(sampleRate: sampleRate)
        }
    }
}

extension FrontEndConfiguration {
    /// All presets at 16 kHz, by name.
    package static let presets: [String: FrontEndConfiguration] = Dictionary(
        uniqueKeysWithValues: FrontEndPreset.allCases.map { ($0.rawValue, $0.configuration()) })

    /// ``FrontEndPreset/mynah`` at 16 kHz.
    package static let mynah = FrontEndPreset.mynah.configuration()

    /// ``FrontEndPreset/mynahMel`` at 16 kHz.
    package static let mynahMel = FrontEndPreset.mynahMel.configuration()

    /// ``FrontEndPreset/kaldi`` at 16 kHz.
    package static let kaldi = FrontEndPreset.kaldi.configuration()

    /// ``FrontEndPreset/htk`` at 16 kHz.
    package static let htk = FrontEndPreset.htk.configuration()

    /// ``FrontEndPreset/librosa`` at 16 kHz.
    package static let librosa = FrontEndPreset.librosa.configuration()

    /// ``FrontEndPreset/torchaudio`` at 16 kHz.
    package static let torchaudio = FrontEndPreset.torchaudio.configuration()

    /// ``FrontEndPreset/tensorflow`` at 16 kHz.
    package static let tensorflow = FrontEndPreset.tensorflow.configuration()

    /// ``FrontEndPreset/pythonSpeechFeatures`` at 16 kHz.
    package static let pythonSpeechFeatures = FrontEndPreset.pythonSpeechFeatures.configuration()
}

extension FrontEndConfiguration {
    /// The floor lies near the mel energy of noise of one step of a 16-bit sample: below it is no speech.
    fileprivate static func mynah(sampleRate: Int) -> FrontEndConfiguration {
        FrontEndConfiguration(
            sampleRate: sampleRate,
            framing: Framing(
                milliseconds: 30, shiftMilliseconds: 10, sampleRate: sampleRate, edges: .snipped),
            window: .periodicHann,
            fftLength: nextPowerOfTwo(samples(inMilliseconds: 30, sampleRate: sampleRate)),
            spectrum: .power,
            mel: Mel(
                scale: .htk, bandCount: 40, lowFrequencyHz: 20,
                highFrequencyHz: min(7_600, Double(sampleRate) / 2), triangles: .linearInMel),
            logarithm: Logarithm(kind: .natural, floor: 1e-6),
            cepstrum: Cepstrum(coefficientCount: 40))
    }

    fileprivate static func kaldi(sampleRate: Int) -> FrontEndConfiguration {
        FrontEndConfiguration(
            sampleRate: sampleRate,
            sampleScale: .int16,
            framing: Framing(
                milliseconds: 25, shiftMilliseconds: 10, sampleRate: sampleRate, edges: .snipped),
            removesDCOffset: true,
            preEmphasis: PreEmphasis(coefficient: 0.97, scope: .frame),
            window: .povey,
            fftLength: nextPowerOfTwo(samples(inMilliseconds: 25, sampleRate: sampleRate)),
            spectrum: .power,
            mel: Mel(
                scale: .htk, bandCount: 23, lowFrequencyHz: 20, highFrequencyHz: Double(sampleRate) / 2,
                triangles: .linearInMel),
            logarithm: Logarithm(kind: .natural, floor: Double(Float.ulpOfOne)),
            cepstrum: Cepstrum(coefficientCount: 13, lifter: 22, zeroth: .logFrameEnergy))
    }

    fileprivate static func htk(sampleRate: Int) -> FrontEndConfiguration {
        FrontEndConfiguration(
            sampleRate: sampleRate,
            sampleScale: .int16,
            framing: Framing(
                milliseconds: 25, shiftMilliseconds: 10, sampleRate: sampleRate, edges: .snipped),
            preEmphasis: PreEmphasis(coefficient: 0.97, scope: .frame),
            window: .hamming,
            fftLength: nextPowerOfTwo(samples(inMilliseconds: 25, sampleRate: sampleRate)),
            spectrum: .magnitude,
            mel: Mel(
                scale: .htk, bandCount: 26, lowFrequencyHz: 0, highFrequencyHz: Double(sampleRate) / 2,
                triangles: .linearInMel, lowestBin: .roundedAboveLowFrequency),
            logarithm: Logarithm(kind: .natural, floor: 1),
            cepstrum: Cepstrum(coefficientCount: 12, normalization: .uniform, lifter: 22, zeroth: .omitted))
    }

    fileprivate static func librosa(sampleRate: Int) -> FrontEndConfiguration {
        FrontEndConfiguration(
            sampleRate: sampleRate,
            framing: Framing(frameLengthSamples: 2048, frameShiftSamples: 512, edges: .centeredOnZeros),
            window: .periodicHann,
            fftLength: 2048,
            spectrum: .power,
            mel: Mel(
                scale: .slaney, bandCount: 128, lowFrequencyHz: 0, highFrequencyHz: Double(sampleRate) / 2,
                triangles: .linearInHertz, isAreaNormalized: true),
            logarithm: Logarithm(kind: .decibels, floor: 1e-10, topDecibels: 80),
            cepstrum: Cepstrum(coefficientCount: 20))
    }

    fileprivate static func torchaudio(sampleRate: Int) -> FrontEndConfiguration {
        FrontEndConfiguration(
            sampleRate: sampleRate,
            framing: Framing(frameLengthSamples: 400, frameShiftSamples: 200, edges: .centeredOnReflection),
            window: .periodicHann,
            fftLength: 400,
            spectrum: .power,
            mel: Mel(
                scale: .htk, bandCount: 128, lowFrequencyHz: 0, highFrequencyHz: Double(sampleRate) / 2,
                triangles: .linearInHertz),
            logarithm: Logarithm(kind: .decibels, floor: 1e-10, topDecibels: 80),
            cepstrum: Cepstrum(coefficientCount: 40))
    }

    fileprivate static func tensorflow(sampleRate: Int) -> FrontEndConfiguration {
        FrontEndConfiguration(
            sampleRate: sampleRate,
            framing: Framing(
                milliseconds: 30, shiftMilliseconds: 10, sampleRate: sampleRate, edges: .snipped),
            window: .periodicHann,
            fftLength: nextPowerOfTwo(samples(inMilliseconds: 30, sampleRate: sampleRate)),
            spectrum: .magnitude,
            mel: Mel(
                scale: .htk, bandCount: 40, lowFrequencyHz: 20, highFrequencyHz: 4_000,
                triangles: .linearInMel, lowestBin: .roundedAboveLowFrequency),
            logarithm: Logarithm(kind: .natural, floor: 1e-12),
            cepstrum: Cepstrum(coefficientCount: 13, normalization: .uniform))
    }

    fileprivate static func pythonSpeechFeatures(sampleRate: Int) -> FrontEndConfiguration {
        FrontEndConfiguration(
            sampleRate: sampleRate,
            sampleScale: .int16,
            framing: Framing(
                milliseconds: 25, shiftMilliseconds: 10, sampleRate: sampleRate, edges: .zeroPaddedTail),
            preEmphasis: PreEmphasis(coefficient: 0.97, scope: .signal),
            window: .rectangular,
            fftLength: nextPowerOfTwo(samples(inMilliseconds: 25, sampleRate: sampleRate)),
            spectrum: .powerOverLength,
            mel: Mel(
                scale: .htk, bandCount: 26, lowFrequencyHz: 0, highFrequencyHz: Double(sampleRate) / 2,
                triangles: .flooredToBins),
            logarithm: Logarithm(kind: .natural, floor: Double.ulpOfOne),
            cepstrum: Cepstrum(coefficientCount: 13, lifter: 22, zeroth: .logSpectralEnergy))
    }
}

extension FrontEndConfiguration.Framing {
    fileprivate init(
        milliseconds: Int, shiftMilliseconds: Int, sampleRate: Int, edges: FrontEndConfiguration.FrameEdges
    ) {
        self.init(
            frameLengthSamples: samples(inMilliseconds: milliseconds, sampleRate: sampleRate),
            frameShiftSamples: samples(inMilliseconds: shiftMilliseconds, sampleRate: sampleRate),
            edges: edges)
    }
}

/// Rounds half up.
private func samples(inMilliseconds milliseconds: Int, sampleRate: Int) -> Int {
    (milliseconds * sampleRate + 500) / 1_000
}

private func nextPowerOfTwo(_ value: Int) -> Int {
    value <= 1 ? 1 : 1 << (Int.bitWidth - (value - 1).leadingZeroBitCount)
}
