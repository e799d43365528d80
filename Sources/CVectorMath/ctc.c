#include "ctc.h"

#include <stdint.h>
#include <string.h>

#include "clones.h"

// exp x for x ≤ 0: 2^k times a polynomial of the rest, |r| ≤ ln 2 / 2, whose Taylor series is cut behind r¹² (error below
// 2e-16); k is found by adding 1.5 · 2⁵², which leaves it in the low bits. Without branches, so that loops over it become
// vector instructions.
static inline double exponential(double x) {
    const double bounded = x > -708.0 ? x : -708.0;
    const double shifted = bounded * 1.4426950408889634 + 0x1.8p52;
    const double k = shifted - 0x1.8p52;
    const double r = (bounded - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
    double p = 1.0 / 479001600.0;
    p = p * r + 1.0 / 39916800.0;
    p = p * r + 1.0 / 3628800.0;
    p = p * r + 1.0 / 362880.0;
    p = p * r + 1.0 / 40320.0;
    p = p * r + 1.0 / 5040.0;
    p = p * r + 1.0 / 720.0;
    p = p * r + 1.0 / 120.0;
    p = p * r + 1.0 / 24.0;
    p = p * r + 1.0 / 6.0;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    int64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    const int64_t exponent = (int64_t)((uint64_t)bits << 52) + 0x3FF0000000000000;
    double power;
    memcpy(&power, &exponent, sizeof power);
    return x > -708.0 ? p * power : 0.0;
}

// ln x for 1 ≤ x ≤ 3, as 2 artanh((m - 1) / (m + 1)) of m in [¾, 1½]; the series is cut behind z²¹ (error below 1e-16).
static inline double logarithmUpToThree(double x) {
    const double isLarge = x > 1.5 ? 1.0 : 0.0;
    const double m = x > 1.5 ? 0.5 * x : x;
    const double z = (m - 1.0) / (m + 1.0);
    const double square = z * z;
    double p = 2.0 / 21.0;
    p = p * square + 2.0 / 19.0;
    p = p * square + 2.0 / 17.0;
    p = p * square + 2.0 / 15.0;
    p = p * square + 2.0 / 13.0;
    p = p * square + 2.0 / 11.0;
    p = p * square + 2.0 / 9.0;
    p = p * square + 2.0 / 7.0;
    p = p * square + 2.0 / 5.0;
    p = p * square + 2.0 / 3.0;
    p = p * square + 2.0;
    return p * z + isLarge * 0.69314718055994530942;
}

MYNAH_CLONES
void mynah_ctc_step(
    size_t stateCount, const double *restrict previous, const double *restrict emission, const double *restrict skip,
    double *restrict next) {
    for (size_t state = 0; state < stateCount; state++) {
        const double stay = previous[state + 2];
        const double step = previous[state + 1];
        const double jump = previous[state] + skip[state];
        double largest = stay > step ? stay : step;
        largest = largest > jump ? largest : jump;
        const double sum = exponential(stay - largest) + exponential(step - largest) + exponential(jump - largest);
        const double total = largest + logarithmUpToThree(sum) + emission[state];
        next[state + 2] = total > mynah_unreachable ? total : mynah_unreachable;
    }
}

MYNAH_CLONES
void mynah_exponentials_below_one(size_t count, double *values) {
    for (size_t index = 0; index < count; index++) values[index] = exponential(values[index]);
}
