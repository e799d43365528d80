#pragma once

#include <stddef.h>

// What lies between the matrix products of a convolution: `rows` places of `columns` channels, row-major. There are at
// most 1024 channels.

/// Mean and variance of each channel, `[columns]`.
void mynah_column_moments(
    const float *restrict values, size_t rows, size_t columns, float *restrict mean, float *restrict variance);

/// `out = scale * values + shift`, with one scale and shift for each channel.
void mynah_scale_shift(
    const float *restrict values, const float *restrict scale, const float *restrict shift, size_t rows, size_t columns,
    float *restrict out);

/// `out = max(0, scale * values + shift)`; `out` may be `values` itself.
void mynah_scale_shift_rectify(
    const float *values, const float *scale, const float *shift, size_t rows, size_t columns, float *out);

/// Backward of the rectifier: the gradient passes where the output is positive.
void mynah_rectify_backward(float *restrict gradient, const float *restrict output, size_t count);

/// Of each channel, the sum of the values and of the values times `factors`.
void mynah_column_sums(
    const float *restrict values, const float *restrict factors, size_t rows, size_t columns, float *restrict sums,
    float *restrict products);

/// Backward of batch normalization: `gradient` holds that of the output `scale * normalized + bias` and becomes that of
/// the input; `variance` is the batch's, `biasGradient` and `scaleGradient` are the sums over the batch.
void mynah_batch_norm_backward(
    float *restrict gradient, const float *restrict normalized, const float *restrict scale,
    const float *restrict variance, float epsilon, const float *restrict biasGradient,
    const float *restrict scaleGradient, size_t rows, size_t columns);
