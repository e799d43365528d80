#pragma once

#include <stddef.h>
#include <stdint.h>

#include "products.h"

// Products of row-major matrices whose factors are rounded to bfloat16, the upper half of a float, and whose sums are
// floats: twice as many multiplications per instruction as of floats. To be called only where the processor has the
// instructions (AVX-512 BF16). Subnormal numbers count as zero. All sums run in the order of the depth, within parts that
// depend on the shape alone.

/// Whether the processor has instructions for these products.
int mynah_has_bfloat16(void);

/// Two neighbours in depth, the first one in the lower half.
typedef uint32_t mynah_pair;

/// Pairs of a packed matrix `[depth, columns]`: panels as `products.h` has them, of `⌈depth / 2⌉` rows of pairs.
static inline size_t mynah_packed_pair_count(size_t depth, size_t columns) {
    return mynah_packed_count((depth + 1) / 2, columns);
}

/// Packs `matrix` `[depth, columns]`, whose rows lie `stride` values apart.
void mynah_pack_pairs(
    const float *restrict matrix, size_t stride, size_t depth, size_t columns, mynah_pair *restrict packed);

/// Packs the transpose of `matrix` `[columns, depth]`, whose rows lie `stride` values apart.
void mynah_pack_pairs_transposed(
    const float *restrict matrix, size_t stride, size_t depth, size_t columns, mynah_pair *restrict packed);

/// `result` `[rows, columns]` = `a` `[rows, depth]` times a packed matrix, or `result` plus that where `accumulating`;
/// `aStride` and `resultStride` are the distances of rows.
void mynah_multiply_pairs(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const mynah_pair *packed, float *result,
    size_t resultStride, int accumulating);

/// Pairs of scratch that `mynah_multiply_pairs_transposed` needs for a result `[rows, columns]`.
static inline size_t mynah_pair_scratch_count(size_t rows, size_t columns) {
    return mynah_packed_pair_count(mynah_part_depth, rows) + mynah_packed_pair_count(mynah_part_depth, columns);
}

/// `result` `[rows, columns]` += the transpose of `a` `[depth, rows]` times `b` `[depth, columns]`; the strides are the
/// distances of rows.
void mynah_multiply_pairs_transposed(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *b, size_t bStride,
    float *result, size_t resultStride, mynah_pair *scratch);
