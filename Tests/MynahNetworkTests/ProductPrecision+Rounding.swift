@testable import MynahNetwork

extension ProductPrecision {
    /// Those that this processor has.
    static var available: [ProductPrecision] { allCases.filter(\.isAvailable) }

    /// A number as products of this precision read it: the nearest one, of two as near the even one.
    func rounded(_ value: Float) -> Float {
        guard self == .bfloat16 else { return value }
        let bits = value.bitPattern
        return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
    }
}
