import MynahBase
import Synchronization

/// What computing frames reads and never writes: window, filter bank and cosine transform of a front end.
///
/// All extractors with equal settings share one, as long as any of them lives: a server has hundreds of streams.
final class FrameTables: Sendable {
    /// `[frameLengthSamples]`, times what full scale is.
    let window: FloatBuffer

    let melBank: MelFilterBank

    /// Nil without a cepstrum.
    let transform: CosineTransform?

    private struct Entry {
        weak var tables: FrameTables?
    }

    private static let living = Mutex<[FrontEndConfiguration: Entry]>([:])

    /// The tables of valid settings.
    static func shared(_ configuration: FrontEndConfiguration) -> FrameTables {
        living.withLock { living in
            if let tables = living[configuration]?.tables { return tables }
            let tables = FrameTables(configuration)
            living = living.filter { $0.value.tables != nil }
            living[configuration] = Entry(tables: tables)
            return tables
        }
    }

    private init(_ configuration: FrontEndConfiguration) {
        // Both scales are powers of two, so the window may carry them without a rounding of its own.
        let sampleScale = configuration.sampleScale.factor
        window = FloatBuffer(
            configuration.window.values(length: configuration.framing.frameLengthSamples)
                .map { Float($0 * sampleScale) })
        melBank = MelFilterBank(configuration)
        if let cepstrum = configuration.cepstrum {
            transform = CosineTransform(cepstrum, bandCount: configuration.mel.bandCount)
        } else {
            transform = nil
        }
    }
}

extension FrontEndConfiguration.SampleScale {
    /// What full scale is.
    var factor: Double { self == .int16 ? 32_768 : 1 }
}
