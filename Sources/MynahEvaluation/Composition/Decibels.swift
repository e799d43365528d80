import Glibc

extension Float {
    /// The factor of amplitude that so many decibels are.
    init(decibels: Double) {
        self = Float(pow(10, decibels / 20))
    }
}
