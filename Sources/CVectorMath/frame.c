#include "frame.h"

#include <string.h>

#include "clones.h"

#pragma clang fp contract(off)

// Eight partial sums, added in pairs at the end: the same order for every instruction set.
typedef float lanes __attribute__((ext_vector_type(8)));
// The same for memory that is aligned to single floats only.
typedef float unaligned_lanes __attribute__((ext_vector_type(8), aligned(4)));

#define LOAD(pointer) ((lanes) * (const unaligned_lanes *)(pointer))
#define STORE(pointer, value) (*(unaligned_lanes *)(pointer) = (value))
#define TOTAL(v) \
    ((((v)[0] + (v)[4]) + ((v)[2] + (v)[6])) + (((v)[1] + (v)[5]) + ((v)[3] + (v)[7])))

MYNAH_CLONES
void mynah_emphasize(float *restrict out, const float *restrict in, size_t count, float previous, float coefficient) {
    if (count == 0) return;
    out[0] = in[0] - coefficient * previous;
    for (size_t i = 1; i < count; i++) out[i] = in[i] - coefficient * in[i - 1];
}

MYNAH_CLONES
void mynah_multiply(float *restrict out, const float *restrict left, const float *restrict right, size_t count) {
    for (size_t i = 0; i < count; i++) out[i] = left[i] * right[i];
}

MYNAH_CLONES
void mynah_subtract(float *restrict out, const float *restrict in, size_t count, float value) {
    for (size_t i = 0; i < count; i++) out[i] = in[i] - value;
}

MYNAH_CLONES
float mynah_sum(const float *values, size_t count) {
    lanes sums = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) sums += LOAD(values + i);
    float total = TOTAL(sums);
    for (; i < count; i++) total += values[i];
    return total;
}

MYNAH_CLONES
float mynah_sum_of_squares(const float *values, size_t count) {
    lanes sums = 0;
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const lanes v = LOAD(values + i);
        sums += v * v;
    }
    float total = TOTAL(sums);
    for (; i < count; i++) total += values[i] * values[i];
    return total;
}

MYNAH_CLONES
void mynah_power_spectrum(float *restrict out, const float *restrict spectrum, size_t count, float scale) {
    for (size_t k = 0; k < count; k++) {
        const float real = spectrum[2 * k], imaginary = spectrum[2 * k + 1];
        out[k] = (real * real + imaginary * imaginary) * scale;
    }
}

MYNAH_CLONES
void mynah_square_root(float *values, size_t count) {
    for (size_t k = 0; k < count; k++) values[k] = __builtin_sqrtf(values[k]);
}

MYNAH_CLONES
void mynah_band_sums(
    float *restrict out, const float *restrict spectrum, const float *restrict weights,
    const int32_t *restrict first, const int32_t *restrict length, size_t bands) {
    for (size_t band = 0; band < bands; band++) {
        const float *run = spectrum + first[band];
        lanes sums = 0;
        for (int32_t i = 0; i < length[band]; i += 8) sums += LOAD(weights + i) * LOAD(run + i);
        weights += length[band];
        out[band] = TOTAL(sums);
    }
}

MYNAH_CLONES
void mynah_row_times_matrix(
    float *restrict out, const float *restrict in, const float *restrict matrix, size_t rows, size_t columns) {
    size_t column = 0;
    for (; column + 40 <= columns; column += 40) {
        lanes a = 0, b = 0, c = 0, d = 0, e = 0;
        for (size_t row = 0; row < rows; row++) {
            const float *m = matrix + row * columns + column;
            const lanes value = in[row];
            a += value * LOAD(m);
            b += value * LOAD(m + 8);
            c += value * LOAD(m + 16);
            d += value * LOAD(m + 24);
            e += value * LOAD(m + 32);
        }
        STORE(out + column, a);
        STORE(out + column + 8, b);
        STORE(out + column + 16, c);
        STORE(out + column + 24, d);
        STORE(out + column + 32, e);
    }
    for (; column < columns; column += 8) {
        lanes a = 0;
        for (size_t row = 0; row < rows; row++) a += (lanes)in[row] * LOAD(matrix + row * columns + column);
        STORE(out + column, a);
    }
}
