/// The range from which a value is drawn uniformly, both ends included.
public struct ValueRange: Codable, Hashable, Sendable {
    /// The smallest value.
    public var lower: Float

    /// The largest value, not below `lower`.
    public var upper: Float

    /// A range with the given ends.
    public init(_ lower: Float, _ upper: Float) {
        self.lower = lower
        self.upper = upper
    }

    /// The value that lies `position` of the way from `lower` to `upper`, `position` within `0 ... 1`.
    func value(at position: Float) -> Float { lower + position * (upper - lower) }

    /// Makes sure that both ends lie in a range and are in order.
    ///
    /// - Throws: `DataError.invalidSetting`.
    func validate(_ name: String, within range: ClosedRange<Float>) throws(DataError) {
        try requireSetting(name, lower, within: range)
        try requireSetting(name, upper, within: range)
        guard lower <= upper else {
            throw .invalidSetting(name: name, value: "\(self)", expected: "the smaller value first")
        }
    }
}

extension ValueRange: CustomStringConvertible {
    /// The ends with a comma between them, as the command line takes them: `5.0,30.0`.
    public var description: String { "\(lower),\(upper)" }
}
