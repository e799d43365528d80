import Glibc

/// A small, fast random number generator whose whole state is one seed: SplitMix64.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// The same seed gives the same numbers on every machine, which `SystemRandomNumberGenerator` does not promise.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the sequence that belongs to `seed`.
    package init(seed: UInt64) {
        state = seed
    }

    /// Starts the sequence that belongs to a place in a run, for instance `(seed, epoch, clip)`.
    ///
    /// Sequences of different keys are independent, so that work can be split over threads in any order.
    package init(seed: UInt64, _ keys: Int...) {
        var mixer = SeededGenerator(seed: seed)
        for key in keys {
            mixer = SeededGenerator(seed: mixer.next() ^ UInt64(bitPattern: Int64(key)))
        }
        state = mixer.next()
    }

    /// The next 64 uniformly distributed bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number drawn uniformly from `0 ..< 1`, in steps of 2⁻²⁴.
    package mutating func uniform() -> Float {
        Float(next() >> 40) * 0x1p-24
    }
}

extension SeededGenerator {
    /// A number drawn uniformly from `0 ..< bound`.
    ///
    /// The standard library does not promise that its own `random(in:using:)` stays the same from version to version.
    package mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "bound must be positive, got \(bound)")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// A number drawn uniformly from `-limit ... limit`.
    package mutating func symmetric(_ limit: Float) -> Float {
        (2 * uniform() - 1) * limit
    }

    /// A number drawn uniformly from a range, in steps of 2⁻⁵³ of its length.
    package mutating func number(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + Double(next() >> 11) * 0x1p-53 * (range.upperBound - range.lowerBound)
    }

    /// A number drawn from the standard normal distribution (Box and Muller, "A note on the generation of random normal
    /// deviates", 1958).
    package mutating func gaussian() -> Double {
        let radius = (-2 * log(1 - Double(uniform()))).squareRoot()
        return radius * cos(2 * Double.pi * Double(uniform()))
    }

    /// Puts the elements into a random order (Fisher and Yates).
    package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) {
            elements.swapAt(last, index(below: last + 1))
        }
    }
}
