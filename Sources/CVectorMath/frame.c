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

#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define REVERSED_EVEN(a, b) __builtin_shufflevector(a, b, 14, 12, 10, 8, 6, 4, 2, 0)
#define REVERSED_ODD(a, b) __builtin_shufflevector(a, b, 15, 13, 11, 9, 7, 5, 3, 1)
#define REVERSED(a) __builtin_shufflevector(a, a, 7, 6, 5, 4, 3, 2, 1, 0)

// Bins k and half - k from a = z[k] and b = z[half - k], for vectors and numbers alike; E and T are twice the formula's.
#define POWER_OF_BIN_PAIR(type, ar, ai, br, bi, wr, wi, lower, upper)          \
    do {                                                                       \
        const type er = (ar) + (br), ei = (ai) - (bi);                         \
        const type or = (ai) + (bi), oi = (br) - (ar);                         \
        const type tr = (wr) * or - (wi) * oi, ti = (wr) * oi + (wi) * or;     \
        const type sr = er + tr, si = ei + ti, dr = er - tr, di = ei - ti;     \
        lower = (sr * sr + si * si) * quarter;                                 \
        upper = (dr * dr + di * di) * quarter;                                 \
    } while (0)

MYNAH_CLONES
void mynah_power_spectrum(
    float *restrict out, const float *restrict z, const float *restrict cosines, const float *restrict sines,
    size_t half, float scale) {
    const float quarter = 0.25f * scale;
    const float first = z[0] + z[1], last = z[0] - z[1];
    out[0] = first * first * scale;
    out[half] = last * last * scale;
    size_t k = 1;
    for (; 2 * (k + 7) < half; k += 8) {
        const float *mirrored = z + 2 * (half - k - 7);
        const lanes a0 = LOAD(z + 2 * k), a1 = LOAD(z + 2 * k + 8);
        const lanes b0 = LOAD(mirrored), b1 = LOAD(mirrored + 8);
        lanes lower, upper;
        POWER_OF_BIN_PAIR(
            lanes, EVEN(a0, a1), ODD(a0, a1), REVERSED_EVEN(b0, b1), REVERSED_ODD(b0, b1), LOAD(cosines + k),
            LOAD(sines + k), lower, upper);
        STORE(out + k, lower);
        STORE(out + half - k - 7, REVERSED(upper));
    }
    for (; 2 * k <= half; k++) {
        const float *a = z + 2 * k, *b = z + 2 * (half - k);
        float lower, upper;
        POWER_OF_BIN_PAIR(float, a[0], a[1], b[0], b[1], cosines[k], sines[k], lower, upper);
        out[k] = lower;
        out[half - k] = upper;
    }
}

MYNAH_CLONES
void mynah_square_root(float *values, size_t count) {
    size_t k = 0;
    for (; k + 8 <= count; k += 8) STORE(values + k, __builtin_elementwise_sqrt(LOAD(values + k)));
    for (; k < count; k++) values[k] = __builtin_elementwise_sqrt(values[k]);
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

// Sums of few rows are added up, because a sum of many equal terms would lose digits at each of them.
enum { rowsPerSum = 16 };

MYNAH_CLONES
void mynah_row_times_matrix(
    float *restrict out, const float *restrict in, const float *restrict matrix, size_t rows, size_t columns) {
    memset(out, 0, columns * sizeof *out);
    for (size_t start = 0; start < rows; start += rowsPerSum) {
        const size_t end = start + rowsPerSum < rows ? start + rowsPerSum : rows;
        size_t column = 0;
        for (; column + 40 <= columns; column += 40) {
            lanes a = 0, b = 0, c = 0, d = 0, e = 0;
            for (size_t row = start; row < end; row++) {
                const float *m = matrix + row * columns + column;
                const lanes value = in[row];
                a += value * LOAD(m);
                b += value * LOAD(m + 8);
                c += value * LOAD(m + 16);
                d += value * LOAD(m + 24);
                e += value * LOAD(m + 32);
            }
            STORE(out + column, LOAD(out + column) + a);
            STORE(out + column + 8, LOAD(out + column + 8) + b);
            STORE(out + column + 16, LOAD(out + column + 16) + c);
            STORE(out + column + 24, LOAD(out + column + 24) + d);
            STORE(out + column + 32, LOAD(out + column + 32) + e);
        }
        for (; column < columns; column += 8) {
            lanes a = 0;
            for (size_t row = start; row < end; row++) a += (lanes)in[row] * LOAD(matrix + row * columns + column);
            STORE(out + column, LOAD(out + column) + a);
        }
    }
}
