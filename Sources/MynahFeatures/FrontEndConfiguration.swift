/// Every setting of the front end, from samples to feature rows.
///
/// A configuration that comes from a file is hostile until ``validate()`` has passed; the extractors call it
/// themselves. Lengths are in samples, so that frames of 2048 samples and frames of 30 ms are both exact.
package struct FrontEndConfiguration: Codable, Hashable, Sendable {
    /// Rate of the input, in Hz, 4,000 to 384,000.
    package var sampleRate: Int

    /// Value of full scale that the later stages see.
    package var sampleScale: SampleScale

    /// How the signal is cut into frames.
    package var framing: Framing

    /// Whether the mean of each frame is subtracted from it before anything else.
    package var removesDCOffset: Bool

    /// First-order high-pass filter before the window; nil leaves the signal as it is.
    package var preEmphasis: PreEmphasis?

    /// Window that each frame is multiplied by.
    package var window: WindowFunction

    /// Length of the Fourier transform in samples, even, at least the frame length; zeros follow the frame.
    package var fftLength: Int

    /// What is kept of the complex spectrum.
    package var spectrum: Spectrum

    /// The mel filter bank.
    package var mel: Mel

    /// Compression of the mel energies.
    package var logarithm: Logarithm

    /// Cosine transform of the log-mel energies; nil gives the log-mel energies themselves.
    package var cepstrum: Cepstrum?

    /// Derivatives in time that follow the static features in each row; nil appends none.
    package var deltas: Deltas?

    /// Wraps the settings; nothing is checked before ``validate()``.
    package init(
        sampleRate: Int,
        sampleScale: SampleScale = .unit,
        framing: Framing,
        removesDCOffset: Bool = false,
        preEmphasis: PreEmphasis? = nil,
        window: WindowFunction,
        fftLength: Int,
        spectrum: Spectrum,
        mel: Mel,
        logarithm: Logarithm,
        cepstrum: Cepstrum?,
        deltas: Deltas? = nil
    ) {
        self.sampleRate = sampleRate
        self.sampleScale = sampleScale
        self.framing = framing
        self.removesDCOffset = removesDCOffset
        self.preEmphasis = preEmphasis
        self.window = window
        self.fftLength = fftLength
        self.spectrum = spectrum
        self.mel = mel
        self.logarithm = logarithm
        self.cepstrum = cepstrum
        self.deltas = deltas
    }

    /// Number of features of a frame before deltas: cepstral coefficients, or mel bands where there is no cepstrum.
    package var coefficientCount: Int { cepstrum?.coefficientCount ?? mel.bandCount }

    /// Number of columns of a feature row, `D`, deltas included.
    package var featureCount: Int { coefficientCount * (1 + (deltas?.order ?? 0)) }

    /// Mel bands that the features are an orthonormal cosine transform of, and nothing else; nil where they are something else.
    package var transformedBandCount: Int? {
        guard let cepstrum, cepstrum.normalization == .orthonormal, cepstrum.lifter == 0,
            cepstrum.zeroth == .cepstral, deltas == nil
        else { return nil }
        return mel.bandCount
    }

    /// Length of a frame in milliseconds.
    package var frameLengthMilliseconds: Double {
        1000 * Double(framing.frameLengthSamples) / Double(sampleRate)
    }

    /// Distance between the starts of consecutive frames in milliseconds.
    package var frameShiftMilliseconds: Double {
        1000 * Double(framing.frameShiftSamples) / Double(sampleRate)
    }

    /// Number of rows of features that a clip of `sampleCount` samples gives.
    package func frameCount(sampleCount: Int) -> Int { framing.frameCount(sampleCount: sampleCount) }
}

extension FrontEndConfiguration {
    /// Value of full scale; inputs are always ±1.
    package enum SampleScale: String, Codable, CaseIterable, Sendable {
        /// Full scale is ±1.
        case unit

        /// Full scale is ±32,768, as of 16-bit samples taken as numbers; Kaldi and HTK.
        case int16
    }

    /// How the signal is cut into frames.
    package struct Framing: Codable, Hashable, Sendable {
        /// Length of a frame in samples, 2 to 65,536.
        package var frameLengthSamples: Int

        /// Distance between the starts of consecutive frames in samples, 1 to 65,536.
        package var frameShiftSamples: Int

        /// What happens where a frame would reach beyond the clip.
        package var edges: FrameEdges

        /// Wraps the settings.
        package init(frameLengthSamples: Int, frameShiftSamples: Int, edges: FrameEdges) {
            self.frameLengthSamples = frameLengthSamples
            self.frameShiftSamples = frameShiftSamples
            self.edges = edges
        }

        /// Number of frames in `sampleCount` samples; none in an empty clip, whatever the edges.
        ///
        /// A clip shorter than a frame has no frame with ``FrameEdges/snipped`` and at least one with the others.
        package func frameCount(sampleCount: Int) -> Int {
            guard sampleCount > 0 else { return 0 }
            switch edges {
            case .snipped:
                guard sampleCount >= frameLengthSamples else { return 0 }
                return 1 + (sampleCount - frameLengthSamples) / frameShiftSamples
            case .zeroPaddedTail:
                guard sampleCount > frameLengthSamples else { return 1 }
                return 1 + (sampleCount - frameLengthSamples + frameShiftSamples - 1) / frameShiftSamples
            case .centeredOnZeros, .centeredOnReflection:
                return 1 + sampleCount / frameShiftSamples
            }
        }
    }

    /// What happens where a frame would reach beyond the clip.
    package enum FrameEdges: String, Codable, CaseIterable, Sendable {
        /// Only whole frames count; a clip shorter than one has none.
        case snipped

        /// Frames start at 0 and the last is filled with zeros; python_speech_features.
        case zeroPaddedTail

        /// Frame `t` is centred on sample `t * shift`; zeros lie beyond both ends; librosa.
        case centeredOnZeros

        /// Frame `t` is centred on sample `t * shift`; the signal is mirrored at both ends; torchaudio.
        case centeredOnReflection
    }

    /// The filter `y[n] = x[n] - coefficient * x[n - 1]`.
    package struct PreEmphasis: Codable, Hashable, Sendable {
        /// What the filter runs over.
        package enum Scope: String, Codable, CaseIterable, Sendable {
            /// Each frame by itself, after its mean is removed; its first sample counts as its own predecessor; Kaldi, HTK.
            case frame

            /// The whole signal, which zeros precede; python_speech_features.
            case signal
        }

        /// Weight of the previous sample, 0 to 1.
        package var coefficient: Double

        /// What the filter runs over.
        package var scope: Scope

        /// Wraps the settings.
        package init(coefficient: Double, scope: Scope) {
            self.coefficient = coefficient
            self.scope = scope
        }
    }

    /// What is kept of the complex spectrum `X` of a frame.
    package enum Spectrum: String, Codable, CaseIterable, Sendable {
        /// `|X|²`.
        case power

        /// `|X|`.
        case magnitude

        /// `|X|²` divided by the FFT length; python_speech_features.
        case powerOverLength
    }

    /// The mel filter bank: overlapping triangles, each from its left neighbour's centre to its right neighbour's.
    package struct Mel: Codable, Hashable, Sendable {
        /// The formula from Hz to mel.
        package var scale: MelScale

        /// Number of triangles, 1 to 1,024.
        package var bandCount: Int

        /// Left edge of the first triangle in Hz, at least 0.
        package var lowFrequencyHz: Double

        /// Right edge of the last triangle in Hz, at most half the sample rate.
        package var highFrequencyHz: Double

        /// On which axis the sides of the triangles are straight.
        package var triangles: MelTriangles

        /// Which bins the bank may use.
        package var lowestBin: MelLowestBin

        /// Whether each triangle is scaled to unit area over frequency in Hz (Slaney).
        package var isAreaNormalized: Bool

        /// Wraps the settings.
        package init(
            scale: MelScale, bandCount: Int, lowFrequencyHz: Double, highFrequencyHz: Double,
            triangles: MelTriangles, lowestBin: MelLowestBin = .any, isAreaNormalized: Bool = false
        ) {
            self.scale = scale
            self.bandCount = bandCount
            self.lowFrequencyHz = lowFrequencyHz
            self.highFrequencyHz = highFrequencyHz
            self.triangles = triangles
            self.lowestBin = lowestBin
            self.isAreaNormalized = isAreaNormalized
        }
    }

    /// The formula from Hz to mel.
    package enum MelScale: String, Codable, CaseIterable, Sendable {
        /// `1127 ln(1 + f / 700)`; O'Shaughnessy, *Speech Communication*, 1987; HTK, Kaldi.
        case htk

        /// Linear below 1 kHz, logarithmic above; Slaney, *Auditory Toolbox*, 1998.
        case slaney
    }

    /// On which axis the sides of the mel triangles are straight.
    package enum MelTriangles: String, Codable, CaseIterable, Sendable {
        /// Straight over mel; Kaldi, HTK, TensorFlow.
        case linearInMel

        /// Straight over Hz; librosa, torchaudio.
        case linearInHertz

        /// Straight over bins, with edges at the bins `⌊(fftLength + 1) f / sampleRate⌋`; python_speech_features.
        case flooredToBins
    }

    /// Which bins of the spectrum a mel bank may use.
    package enum MelLowestBin: String, Codable, CaseIterable, Sendable {
        /// Each bin inside a triangle.
        case any

        /// Bins from `⌊low / binWidth + 1.5⌋` on, so that DC never counts; HTK, TensorFlow.
        case roundedAboveLowFrequency
    }

    /// Compression of the mel energies.
    package struct Logarithm: Codable, Hashable, Sendable {
        /// The formula, with ``Logarithm/floor`` as its guard.
        package enum Kind: String, Codable, CaseIterable, Sendable {
            /// `ln max(x, floor)`.
            case natural

            /// `ln (x + floor)`.
            case naturalOfSum

            /// `10 log10 max(x, floor)`.
            case decibels
        }

        /// The formula.
        package var kind: Kind

        /// What keeps the logarithm of silence finite, in units of the mel energy, 1e-37 to 1e30.
        package var floor: Double

        /// Values more than this many dB below the largest of the clip are raised to that; nil for no such limit.
        package var topDecibels: Double?

        /// Wraps the settings.
        package init(kind: Kind, floor: Double, topDecibels: Double? = nil) {
            self.kind = kind
            self.floor = floor
            self.topDecibels = topDecibels
        }
    }

    /// Cosine transform (DCT-II) of the log-mel energies.
    package struct Cepstrum: Codable, Hashable, Sendable {
        /// Factor of the cosines, with `M` mel bands.
        package enum Normalization: String, Codable, CaseIterable, Sendable {
            /// `√(2 / M)`, and `√(1 / M)` for coefficient 0: an orthonormal matrix.
            case orthonormal

            /// `√(2 / M)` for every coefficient; HTK, TensorFlow.
            case uniform
        }

        /// What stands for coefficient 0.
        package enum Zeroth: String, Codable, CaseIterable, Sendable {
            /// Coefficient 0 itself.
            case cepstral

            /// Nothing: coefficients run from 1; HTK without `_0`.
            case omitted

            /// ln of the frame's energy before pre-emphasis and window; Kaldi.
            case logFrameEnergy

            /// ln of the sum of the spectrum; python_speech_features.
            case logSpectralEnergy
        }

        /// Number of coefficients kept, 1 to the number of mel bands (one fewer with ``Zeroth/omitted``).
        package var coefficientCount: Int

        /// Factor of the cosines.
        package var normalization: Normalization

        /// Lifter parameter `L` of the factor `1 + L/2 sin(π i / L)` on coefficient `i`; 0 for none, at most 1,000.
        package var lifter: Int

        /// What stands for coefficient 0.
        package var zeroth: Zeroth

        /// Wraps the settings.
        package init(
            coefficientCount: Int, normalization: Normalization = .orthonormal, lifter: Int = 0,
            zeroth: Zeroth = .cepstral
        ) {
            self.coefficientCount = coefficientCount
            self.normalization = normalization
            self.lifter = lifter
            self.zeroth = zeroth
        }
    }

    /// Derivatives in time by linear regression over neighbouring frames, edges repeated (*The HTK Book*, 5.9).
    package struct Deltas: Codable, Hashable, Sendable {
        /// 1 appends deltas, 2 deltas and their own deltas.
        package var order: Int

        /// Frames to each side of the regression, 1 to 16.
        package var windowFrames: Int

        /// Wraps the settings.
        package init(order: Int, windowFrames: Int = 2) {
            self.order = order
            self.windowFrames = windowFrames
        }
    }
}
