#pragma once

#include <stddef.h>

// Sums and products of rows, where the compiler cannot know that they do not overlap.

/// `sums[i] += values[i]`.
void mynah_add(float *restrict sums, const float *restrict values, size_t count);

/// `values[i] *= factors[i]`.
void mynah_multiply_by(float *restrict values, const float *restrict factors, size_t count);

/// `values[i] *= factor`.
void mynah_scale(float *values, float factor, size_t count);

/// `sums[i] += factor * values[i]`.
void mynah_add_scaled(float *restrict sums, float factor, const float *restrict values, size_t count);

/// Sum of `a[i] * b[i]`, in an order that depends on `count` alone.
float mynah_dot(const float *a, const float *b, size_t count);
