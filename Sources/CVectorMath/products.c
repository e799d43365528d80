#include "products.h"

#include <string.h>

#include "cpu.h"

#pragma clang fp contract(fast)

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// A row of a panel.
typedef float lanes __attribute__((vector_size(4 * mynah_panel_columns), aligned(4)));

enum {
    /// Rows of the largest block of sums that registers hold, of any instruction set.
    maximumHeight = 12,
    /// Depth of a panel that stays in the first cache beside the rows that it meets.
    maximumDepth = 384,
    /// Rows that stay in the second cache while all panels meet them.
    maximumRows = 96,
};

void mynah_pack(const float *restrict matrix, size_t stride, size_t depth, size_t columns, float *restrict packed) {
    for (size_t start = 0; start < columns; start += mynah_panel_columns) {
        size_t width = columns - start < mynah_panel_columns ? columns - start : mynah_panel_columns;
        for (size_t k = 0; k < depth; k++, packed += mynah_panel_columns) {
            if (width == mynah_panel_columns) {
                memcpy(packed, matrix + k * stride + start, sizeof(lanes));
            } else {
                memset(packed, 0, sizeof(lanes));
                memcpy(packed, matrix + k * stride + start, width * sizeof(float));
            }
        }
    }
}

void mynah_pack_transposed(
    const float *restrict matrix, size_t stride, size_t depth, size_t columns, float *restrict packed) {
    for (size_t start = 0; start < columns; start += mynah_panel_columns) {
        size_t width = columns - start < mynah_panel_columns ? columns - start : mynah_panel_columns;
        if (width < mynah_panel_columns) memset(packed, 0, depth * sizeof(lanes));
        for (size_t c = 0; c < width; c++) {
            const float *row = matrix + (start + c) * stride;
            for (size_t k = 0; k < depth; k++) packed[k * mynah_panel_columns + c] = row[k];
        }
        packed += depth * mynah_panel_columns;
    }
}

/// `result` `[height, width]` (+)= `a` `[height, depth]` times a panel.
///
/// `height` is a constant wherever this is called, so that the sums stay in registers.
ALWAYS_INLINE void multiplyBlock(
    const int height, size_t width, size_t depth, const float *a, size_t aStride, const float *panel, float *result,
    size_t resultStride, int accumulating) {
    lanes sums[maximumHeight];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) sums[r] = (lanes){0};
    if (accumulating) {
#pragma clang loop unroll(full)
        for (int r = 0; r < height; r++) {
            lanes row = {0};
            if (width == mynah_panel_columns) {
                row = *(const lanes *)(result + (size_t)r * resultStride);
            } else {
                memcpy(&row, result + (size_t)r * resultStride, width * sizeof(float));
            }
            sums[r] = row;
        }
    }
    for (size_t k = 0; k < depth; k++) {
        lanes row = *(const lanes *)(panel + k * mynah_panel_columns);
#pragma clang loop unroll(full)
        for (int r = 0; r < height; r++) sums[r] += a[(size_t)r * aStride + k] * row;
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
        lanes row = sums[r];
        if (width == mynah_panel_columns) {
            *(lanes *)(result + (size_t)r * resultStride) = row;
        } else {
            memcpy(result + (size_t)r * resultStride, &row, width * sizeof(float));
        }
    }
}

/// The same for any number of rows, in blocks of `height`.
ALWAYS_INLINE void multiplyPanel(
    const int height, size_t rows, size_t width, size_t depth, const float *a, size_t aStride, const float *panel,
    float *result, size_t resultStride, int accumulating) {
#define BLOCK(count) \
    multiplyBlock(count, width, depth, a, aStride, panel, result, resultStride, accumulating)
    // Of blocks of six, a rest of one or two rows would not keep the multipliers busy: then end on two blocks of four.
    for (; rows >= (size_t)height && !(height == 6 && (rows == 7 || rows == 8)); rows -= (size_t)height) {
        BLOCK(height);
        a += (size_t)height * aStride;
        result += (size_t)height * resultStride;
    }
    for (; rows >= 4; rows -= 4) {
        BLOCK(4);
        a += 4 * aStride;
        result += 4 * resultStride;
    }
    switch (rows) {
        case 3: BLOCK(3); break;
        case 2: BLOCK(2); break;
        case 1: BLOCK(1); break;
        default: break;
    }
#undef BLOCK
}

ALWAYS_INLINE void multiplyPacked(
    const int height, size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *packed,
    float *result, size_t resultStride, int accumulating) {
    for (size_t k = 0; k < depth || k == 0; k += maximumDepth) {
        size_t part = depth - k < maximumDepth ? depth - k : maximumDepth;
        for (size_t r = 0; r < rows; r += maximumRows) {
            size_t count = rows - r < maximumRows ? rows - r : maximumRows;
            for (size_t c = 0; c < columns; c += mynah_panel_columns) {
                size_t width = columns - c < mynah_panel_columns ? columns - c : mynah_panel_columns;
                multiplyPanel(
                    height, count, width, part, a + r * aStride + k, aStride,
                    packed + c * depth + k * mynah_panel_columns, result + r * resultStride + c, resultStride,
                    accumulating || k > 0);
            }
        }
    }
}

#define PACKED_PARAMETERS \
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *packed, float *result, \
        size_t resultStride, int accumulating
#define PACKED_ARGUMENTS rows, columns, depth, a, aStride, packed, result, resultStride, accumulating

// The versions for several instruction sets that `MYNAH_CLONES` would make, but with blocks as high as the registers of
// each allow.
#define VERSION(name, height, attributes) \
    attributes static void multiplyPacked##name(PACKED_PARAMETERS) { multiplyPacked(height, PACKED_ARGUMENTS); }

#if defined(__x86_64__) && defined(__linux__)

VERSION(V4, 12, __attribute__((target("arch=x86-64-v4"), min_vector_width(512))))
VERSION(V3, 6, __attribute__((target("arch=x86-64-v3"))))
VERSION(Baseline, 3, )

void mynah_multiply_packed(PACKED_PARAMETERS) {
    switch (mynah_vector_level()) {
        case 4: multiplyPackedV4(PACKED_ARGUMENTS); break;
        case 3: multiplyPackedV3(PACKED_ARGUMENTS); break;
        default: multiplyPackedBaseline(PACKED_ARGUMENTS); break;
    }
}

#else

VERSION(Only, 6, )

void mynah_multiply_packed(PACKED_PARAMETERS) { multiplyPackedOnly(PACKED_ARGUMENTS); }

#endif
