/// Colours for values, from dark for small to light for large ones.
enum ColorMap {
    /// Number of different colours; the eye cannot tell more apart, and fewer make a smaller drawing.
    static let levelCount = 64

    /// The colours of all levels, as `#rrggbb`.
    ///
    /// Cividis: lightness rises evenly, so that it keeps its order in black and white, and it looks nearly the same to
    /// people with and without colour vision deficiency (Nuñez, Anderton and Renslow, *PLOS ONE* 13(7), 2018). The
    /// anchors are every 0.1 of the table in matplotlib 3; straight lines between them are within 8 of 255 of it.
    static let levels: [String] = (0..<levelCount).map { level in
        let position = Double(level) / Double(levelCount - 1) * Double(cividisAnchors.count - 1)
        let index = min(Int(position), cividisAnchors.count - 2)
        let share = position - Double(index)
        let color = [16, 8, 0].map { shift in
            let low = Double(cividisAnchors[index] >> shift & 0xff)
            let high = Double(cividisAnchors[index + 1] >> shift & 0xff)
            return hexadecimal(Int((low + share * (high - low)).rounded()))
        }
        return "#" + color.joined()
    }

    private static let cividisAnchors = [
        0x00224e, 0x083370, 0x35456c, 0x4f576c, 0x666970, 0x7d7c78, 0x948e77, 0xaea371, 0xc8b866, 0xe5cf52,
        0xfee838,
    ]

    /// The level of a value in a range; values outside count as the nearer end.
    static func level(of value: Double, in range: ClosedRange<Double>) -> Int {
        let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
        return Int((min(max(share, 0), 1) * Double(levelCount - 1)).rounded())
    }

    private static func hexadecimal(_ byte: Int) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
