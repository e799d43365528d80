#pragma once

#include <stddef.h>
#include <stdint.h>

// The arithmetic of one analysis frame. No kernel contracts a product and a sum into one rounding and every sum has
// a fixed order, so that the bits of a result are the same on every instruction set.

/// Writes `out[i] = in[i] - coefficient * in[i - 1]`, with `previous` in place of `in[-1]`. `out` must not be `in`.
void mynah_emphasize(float *restrict out, const float *restrict in, size_t count, float previous, float coefficient);

/// Writes `out[i] = left[i] * right[i]`.
void mynah_multiply(float *restrict out, const float *restrict left, const float *restrict right, size_t count);

/// Writes `out[i] = in[i] - value`. `out` must not be `in`.
void mynah_subtract(float *restrict out, const float *restrict in, size_t count, float value);

/// Sum of the values.
float mynah_sum(const float *values, size_t count);

/// Sum of the squares of the values.
float mynah_sum_of_squares(const float *values, size_t count);

/// Power spectrum of `2 * half` real samples, from the transform of them taken as `half` complex numbers.
///
/// With `z` the transform of `x[0] + i x[1], x[2] + i x[3], …`, the transform of `x` at bin `k` is
/// `E + w O`, with `E = (z[k] + z*[half - k]) / 2`, `O = (z[k] - z*[half - k]) / 2i`, `w = exp(-πik / half)`
/// (Press et al., *Numerical Recipes*, 12.3). FFTW's own real transform spends more on this step than on the rest.
///
/// - out: `[half + 1]`, `scale * |X[k]|²` of bins 0 to `half`.
/// - z: `[half, 2]`, interleaved.
/// - cosines, sines: `[half / 2 + 1]`, real and imaginary part of `w` at each `k`.
void mynah_power_spectrum(
    float *restrict out, const float *restrict z, const float *restrict cosines, const float *restrict sines,
    size_t half, float scale);

/// Replaces each value by its square root.
void mynah_square_root(float *values, size_t count);

/// Weighted sums over runs of neighbouring bins, for `8 * groups` bands: band `b` starts at bin `first[b]`.
///
/// The bands of a group of 8 take the same number of steps, of 8 bins each; shorter runs are padded with weights of zero.
///
/// - out: `[groups, 8]`.
/// - weights: For each group `[steps[group], 8 bands, 8 bins]`, one group after another.
/// - first: `[groups, 8]`.
/// - steps: `[groups]`.
void mynah_band_sums(
    float *restrict out, const float *restrict spectrum, const float *restrict weights,
    const int32_t *restrict first, const int32_t *restrict steps, size_t groups);

/// Writes `out[r, c] = Σ in[r, t] * matrix[t, c]`. A row of the result does not depend on how many there are.
///
/// - out: `[rows, columns]`; `columns` is a multiple of 8, which no result depends on.
/// - in: `[rows, inStride]`, of which the first `terms` columns are read, at least 1.
/// - matrix: `[terms, columns]`.
void mynah_rows_times_matrix(
    float *restrict out, const float *restrict in, const float *restrict matrix, size_t rows, size_t inStride,
    size_t terms, size_t columns);
