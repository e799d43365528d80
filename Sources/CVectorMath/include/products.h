#pragma once

#include <stddef.h>

// Products of row-major matrices whose second factor has been packed: for the small matrices of a network, which are
// multiplied again at every step, faster than a library that packs at every call. All sums run in the order of the
// depth, within parts that depend on the shape alone.

/// Columns of a panel. A packed matrix `[depth, columns]` is a row of panels `[depth, 16]`, the last one filled with
/// zeros: `mynah_packed_count(depth, columns)` values.
enum { mynah_panel_columns = 16 };

/// Values of a packed matrix `[depth, columns]`.
static inline size_t mynah_packed_count(size_t depth, size_t columns) {
    return (columns + mynah_panel_columns - 1) / mynah_panel_columns * mynah_panel_columns * depth;
}

/// Packs `matrix` `[depth, columns]`, whose rows lie `stride` values apart.
void mynah_pack(const float *restrict matrix, size_t stride, size_t depth, size_t columns, float *restrict packed);

/// Packs the transpose of `matrix` `[columns, depth]`, whose rows lie `stride` values apart.
void mynah_pack_transposed(
    const float *restrict matrix, size_t stride, size_t depth, size_t columns, float *restrict packed);

/// `result` `[rows, columns]` = `a` `[rows, depth]` times a packed matrix, or `result` plus that where `accumulating`;
/// `aStride` and `resultStride` are the distances of rows. A row of the result does not depend on how many there are.
///
/// The matrix was packed as `[packedDepth, columns]`, of which `packed` points to the first of `depth` rows.
void mynah_multiply_packed(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *packed, size_t packedDepth,
    float *result, size_t resultStride, int accumulating);

/// Depth that `mynah_multiply_transposed` packs at a time.
enum { mynah_part_depth = 128 };

/// Values of scratch that `mynah_multiply_transposed` needs for a result `[rows, columns]`.
static inline size_t mynah_scratch_count(size_t rows, size_t columns) {
    return mynah_packed_count(mynah_part_depth, rows) + mynah_packed_count(mynah_part_depth, columns);
}

/// `result` `[rows, columns]` += the transpose of `a` `[depth, rows]` times `b` `[depth, columns]`; the strides are the
/// distances of rows.
void mynah_multiply_transposed(
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *b, size_t bStride,
    float *result, size_t resultStride, float *scratch);
