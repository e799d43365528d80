#include "cells.h"

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
void mynah_elman_forward(size_t batch, size_t hidden, float *gates, const float *recurrent, const float *bias, float *state) {
    for (size_t b = 0; b < batch; b++) {
        float *n = gates + b * hidden, *after = state + b * hidden;
        const float *un = recurrent + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float new = hyperbolicTangent(n[j] + un[j] + bias[j]);
            n[j] = new;
            after[j] = new;
        }
    }
}

MYNAH_CLONES
void mynah_elman_backward(size_t batch, size_t hidden, float *gates, const float *stateGradient, float *biasGradient) {
    for (size_t b = 0; b < batch; b++) {
        float *n = gates + b * hidden;
        const float *gradient = stateGradient + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float dNew = gradient[j] * (1.0f - n[j] * n[j]);
            n[j] = dNew;
            biasGradient[j] += dNew;
        }
    }
}

MYNAH_CLONES
void mynah_lstm_forward(
    size_t batch, size_t hidden, float *gates, const float *recurrent, const float *bias, const float *previousMemory,
    float *memory, float *state) {
    const float *inputBias = bias, *forgetBias = bias + hidden, *newBias = bias + 2 * hidden, *outputBias = bias + 3 * hidden;
    for (size_t b = 0; b < batch; b++) {
        float *i = gates + b * 4 * hidden, *f = i + hidden, *g = f + hidden, *o = g + hidden;
        const float *ui = recurrent + b * 4 * hidden, *uf = ui + hidden, *ug = uf + hidden, *uo = ug + hidden;
        const float *before = previousMemory + b * hidden;
        float *cell = memory + b * hidden, *after = state + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float input = sigmoid(i[j] + ui[j] + inputBias[j]);
            float forget = sigmoid(f[j] + uf[j] + forgetBias[j]);
            float new = hyperbolicTangent(g[j] + ug[j] + newBias[j]);
            float output = sigmoid(o[j] + uo[j] + outputBias[j]);
            float c = forget * before[j] + input * new;
            i[j] = input;
            f[j] = forget;
            g[j] = new;
            o[j] = output;
            cell[j] = c;
            after[j] = output * hyperbolicTangent(c);
        }
    }
}

MYNAH_CLONES
void mynah_lstm_backward(
    size_t batch, size_t hidden, float *gates, const float *previousMemory, const float *memory,
    const float *stateGradient, float *memoryGradient, float *biasGradient) {
    float *dInputBias = biasGradient, *dForgetBias = dInputBias + hidden, *dNewBias = dForgetBias + hidden,
          *dOutputBias = dNewBias + hidden;
    for (size_t b = 0; b < batch; b++) {
        float *i = gates + b * 4 * hidden, *f = i + hidden, *g = f + hidden, *o = g + hidden;
        const float *before = previousMemory + b * hidden, *cell = memory + b * hidden;
        const float *gradient = stateGradient + b * hidden;
        float *flowing = memoryGradient + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float input = i[j], forget = f[j], new = g[j], output = o[j];
            float squashed = hyperbolicTangent(cell[j]);
            float dCell = flowing[j] + gradient[j] * output * (1.0f - squashed * squashed);
            float dInput = dCell * new * input * (1.0f - input);
            float dForget = dCell * before[j] * forget * (1.0f - forget);
            float dNew = dCell * input * (1.0f - new * new);
            float dOutput = gradient[j] * squashed * output * (1.0f - output);
            i[j] = dInput;
            f[j] = dForget;
            g[j] = dNew;
            o[j] = dOutput;
            dInputBias[j] += dInput;
            dForgetBias[j] += dForget;
            dNewBias[j] += dNew;
            dOutputBias[j] += dOutput;
            flowing[j] = dCell * forget;
        }
    }
}

MYNAH_CLONES
void mynah_gru_forward(
    size_t batch, size_t hidden, float *gates, const float *recurrent, const float *inputBias,
    const float *recurrentBias, const float *previous, float *candidate, float *state) {
    const float *resetBias = inputBias, *updateBias = resetBias + hidden, *newBias = updateBias + hidden;
    const float *resetBias2 = recurrentBias, *updateBias2 = resetBias2 + hidden, *productBias = updateBias2 + hidden;
    for (size_t b = 0; b < batch; b++) {
        float *r = gates + b * 3 * hidden, *z = r + hidden, *n = z + hidden;
        const float *ur = recurrent + b * 3 * hidden, *uz = ur + hidden, *un = uz + hidden;
        const float *before = previous + b * hidden;
        float *biased = candidate + b * hidden, *after = state + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float reset = sigmoid(r[j] + ur[j] + (resetBias[j] + resetBias2[j]));
            float update = sigmoid(z[j] + uz[j] + (updateBias[j] + updateBias2[j]));
            float product = un[j] + productBias[j];
            float new = hyperbolicTangent(n[j] + newBias[j] + reset * product);
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
    float *stateGradient, float *biasGradient) {
    float *dResetBias = biasGradient, *dUpdateBias = dResetBias + hidden, *dNewBias = dUpdateBias + hidden,
          *dProductBias = dNewBias + hidden;
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
            dResetBias[j] += dReset;
            dUpdateBias[j] += dUpdate;
            dNewBias[j] += dNew;
            dProductBias[j] += dProduct;
            gradient[j] = dState * update;
        }
    }
}

MYNAH_CLONES
void mynah_mingru_forward(
    size_t batch, size_t hidden, float *gates, const float *bias, const float *previous, float *state) {
    const float *updateBias = bias, *newBias = bias + hidden;
    for (size_t b = 0; b < batch; b++) {
        float *z = gates + b * 2 * hidden, *n = z + hidden, *after = state + b * hidden;
        const float *before = previous + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float update = sigmoid(z[j] + updateBias[j]);
            float new = n[j] + newBias[j];
            z[j] = update;
            n[j] = new;
            after[j] = before[j] + update * (new - before[j]);
        }
    }
}

MYNAH_CLONES
void mynah_mingru_backward(
    size_t batch, size_t hidden, float *gates, const float *previous, float *stateGradient, float *biasGradient) {
    float *dUpdateBias = biasGradient, *dNewBias = biasGradient + hidden;
    for (size_t b = 0; b < batch; b++) {
        float *z = gates + b * 2 * hidden, *n = z + hidden, *gradient = stateGradient + b * hidden;
        const float *before = previous + b * hidden;
#pragma clang loop vectorize(assume_safety)
        for (size_t j = 0; j < hidden; j++) {
            float update = z[j], dState = gradient[j];
            float dUpdate = dState * (n[j] - before[j]) * update * (1.0f - update);
            float dNew = dState * update;
            z[j] = dUpdate;
            n[j] = dNew;
            dUpdateBias[j] += dUpdate;
            dNewBias[j] += dNew;
            gradient[j] = dState * (1.0f - update);
        }
    }
}

MYNAH_CLONES
void mynah_exponentials(size_t count, float *values) {
#pragma clang loop vectorize(assume_safety)
    for (size_t i = 0; i < count; i++) values[i] = exponential(values[i]);
}

MYNAH_CLONES
void mynah_hyperbolic_tangents(size_t count, float *values) {
#pragma clang loop vectorize(assume_safety)
    for (size_t i = 0; i < count; i++) values[i] = hyperbolicTangent(values[i]);
}

MYNAH_CLONES
void mynah_tanh_backward(float *restrict gradient, const float *restrict output, size_t count) {
    for (size_t i = 0; i < count; i++) gradient[i] *= 1.0f - output[i] * output[i];
}
