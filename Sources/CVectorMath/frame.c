#include "frame.h"

#include "clones.h"

#pragma clang fp contract(off)

// Eight partial sums, added in pairs at the end: the same order for every instruction set.
typedef float lanes __attribute__((ext_vector_type(8)));
// Sixteen values that have nothing to do with each other.
typedef float wide_lanes __attribute__((ext_vector_type(16)));
// The same for memory that is aligned to single floats only.
typedef float unaligned_lanes __attribute__((ext_vector_type(8), aligned(4)));
typedef float unaligned_wide_lanes __attribute__((ext_vector_type(16), aligned(4)));

#define LOAD(pointer) ((lanes) * (const unaligned_lanes *)(pointer))
#define STORE(pointer, value) (*(unaligned_lanes *)(pointer) = (value))
#define WIDE_LOAD(pointer) ((wide_lanes) * (const unaligned_wide_lanes *)(pointer))
#define WIDE_STORE(pointer, value) (*(unaligned_wide_lanes *)(pointer) = (value))
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

// Four runs of four floats: all shuffles below then stay within four lanes, which is what costs a processor least.
typedef float quarter_lanes __attribute__((ext_vector_type(4)));
typedef float unaligned_quarter_lanes __attribute__((ext_vector_type(4), aligned(4)));
#define QUARTER_LOAD(pointer) ((quarter_lanes) * (const unaligned_quarter_lanes *)(pointer))
#define PAIR(a, b) __builtin_shufflevector(QUARTER_LOAD(a), QUARTER_LOAD(b), 0, 1, 2, 3, 4, 5, 6, 7)
#define GATHER(a, b, c, d) \
    __builtin_shufflevector(PAIR(a, b), PAIR(c, d), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 16, 18, 4, 6, 20, 22, 8, 10, 24, 26, 12, 14, 28, 30)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 17, 19, 5, 7, 21, 23, 9, 11, 25, 27, 13, 15, 29, 31)
#define REVERSED_EVEN(a, b) __builtin_shufflevector(a, b, 2, 0, 18, 16, 6, 4, 22, 20, 10, 8, 26, 24, 14, 12, 30, 28)
#define REVERSED_ODD(a, b) __builtin_shufflevector(a, b, 3, 1, 19, 17, 7, 5, 23, 21, 11, 9, 27, 25, 15, 13, 31, 29)
#define REVERSED(a) __builtin_shufflevector(a, a, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)

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
    for (; 2 * (k + 15) <= half; k += 16) {
        const float *x = z + 2 * k, *y = z + 2 * (half - k - 15);
        const wide_lanes a0 = GATHER(x, x + 8, x + 16, x + 24), a1 = GATHER(x + 4, x + 12, x + 20, x + 28);
        const wide_lanes b0 = GATHER(y + 28, y + 20, y + 12, y + 4), b1 = GATHER(y + 24, y + 16, y + 8, y);
        wide_lanes lower, upper;
        POWER_OF_BIN_PAIR(
            wide_lanes, EVEN(a0, a1), ODD(a0, a1), REVERSED_EVEN(b0, b1), REVERSED_ODD(b0, b1), WIDE_LOAD(cosines + k),
            WIDE_LOAD(sines + k), lower, upper);
        WIDE_STORE(out + k, lower);
        WIDE_STORE(out + half - k - 15, REVERSED(upper));
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

// Halves, quarters and eighths of two vectors, each added to its neighbour and set side by side: in three steps the TOTAL
// of each of eight vectors, with the same order of sums.
#define FOLD_HALVES(a, b) \
    (__builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15))
#define FOLD_QUARTERS(a, b) \
    (__builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13) + __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15))
#define FOLD_EIGHTHS(a, b) \
    (__builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) + __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15))

MYNAH_CLONES
void mynah_band_sums(
    float *restrict out, const float *restrict spectrum, const float *restrict weights,
    const int32_t *restrict first, const int32_t *restrict steps, size_t groups) {
    for (size_t group = 0; group < groups; group++) {
        const int32_t *start = first + 8 * group;
        const float *bins = spectrum;
        lanes a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        for (int32_t step = 0; step < steps[group]; step++) {
            a += LOAD(weights) * LOAD(bins + start[0]);
            b += LOAD(weights + 8) * LOAD(bins + start[1]);
            c += LOAD(weights + 16) * LOAD(bins + start[2]);
            d += LOAD(weights + 24) * LOAD(bins + start[3]);
            e += LOAD(weights + 32) * LOAD(bins + start[4]);
            f += LOAD(weights + 40) * LOAD(bins + start[5]);
            g += LOAD(weights + 48) * LOAD(bins + start[6]);
            h += LOAD(weights + 56) * LOAD(bins + start[7]);
            weights += 64;
            bins += 8;
        }
        const lanes even = FOLD_QUARTERS(FOLD_HALVES(a, e), FOLD_HALVES(c, g));
        const lanes odd = FOLD_QUARTERS(FOLD_HALVES(b, f), FOLD_HALVES(d, h));
        STORE(out + 8 * group, FOLD_EIGHTHS(even, odd));
    }
}

// Sums of few terms are added up, because a sum of many equal terms would lose digits at each of them.
enum { termsPerSum = 16 };

// A tile of one or two rows and a few vectors of columns; the constants are known where it is inlined.
static inline __attribute__((always_inline)) void rowsTimesColumns(
    float *restrict out, const float *restrict in, const float *restrict matrix, size_t inStride, size_t terms,
    size_t columns, size_t rowCount, size_t vectorCount) {
    for (size_t start = 0; start < terms; start += termsPerSum) {
        const size_t end = start + termsPerSum < terms ? start + termsPerSum : terms;
        lanes sums[2][5] = {0};
        for (size_t term = start; term < end; term++) {
            for (size_t row = 0; row < rowCount; row++) {
                const float value = in[row * inStride + term];
                for (size_t v = 0; v < vectorCount; v++) sums[row][v] += value * LOAD(matrix + term * columns + 8 * v);
            }
        }
        for (size_t row = 0; row < rowCount; row++) {
            for (size_t v = 0; v < vectorCount; v++) {
                float *o = out + row * columns + 8 * v;
                STORE(o, start > 0 ? LOAD(o) + sums[row][v] : sums[row][v]);
            }
        }
    }
}

MYNAH_CLONES
void mynah_rows_times_matrix(
    float *restrict out, const float *restrict in, const float *restrict matrix, size_t rows, size_t inStride,
    size_t terms, size_t columns) {
    for (size_t row = 0; row < rows; row += 2) {
        float *o = out + row * columns;
        const float *x = in + row * inStride;
        const int isPair = row + 1 < rows;
        size_t c = 0;
        for (; c + 40 <= columns; c += 40) {
            if (isPair) rowsTimesColumns(o + c, x, matrix + c, inStride, terms, columns, 2, 5);
            else rowsTimesColumns(o + c, x, matrix + c, inStride, terms, columns, 1, 5);
        }
        for (; c < columns; c += 8) {
            if (isPair) rowsTimesColumns(o + c, x, matrix + c, inStride, terms, columns, 2, 1);
            else rowsTimesColumns(o + c, x, matrix + c, inStride, terms, columns, 1, 1);
        }
    }
}
