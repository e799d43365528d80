#include "gates.h"

#include <stdint.h>
#include <string.h>

#include "clones.h"

#pragma clang fp contract(fast)

/// e^x for |x| ≤ 87, clamped beyond: x = k ln 2 + f with |f| ≤ ln 2 / 2, e^f by its Taylor polynomial of degree 7
/// (remainder below 2⁻²⁷), 2^k by adding k to the exponent bits.
static inline float exponential(float x) {
    x = x > 87.0f ? 87.0f : x;
    x = x < -87.0f ? -87.0f : x;
    const float rounding = 0x1.8p23f;
    float shifted = x * 0x1.715476p+0f + rounding;
    float k = shifted - rounding;
    float f = x - k * 0x1.62e400p-1f;
    f = f - k * 0x1.7f7d1cp-20f;
    float p = 0x1.a01a02p-13f;
    p = p * f + 0x1.6c16c2p-10f;
    p = p * f + 0x1.111112p-7f;
    p = p * f + 0x1.555556p-5f;
    p = p * f + 0x1.555556p-3f;
    p = p * f + 0.5f;
    p = p * f + 1.0f;
    p = p * f + 1.0f;
    int32_t bits, exponent;
    memcpy(&bits, &p, sizeof bits);
    memcpy(&exponent, &shifted, sizeof exponent);
    bits = (int32_t)((uint32_t)bits + ((uint32_t)exponent << 23));
    memcpy(&p, &bits, sizeof p);
    return p;
}

static inline float sigmoid(float x) { return 1.0f / (1.0f + exponential(-x)); }

static inline float hyperbolicTangent(float x) { return 2.0f / (1.0f + exponential(-2.0f * x)) - 1.0f; }

MYNAH_CLONES
void mynah_gru_forward(
    size_t batch, size_t hidden, float *gates, const float *recurrent, const float *recurrentBias,
    const float *previous, float *candidate, float *state) {
    const float *resetBias = recurrentBias, *updateBias = resetBias + hidden, *candidateBias = updateBias + hidden;
    for (size_t b = 0; b < batch; b++) {
        float *r = gates + b * 3 * hidden, *z = r + hidden, *n = z + hidden;
        const float *ur = recurrent + b * 3 * hidden, *uz = ur + hidden, *un = uz + hidden;
        const float *before = previous + b * hidden;
        float *biased = candidate + b * hidden, *after = state + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float reset = sigmoid(r[j] + ur[j] + resetBias[j]);
            float update = sigmoid(z[j] + uz[j] + updateBias[j]);
            float product = un[j] + candidateBias[j];
            float new = hyperbolicTangent(n[j] + reset * product);
            r[j] = reset;
            z[j] = update;
            n[j] = new;
            biased[j] = product;
            after[j] = new + update * (before[j] - new);
        }
    }
}

MYNAH_CLONES
void mynah_gru_backward(
    size_t batch, size_t hidden, float *gates, float *candidate, const float *previous, float *recurrentGradient,
    float *stateGradient) {
    for (size_t b = 0; b < batch; b++) {
        float *r = gates + b * 3 * hidden, *z = r + hidden, *n = z + hidden;
        float *ur = recurrentGradient + b * 3 * hidden, *uz = ur + hidden, *un = uz + hidden;
        float *biased = candidate + b * hidden, *gradient = stateGradient + b * hidden;
        const float *before = previous + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float reset = r[j], update = z[j], new = n[j], dState = gradient[j];
            float dUpdate = dState * (before[j] - new) * update * (1.0f - update);
            float dNew = dState * (1.0f - update) * (1.0f - new * new);
            float dReset = dNew * biased[j] * reset * (1.0f - reset);
            float dProduct = dNew * reset;
            r[j] = dReset;
            z[j] = dUpdate;
            n[j] = dNew;
            ur[j] = dReset;
            uz[j] = dUpdate;
            un[j] = dProduct;
            biased[j] = dProduct;
            gradient[j] = dState * update;
        }
    }
}

MYNAH_CLONES
void mynah_exponentials(size_t count, float *values) {
#pragma clang loop vectorize(assume_safety)
    for (size_t i = 0; i < count; i++) values[i] = exponential(values[i]);
}
