internal import CVectorMath

/// The numbers whose products training adds up; the sums are always `Float`, as are weights, states and gradients.
package enum ProductPrecision: String, Codable, CaseIterable, Sendable {
    /// Single precision, 24 bits of mantissa: on every processor.
    case float32

    /// The upper half of a `Float`, 8 bits of mantissa (Kalamkar et al., arXiv 1905.12322): where the processor multiplies
    /// them (AVX-512 BF16), nearly twice as fast.
    case bfloat16

    /// Whether this processor has instructions for it.
    package var isAvailable: Bool {
        switch self {
        case .float32: true
        case .bfloat16: mynah_has_bfloat16() != 0
        }
    }

    /// The fastest one of this processor.
    package static var fastest: ProductPrecision { bfloat16.isAvailable ? .bfloat16 : .float32 }
}
