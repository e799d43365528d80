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
    /// Panels that a single row meets together.
    rowPanels = 4,
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

/// One row: `rowPanels` panels, `panelStride` values apart, are summed up side by side, since the additions of one panel
/// would wait for each other.
ALWAYS_INLINE void multiplyRow(
    size_t depth, const float *a, const float *panel, size_t panelStride, float *result, int accumulating) {
    lanes sums[rowPanels];
#pragma clang loop unroll(full)
    for (int p = 0; p < rowPanels; p++) sums[p] = accumulating ? *(lanes *)(result + p * mynah_panel_columns) : (lanes){0};
    for (size_t k = 0; k < depth; k++) {
#pragma clang loop unroll(full)
        for (int p = 0; p < rowPanels; p++) {
            sums[p] += a[k] * *(const lanes *)(panel + (size_t)p * panelStride + k * mynah_panel_columns);
        }
    }
#pragma clang loop unroll(full)
    for (int p = 0; p < rowPanels; p++) *(lanes *)(result + p * mynah_panel_columns) = sums[p];
}

/// The same for any number of rows, in blocks of `height`.
ALWAYS_INLINE void multiplyPanel(
    const int height, size_t rows, size_t width, size_t depth, const float *a, size_t aStride, const float *panel,
    float *result, size_t resultStride, int accumulating) {
#define BLOCK(count) \
    { \
        multiplyBlock(count, width, depth, a, aStride, panel, result, resultStride, accumulating); \
        a += (size_t)(count) * aStride; \
        result += (size_t)(count) * resultStride; \
        rows -= (count); \
    }
    // A rest of few rows would not keep the multipliers busy: of blocks of twelve, rather end on two of eight, and of
    // blocks of six on two of four.
    while (rows >= (size_t)height && !(height == 12 && rows > 12 && rows <= 16) &&
           !(height == 6 && (rows == 7 || rows == 8)))
        BLOCK(height)
    if (height > 8 && rows >= 8) BLOCK(8)
    while (rows >= 4) BLOCK(4)
    switch (rows) {
        case 3: BLOCK(3) break;
        case 2: BLOCK(2) break;
        case 1: BLOCK(1) break;
        default: break;
    }
#undef BLOCK
}

ALWAYS_INLINE void multiplyPacked(
    const int height, size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *packed,
    size_t packedDepth, float *result, size_t resultStride, int accumulating) {
    for (size_t k = 0; k < depth || k == 0; k += maximumDepth) {
        size_t part = depth - k < maximumDepth ? depth - k : maximumDepth;
        int adding = accumulating || k > 0;
        for (size_t r = 0; r < rows; r += maximumRows) {
            size_t count = rows - r < maximumRows ? rows - r : maximumRows;
            const float *values = a + r * aStride + k;
            float *row = result + r * resultStride;
            size_t c = 0;
            if (count == 1) {
                for (; c + rowPanels * mynah_panel_columns <= columns; c += rowPanels * mynah_panel_columns) {
                    multiplyRow(
                        part, values, packed + c * packedDepth + k * mynah_panel_columns,
                        packedDepth * mynah_panel_columns, row + c, adding);
                }
            }
            for (; c < columns; c += mynah_panel_columns) {
                size_t width = columns - c < mynah_panel_columns ? columns - c : mynah_panel_columns;
                multiplyPanel(
                    height, count, width, part, values, aStride, packed + c * packedDepth + k * mynah_panel_columns,
                    row + c, resultStride, adding);
            }
        }
    }
}

/// `result` `[rows, width]` += `height` columns of a panel of `a`, transposed, times one panel of `b` or two neighbouring
/// ones, all of `depth` rows.
///
/// `height` and `panels` are constants wherever this is called, so that the sums stay in registers.
ALWAYS_INLINE void multiplyTransposedBlock(
    const int height, const int panels, size_t depth, const float *a, const float *b, size_t panelStride, size_t rows,
    size_t width, float *result, size_t resultStride) {
    lanes sums[maximumHeight][2];
    size_t widths[2] = {width < mynah_panel_columns ? width : mynah_panel_columns, width - mynah_panel_columns};
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; p++) {
            const float *values = result + (size_t)r * resultStride + p * mynah_panel_columns;
            lanes row = {0};
            if ((size_t)r < rows) {
                if (widths[p] == mynah_panel_columns) {
                    row = *(const lanes *)values;
                } else {
                    memcpy(&row, values, widths[p] * sizeof(float));
                }
            }
            sums[r][p] = row;
        }
    }
    for (size_t k = 0; k < depth; k++, a += mynah_panel_columns, b += mynah_panel_columns) {
        lanes columns[2];
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; p++) columns[p] = *(const lanes *)(b + (size_t)p * panelStride);
#pragma clang loop unroll(full)
        for (int r = 0; r < height; r++) {
#pragma clang loop unroll(full)
            for (int p = 0; p < panels; p++) sums[r][p] += a[r] * columns[p];
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
        if ((size_t)r >= rows) break;
#pragma clang loop unroll(full)
        for (int p = 0; p < panels; p++) {
            float *values = result + (size_t)r * resultStride + p * mynah_panel_columns;
            lanes row = sums[r][p];
            if (widths[p] == mynah_panel_columns) {
                *(lanes *)values = row;
            } else {
                memcpy(values, &row, widths[p] * sizeof(float));
            }
        }
    }
}

/// The product of two transposed factors in blocks of `height` rows, a divisor of a panel's width, and `panels` panels.
ALWAYS_INLINE void multiplyTransposed(
    const int height, const int panels, size_t rows, size_t columns, size_t depth, const float *a, size_t aStride,
    const float *b, size_t bStride, float *result, size_t resultStride, float *scratch) {
    float *second = scratch + mynah_packed_count(mynah_part_depth, rows);
    for (size_t k = 0; k < depth; k += mynah_part_depth) {
        size_t part = depth - k < mynah_part_depth ? depth - k : mynah_part_depth;
        mynah_pack(a + k * aStride, aStride, part, rows, scratch);
        mynah_pack(b + k * bStride, bStride, part, columns, second);
        for (size_t c = 0; c < columns; c += (size_t)panels * mynah_panel_columns) {
            size_t width = columns - c < (size_t)panels * mynah_panel_columns ? columns - c
                                                                              : (size_t)panels * mynah_panel_columns;
            for (size_t r = 0; r < rows; r += (size_t)height) {
                const float *block = scratch + r / mynah_panel_columns * mynah_panel_columns * part;
#define BLOCK(count) \
    multiplyTransposedBlock( \
        height, count, part, block + r % mynah_panel_columns, second + c * part, part * mynah_panel_columns, \
        rows - r, width, result + r * resultStride + c, resultStride)
                if (panels == 2 && width > mynah_panel_columns) {
                    BLOCK(2);
                } else {
                    BLOCK(1);
                }
#undef BLOCK
            }
        }
    }
}

#define PACKED_PARAMETERS \
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *packed, size_t packedDepth, \
        float *result, size_t resultStride, int accumulating
#define PACKED_ARGUMENTS rows, columns, depth, a, aStride, packed, packedDepth, result, resultStride, accumulating
#define TRANSPOSED_PARAMETERS \
    size_t rows, size_t columns, size_t depth, const float *a, size_t aStride, const float *b, size_t bStride, \
        float *result, size_t resultStride, float *scratch
#define TRANSPOSED_ARGUMENTS rows, columns, depth, a, aStride, b, bStride, result, resultStride, scratch

// The versions for several instruction sets that `MYNAH_CLONES` would make, but with blocks as large as the registers of
// each allow: `height` rows of one panel, and `gradientHeight` rows of `gradientPanels` panels.
#define VERSION(name, height, gradientHeight, gradientPanels, attributes) \
    attributes static void multiplyPacked##name(PACKED_PARAMETERS) { multiplyPacked(height, PACKED_ARGUMENTS); } \
    attributes static void multiplyTransposed##name(TRANSPOSED_PARAMETERS) { \
        multiplyTransposed(gradientHeight, gradientPanels, TRANSPOSED_ARGUMENTS); \
    }

#if defined(__x86_64__) && defined(__linux__)

VERSION(V4, 12, 8, 2, __attribute__((target("arch=x86-64-v4"), min_vector_width(512))))
VERSION(V3, 6, 4, 1, __attribute__((target("arch=x86-64-v3"))))
VERSION(Baseline, 3, 2, 1, )

#define CHOOSE(name, ...) \
    switch (mynah_vector_level()) { \
        case 4: name##V4(__VA_ARGS__); break; \
        case 3: name##V3(__VA_ARGS__); break; \
        default: name##Baseline(__VA_ARGS__); break; \
    }

#else

VERSION(Only, 6, 4, 1, )

#define CHOOSE(name, ...) name##Only(__VA_ARGS__);

#endif

void mynah_multiply_packed(PACKED_PARAMETERS) { CHOOSE(multiplyPacked, PACKED_ARGUMENTS) }

void mynah_multiply_transposed(TRANSPOSED_PARAMETERS) { CHOOSE(multiplyTransposed, TRANSPOSED_ARGUMENTS) }
