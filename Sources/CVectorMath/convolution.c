#include "convolution.h"

#include "clones.h"

#pragma clang fp contract(fast)

enum { maximumChannels = 1024 };

MYNAH_CLONES
void mynah_column_moments(
    const float *restrict values, size_t rows, size_t columns, float *restrict mean, float *restrict variance) {
    double sums[maximumChannels] = {0}, squares[maximumChannels] = {0};
    for (size_t r = 0; r < rows; r++) {
        const float *row = values + r * columns;
        for (size_t c = 0; c < columns; c++) {
            sums[c] += row[c];
            squares[c] += (double)row[c] * row[c];
        }
    }
    for (size_t c = 0; c < columns; c++) {
        double average = sums[c] / (double)rows, spread = squares[c] / (double)rows - average * average;
        mean[c] = (float)average;
        variance[c] = spread > 0 ? (float)spread : 0;
    }
}

MYNAH_CLONES
void mynah_scale_shift(
    const float *restrict values, const float *restrict scale, const float *restrict shift, size_t rows, size_t columns,
    float *restrict out) {
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) out[r * columns + c] = scale[c] * values[r * columns + c] + shift[c];
    }
}

MYNAH_CLONES
void mynah_scale_shift_rectify(
    const float *values, const float *scale, const float *shift, size_t rows, size_t columns, float *out) {
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop vectorize(assume_safety)
        for (size_t c = 0; c < columns; c++) {
            float value = scale[c] * values[r * columns + c] + shift[c];
            out[r * columns + c] = value > 0 ? value : 0;
        }
    }
}

MYNAH_CLONES
void mynah_rectify_backward(float *restrict gradient, const float *restrict output, size_t count) {
    for (size_t i = 0; i < count; i++) gradient[i] = output[i] > 0 ? gradient[i] : 0;
}

MYNAH_CLONES
void mynah_column_sums(
    const float *restrict values, const float *restrict factors, size_t rows, size_t columns, float *restrict sums,
    float *restrict products) {
    double valueSums[maximumChannels] = {0}, productSums[maximumChannels] = {0};
    for (size_t r = 0; r < rows; r++) {
        for (size_t c = 0; c < columns; c++) {
            float value = values[r * columns + c];
            valueSums[c] += value;
            productSums[c] += value * factors[r * columns + c];
        }
    }
    for (size_t c = 0; c < columns; c++) {
        sums[c] = (float)valueSums[c];
        products[c] = (float)productSums[c];
    }
}

MYNAH_CLONES
void mynah_batch_norm_backward(
    float *restrict gradient, const float *restrict normalized, const float *restrict scale,
    const float *restrict variance, float epsilon, const float *restrict biasGradient,
    const float *restrict scaleGradient, size_t rows, size_t columns) {
    float gain[maximumChannels], biasShare[maximumChannels], scaleShare[maximumChannels];
    for (size_t c = 0; c < columns; c++) {
        gain[c] = scale[c] / __builtin_sqrtf(variance[c] + epsilon);
        biasShare[c] = biasGradient[c] / (float)rows;
        scaleShare[c] = scaleGradient[c] / (float)rows;
    }
    for (size_t r = 0; r < rows; r++) {
        float *row = gradient + r * columns;
        const float *value = normalized + r * columns;
        for (size_t c = 0; c < columns; c++) row[c] = gain[c] * (row[c] - biasShare[c] - value[c] * scaleShare[c]);
    }
}
