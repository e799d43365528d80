import Glibc

/// Window that each frame is multiplied by, of length `N`.
package enum WindowFunction: String, Codable, CaseIterable, Sendable {
    /// `½ - ½ cos(2πn / N)`.
    case periodicHann

    /// `½ - ½ cos(2πn / (N - 1))`.
    case symmetricHann

    /// `0.54 - 0.46 cos(2πn / (N - 1))`.
    case hamming

    /// The symmetric Hann window to the power 0.85; Kaldi.
    case povey

    /// 1 everywhere.
    case rectangular

    /// `[length]`, the window's values in double precision.
    func values(length: Int) -> [Double] {
        (0..<length).map { index in
            let periodic = 2 * Double.pi * Double(index) / Double(length)
            let symmetric = 2 * Double.pi * Double(index) / Double(length - 1)
            return switch self {
            case .periodicHann: 0.5 - 0.5 * cos(periodic)
            case .symmetricHann: 0.5 - 0.5 * cos(symmetric)
            case .hamming: 0.54 - 0.46 * cos(symmetric)
            case .povey: pow(0.5 - 0.5 * cos(symmetric), 0.85)
            case .rectangular: 1
            }
        }
    }
}
