import Glibc

/// ln n!, from the gamma function in its reentrant form (`lgamma` writes a global).
func logFactorial(_ n: Int) -> Double {
    var sign: Int32 = 0
    return lgamma_r(Double(n) + 1, &sign)
}
