#include "bfloat16.h"

#if (defined(__x86_64__) && defined(__linux__)) || defined(MYNAH_EMULATED_BFLOAT16)

#include <string.h>

#ifdef MYNAH_EMULATED_BFLOAT16

// The check of the kernels brings the instructions that a processor may lack.
#include MYNAH_EMULATED_BFLOAT16
#define BFLOAT16
int mynah_has_bfloat16(void) { return 1; }

#else

#include <immintrin.h>

#include "cpu.h"

#define BFLOAT16 __attribute__((target("arch=x86-64-v4,avx512bf16"), min_vector_width(512)))
int mynah_has_bfloat16(void) { return mynah_vector_level() == 4 && __builtin_cpu_supports("avx512bf16"); }

#endif

#define ALWAYS_INLINE static inline __attribute__((always_inline)) BFLOAT16

enum {
    lanes = mynah_panel_columns,
    /// Rows of a block of sums, which is two panels wide: with them 16 registers hold sums, and a product needs few loads.
    blockRows = 8,
    /// Pairs of a row that are rounded at a time: what stays in the first cache beside two panels.
    partPairs = 192,
    /// Rows that are rounded at a time, while all panels meet them.
    partRows = 32,
};

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/// The first `count` of 16 lanes.
ALWAYS_INLINE __mmask16 firstLanes(size_t count) { return (__mmask16)((1u << count) - 1); }

/// Packs two rows of up to 16 values; `second` may be missing.
ALWAYS_INLINE void packRows(const float *first, const float *second, __mmask16 mask, mynah_pair *packed) {
    __m512 upper = second ? _mm512_maskz_loadu_ps(mask, second) : _mm512_setzero_ps();
    __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(_mm512_maskz_loadu_ps(mask, first)));
    __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(upper));
    _mm512_storeu_si512(packed, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
}

BFLOAT16 void mynah_pack_pairs(
    const float *restrict matrix, size_t stride, size_t depth, size_t columns, mynah_pair *restrict packed) {
    size_t pairCount = (depth + 1) / 2;
    // Row by row, as memory is read fastest.
    for (size_t k = 0; k < pairCount; k++) {
        const float *row = matrix + 2 * k * stride;
        const float *next = 2 * k + 1 < depth ? row + stride : NULL;
        for (size_t c = 0; c < columns; c += lanes) {
            __mmask16 mask = firstLanes(smaller(columns - c, lanes));
            packRows(row + c, next ? next + c : NULL, mask, packed + c * pairCount + k * lanes);
        }
    }
}

/// A row of values → its pairs, and zeros up to a multiple of eight pairs.
ALWAYS_INLINE void roundRow(const float *row, size_t count, mynah_pair *pairs) {
    for (size_t k = 0; k < count; k += lanes) {
        __m512 values = _mm512_maskz_loadu_ps(firstLanes(smaller(count - k, lanes)), row + k);
        _mm256_storeu_si256((__m256i *)(pairs + k / 2), (__m256i)_mm512_cvtneps_pbh(values));
    }
}

BFLOAT16 void mynah_pack_pairs_transposed(
    const float *restrict matrix, size_t stride, size_t depth, size_t columns, mynah_pair *restrict packed) {
    size_t pairCount = (depth + 1) / 2;
    for (size_t start = 0; start < columns; start += lanes, packed += pairCount * lanes) {
        size_t width = smaller(columns - start, lanes);
        if (width < lanes) memset(packed, 0, pairCount * lanes * sizeof(mynah_pair));
        for (size_t c = 0; c < width; c++) {
            const float *row = matrix + (start + c) * stride;
            for (size_t k = 0; k < pairCount; k += partPairs) {
                mynah_pair pairs[partPairs];
                roundRow(row + 2 * k, smaller(depth - 2 * k, 2 * partPairs), pairs);
                size_t count = smaller(pairCount - k, partPairs);
                for (size_t i = 0; i < count; i++) packed[(k + i) * lanes + c] = pairs[i];
            }
        }
    }
}

/// `result` `[rows, width]` (+)= up to `blockRows` rows of `a` times one panel or two neighbouring ones, `panelStride` pairs
/// apart.
///
/// Rows of `a` lie `rowStride` pairs apart, the pairs of a row `pairStride`. These two and `panels` are constants wherever
/// this is called, so that the sums stay in registers.
ALWAYS_INLINE void multiplyBlock(
    const size_t panels, size_t pairCount, const mynah_pair *a, const size_t rowStride, const size_t pairStride,
    const mynah_pair *packed, size_t panelStride, size_t rows, size_t width, float *result, size_t resultStride,
    int accumulating) {
    __mmask16 masks[2] = {firstLanes(smaller(width, lanes)), firstLanes(width > lanes ? width - lanes : 0)};
    __m512 sums[blockRows][2];
#pragma clang loop unroll(full)
    for (size_t r = 0; r < blockRows; r++) {
#pragma clang loop unroll(full)
        for (size_t p = 0; p < panels; p++) {
            sums[r][p] = accumulating && r < rows
                             ? _mm512_maskz_loadu_ps(masks[p], result + r * resultStride + p * lanes)
                             : _mm512_setzero_ps();
        }
    }
    for (size_t k = 0; k < pairCount; k++, a += pairStride, packed += lanes) {
        __m512bh columns[2];
#pragma clang loop unroll(full)
        for (size_t p = 0; p < panels; p++) columns[p] = (__m512bh)_mm512_loadu_si512(packed + p * panelStride);
#pragma clang loop unroll(full)
        for (size_t r = 0; r < blockRows; r++) {
            __m512bh pair = (__m512bh)_mm512_set1_epi32((int)a[r * rowStride]);
#pragma clang loop unroll(full)
            for (size_t p = 0; p < panels; p++) sums[r][p] = _mm512_dpbf16_ps(sums[r][p], pair, columns[p]);
        }
    }
#pragma clang loop unroll(full)
    for (size_t r = 0; r < blockRows; r++) {
        if (r >= rows) break;
#pragma clang loop unroll(full)
        for (size_t p = 0; p < panels; p++) {
            _mm512_mask_storeu_ps(result + r * resultStride + p * lanes, masks[p], sums[r][p]);
        }
    }
}

/// The same, with the number of panels that `width` needs.
ALWAYS_INLINE void multiplyPanels(
    size_t pairCount, const mynah_pair *a, const size_t rowStride, const size_t pairStride, const mynah_pair *packed,
    size_t panelStride, size_t rows, size_t width, float *result, size_t resultStride, int accumulating) {
#define BLOCK(panels) \
    multiplyBlock( \
        panels, pairCount, a, rowStride, pairStride, packed, panelStride, rows, width, result, resultStride, \
        accumulating)
    if (width > lanes) {
        BLOCK(2);
    } else {
        BLOCK(1);
    }
#undef BLOCK
}

/// Rows of values → rows of `partPairs` pairs, and zeros up to a multiple of `blockRows` rows.
ALWAYS_INLINE void roundRows(const float *values, size_t stride, size_t rows, size_t columns, mynah_pair *pairs) {
    for (size_t r = 0; r < rows; r++) roundRow(values + r * stride, columns, pairs + r * partPairs);
    for (size_t r = rows; r % blockRows != 0; r++) memset(pairs + r * partPairs, 0, partPairs * sizeof(mynah_pair));
}

BFLOAT16 void mynah_multiply_pairs(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const mynah_pair *packed, float *result,
    size_t resultStride, int accumulating) {
    mynah_pair pairs[partRows * partPairs] __attribute__((aligned(64)));
    size_t pairCount = (depth + 1) / 2;
    for (size_t k = 0; k < pairCount || k == 0; k += partPairs) {
        size_t part = smaller(pairCount - k, partPairs);
        for (size_t r = 0; r < rows; r += partRows) {
            size_t count = smaller(rows - r, partRows);
            roundRows(a + r * aStride + 2 * k, aStride, count, smaller(depth - 2 * k, 2 * part), pairs);
            for (size_t c = 0; c < columns; c += 2 * lanes) {
                for (size_t i = 0; i < count; i += blockRows) {
                    multiplyPanels(
                        part, pairs + i * partPairs, partPairs, 1, packed + c * pairCount + k * lanes,
                        pairCount * lanes, count - i, smaller(columns - c, 2 * lanes),
                        result + (r + i) * resultStride + c, resultStride, accumulating || k > 0);
                }
            }
        }
    }
}

BFLOAT16 void mynah_multiply_pairs_transposed(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *b, size_t bStride,
    float *result, size_t resultStride, mynah_pair *scratch) {
    mynah_pair *second = scratch + mynah_packed_pair_count(mynah_part_depth, rows);
    for (size_t k = 0; k < depth; k += mynah_part_depth) {
        size_t part = smaller(depth - k, mynah_part_depth), pairCount = (part + 1) / 2;
        mynah_pack_pairs(a + k * aStride, aStride, part, rows, scratch);
        mynah_pack_pairs(b + k * bStride, bStride, part, columns, second);
        for (size_t c = 0; c < columns; c += 2 * lanes) {
            for (size_t r = 0; r < rows; r += blockRows) {
                const mynah_pair *panel = scratch + r / lanes * lanes * pairCount;
                multiplyPanels(
                    pairCount, panel + r % lanes, 1, lanes, second + c * pairCount, pairCount * lanes, rows - r,
                    smaller(columns - c, 2 * lanes), result + r * resultStride + c, resultStride, 1);
            }
        }
    }
}

#else

int mynah_has_bfloat16(void) { return 0; }

void mynah_pack_pairs(
    const float *restrict matrix, size_t stride, size_t depth, size_t columns, mynah_pair *restrict packed) {
    __builtin_trap();
}

void mynah_pack_pairs_transposed(
    const float *restrict matrix, size_t stride, size_t depth, size_t columns, mynah_pair *restrict packed) {
    __builtin_trap();
}

void mynah_multiply_pairs(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const mynah_pair *packed, float *result,
    size_t resultStride, int accumulating) {
    __builtin_trap();
}

void mynah_multiply_pairs_transposed(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *b, size_t bStride,
    float *result, size_t resultStride, mynah_pair *scratch) {
    __builtin_trap();
}

#endif
