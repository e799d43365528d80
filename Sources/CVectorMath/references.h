#pragma once

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "bfloat16.h"
#include "patches.h"

// What the kernels compute, in plain C and one number after the other. Sums are of double precision, but for the front
// end, whose bits are promised: there the references add up in the same order as the kernels. `make kernels` compares
// them at every level of instructions.

#pragma STDC FP_CONTRACT OFF

/// `result` `[rows, columns]` (+)= `a` `[rows, depth]` times `b` `[depth, columns]`, whose rows and columns lie `bRow` and
/// `bColumn` values apart; `a` likewise.
static inline void reference_product(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aRow, size_t aColumn, const float *b, size_t bRow,
    size_t bColumn, float *result, size_t resultStride, int accumulating) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            double sum = accumulating ? result[r * resultStride + c] : 0;
            for (size_t k = 0; k < depth; k++) sum += (double)a[r * aRow + k * aColumn] * b[k * bRow + c * bColumn];
            result[r * resultStride + c] = (float)sum;
        }
    }
}

/// A number rounded to bfloat16: to the nearest, and of two as near to the even one.
static inline float reference_bfloat16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/// First value of a patch: that of the place `place` of a clip at a step.
static inline size_t reference_patch(const struct mynah_patches *s, size_t step, size_t clip, size_t place) {
    return (step * s->frameStride * s->batch + clip) * s->frameSize + place * s->placeStride;
}

/// Calls `BODY` for each value of each patch with each filter; `row` counts the patches, `value` the frames' values, `weight`
/// the kernel's.
#define REFERENCE_PATCHES(s, BODY) \
    for (size_t step = 0, row = 0; step < (s)->steps; step++) \
        for (size_t clip = 0; clip < (s)->batch; clip++) \
            for (size_t place = 0; place < (s)->places; place++, row++) \
                for (size_t channel = 0; channel < (s)->channels; channel++) \
                    for (size_t tap = 0; tap < (s)->taps; tap++) \
                        for (size_t k = 0; k < (s)->run; k++) { \
                            size_t value = reference_patch(s, step, clip, place) + tap * (s)->batch * (s)->frameSize + k; \
                            size_t weight = tap * (s)->run + k; \
                            BODY \
                        }

static inline void reference_convolve(
    const struct mynah_patches *s, const float *frames, const float *filters, double *result) {
    REFERENCE_PATCHES(s, result[row * s->channels + channel] +=
                         (double)frames[value] * filters[channel * s->taps * s->run + weight];)
}

static inline void reference_convolve_filter_gradient(
    const struct mynah_patches *s, const float *frames, const float *flowing, double *gradient) {
    REFERENCE_PATCHES(s, gradient[weight * s->channels + channel] +=
                         (double)frames[value] * flowing[row * s->channels + channel];)
}

static inline void reference_convolve_frame_gradient(
    const struct mynah_patches *s, const float *flowing, const float *filters, double *frameGradient) {
    REFERENCE_PATCHES(s, frameGradient[value] += (double)flowing[row * s->channels + channel] *
                                                 filters[channel * s->taps * s->run + weight];)
}

static inline double reference_sigmoid(double x) { return 1 / (1 + exp(-x)); }

/// The new state of a unit of a GRU, from the products of its three gates with their biases.
static inline double reference_gru(double r, double z, double n, double recurrentNew, double previous) {
    double update = reference_sigmoid(z), candidate = tanh(n + reference_sigmoid(r) * recurrentNew);
    return (1 - update) * candidate + update * previous;
}

/// The new memory and state of a unit of an LSTM.
static inline double reference_lstm(double i, double f, double g, double o, double *memory) {
    *memory = reference_sigmoid(f) * *memory + reference_sigmoid(i) * tanh(g);
    return reference_sigmoid(o) * tanh(*memory);
}

/// The sum of `count` values (or of their squares) in the order of the kernels: eight partial sums, added in pairs.
static inline float reference_sum(const float *values, size_t count, int squares) {
    float lanes[8] = {0};
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        for (size_t k = 0; k < 8; k++) {
            float value = values[i + k];
            float term = squares ? value * value : value;
            lanes[k] = lanes[k] + term;
        }
    }
    float total = ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    for (; i < count; i++) {
        float term = squares ? values[i] * values[i] : values[i];
        total = total + term;
    }
    return total;
}

/// The power of one bin of the spectrum of `2 * half` real samples, from their transform as complex numbers, in double
/// precision.
static inline double reference_power(const float *z, size_t half, size_t bin, double scale) {
    size_t k = bin % half, mirror = (half - k) % half;
    double ar = z[2 * k], ai = z[2 * k + 1], br = z[2 * mirror], bi = z[2 * mirror + 1];
    double er = (ar + br) / 2, ei = (ai - bi) / 2, orr = (ai + bi) / 2, oi = (br - ar) / 2;
    double angle = -3.14159265358979323846 * (double)bin / (double)half;
    double re = er + cos(angle) * orr - sin(angle) * oi, im = ei + cos(angle) * oi + sin(angle) * orr;
    return scale * (re * re + im * im);
}

/// One output of mynah_rows_times_matrix in the order of the kernel: sums of sixteen terms, added up.
static inline float reference_row_times_column(const float *in, const float *matrix, size_t terms, size_t columns) {
    float total = 0;
    for (size_t start = 0; start < terms; start += 16) {
        float sum = 0;
        for (size_t t = start; t < terms && t < start + 16; t++) {
            float product = in[t] * matrix[t * columns];
            sum = sum + product;
        }
        total = start > 0 ? total + sum : sum;
    }
    return total;
}

/// mynah_ctc_step for one state, by the functions of the C library.
static inline double reference_ctc_state(const double *previous, double emission, double skip, size_t state) {
    double terms[3] = {previous[state + 2], previous[state + 1], previous[state] + skip}, largest = terms[0], sum = 0;
    for (int i = 1; i < 3; i++) largest = fmax(largest, terms[i]);
    for (int i = 0; i < 3; i++) sum += exp(terms[i] - largest);
    return fmax(largest + log(sum) + emission, mynah_unreachable);
}
