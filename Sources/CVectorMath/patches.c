#include "patches.h"

#include <string.h>

#include "cpu.h"
#include "products.h"

#pragma clang fp contract(fast)

#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// A row of a panel.
typedef float lanes __attribute__((vector_size(4 * mynah_panel_columns), aligned(4)));

enum {
    /// Rows of the largest block of sums that registers hold, of any instruction set.
    maximumHeight = 12,
    /// Patches whose gradients stay in the first caches while all filters meet them.
    chunkRows = 256,
    /// Values of a kernel that stay in the first cache while all patches meet them.
    partSize = 256,
};

/// Runs `BODY(height)` for `count` rows in blocks, each of a height that is known to the compiler.
#define FOR_BLOCKS(height, count, BODY) \
    do { \
        size_t rest = (count); \
        for (; rest >= (size_t)(height); rest -= (size_t)(height)) BODY(height) \
        if ((height) > 6 && rest >= 6) { \
            BODY(6) \
            rest -= 6; \
        } \
        switch (rest) { \
            case 5: BODY(5) break; \
            case 4: BODY(4) break; \
            case 3: BODY(3) break; \
            case 2: BODY(2) break; \
            case 1: BODY(1) break; \
            default: break; \
        } \
    } while (0)

/// The place of a patch, counted on from row to row, since divisions would take longer than a row of products.
struct cursor {
    size_t clip, place;
    /// Values from the first frame to the frame of the clip, and to the patch.
    size_t frame, patch;
};

/// Goes on to the next clip, or the first one of the next step.
ALWAYS_INLINE void nextFrame(struct cursor *cursor, const struct mynah_patches *shape) {
    cursor->frame += shape->frameSize;
    if (++cursor->clip == shape->batch) {
        cursor->clip = 0;
        cursor->frame += (shape->frameStride - 1) * shape->batch * shape->frameSize;
    }
    cursor->place = 0;
    cursor->patch = cursor->frame;
}

ALWAYS_INLINE void nextPatch(struct cursor *cursor, const struct mynah_patches *shape) {
    cursor->patch += shape->placeStride;
    if (++cursor->place == shape->places) nextFrame(cursor, shape);
}

/// Columns of a panel that begins at `start`.
static inline size_t widthOf(size_t columns, size_t start) {
    return columns - start < mynah_panel_columns ? columns - start : mynah_panel_columns;
}

// By pointer, since a vector that is handed over changes its form with the instruction set.
ALWAYS_INLINE void loadRow(lanes *row, const float *values, size_t width) {
    lanes loaded = {0};
    if (width == mynah_panel_columns) {
        loaded = *(const lanes *)values;
    } else {
        memcpy(&loaded, values, width * sizeof(float));
    }
    *row = loaded;
}

ALWAYS_INLINE void storeRow(const lanes *row, float *values, size_t width) {
    lanes stored = *row;
    if (width == mynah_panel_columns) {
        *(lanes *)values = stored;
    } else {
        memcpy(values, &stored, width * sizeof(float));
    }
}

/// Part of a kernel, of whose filters a panel holds 16.
struct part {
    size_t firstTap, tapCount;
    /// Values of each tap.
    size_t firstValue, valueCount;
};

/// `width` columns of `height` rows from `cursor` on: the patches' values of a part times its packed filters.
ALWAYS_INLINE void convolveRows(
    const int height, const struct mynah_patches *shape, const struct part *part, const float *frames,
    const float *packed, size_t width, struct cursor *cursor, float *result) {
    const float *patches[maximumHeight];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
        patches[r] = frames + cursor->patch;
        nextPatch(cursor, shape);
    }
    lanes sums[maximumHeight];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) sums[r] = (lanes){0};
    if (part->firstTap > 0 || part->firstValue > 0) {
#pragma clang loop unroll(full)
        for (int r = 0; r < height; r++) loadRow(&sums[r], result + (size_t)r * shape->channels, width);
    }
    size_t tapStride = shape->batch * shape->frameSize;
    for (size_t tap = part->firstTap; tap < part->firstTap + part->tapCount; tap++) {
        size_t first = tap * tapStride + part->firstValue;
        for (size_t k = first; k < first + part->valueCount; k++, packed += mynah_panel_columns) {
            lanes filter = *(const lanes *)packed;
#pragma clang loop unroll(full)
            for (int r = 0; r < height; r++) sums[r] += patches[r][k] * filter;
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) storeRow(&sums[r], result + (size_t)r * shape->channels, width);
}

ALWAYS_INLINE void convolvePart(
    const int height, const struct mynah_patches *shape, const struct part *part, const float *frames,
    const float *packed, size_t width, float *result) {
    // A part is either whole taps or values of a single one: its values lie one behind the other.
    packed += (part->firstTap * shape->run + part->firstValue) * mynah_panel_columns;
    struct cursor cursor = {0};
#define ROWS(count) \
    { \
        convolveRows(count, shape, part, frames, packed, width, &cursor, result); \
        result += (size_t)(count) * shape->channels; \
    }
    FOR_BLOCKS(height, shape->steps * shape->batch * shape->places, ROWS);
#undef ROWS
}

ALWAYS_INLINE void convolve(
    const int height, const struct mynah_patches *shape, const float *frames, const float *packed, float *result) {
    size_t taps = partSize / shape->run > 0 ? partSize / shape->run : 1;
    size_t values = shape->run < partSize ? shape->run : partSize;
    for (size_t c = 0; c < shape->channels; c += mynah_panel_columns) {
        for (size_t tap = 0; tap < shape->taps; tap += taps) {
            for (size_t k = 0; k < shape->run; k += values) {
                struct part part = {
                    .firstTap = tap,
                    .tapCount = shape->taps - tap < taps ? shape->taps - tap : taps,
                    .firstValue = k,
                    .valueCount = shape->run - k < values ? shape->run - k : values,
                };
                convolvePart(
                    height, shape, &part, frames, packed + c * shape->taps * shape->run, widthOf(shape->channels, c),
                    result + c);
            }
        }
    }
}

/// `height` values of the patches of `count` frames, which begin at `frames`, times their gradients of the filters from
/// `c` on.
ALWAYS_INLINE void filterGradientBlock(
    const int height, const struct mynah_patches *shape, const float *frames, struct cursor cursor, size_t count,
    const float *flowing, size_t c, float *gradient) {
    size_t channels = shape->channels, width = widthOf(channels, c);
    lanes sums[maximumHeight];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) loadRow(&sums[r], gradient + (size_t)r * channels + c, width);
    const float *row = flowing + c;
    for (size_t frame = 0; frame < count; frame++, nextFrame(&cursor, shape)) {
        const float *patch = frames + cursor.patch;
        for (size_t place = 0; place < shape->places; place++) {
            lanes flow = *(const lanes *)row;
#pragma clang loop unroll(full)
            for (int r = 0; r < height; r++) sums[r] += patch[r] * flow;
            patch += shape->placeStride;
            row += channels;
        }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) storeRow(&sums[r], gradient + (size_t)r * channels + c, width);
}

ALWAYS_INLINE void filterGradient(
    const int height, const struct mynah_patches *shape, const float *frames, const float *flowing, float *gradient) {
    size_t channels = shape->channels;
    size_t chunk = chunkRows / shape->places > 0 ? chunkRows / shape->places : 1;
    struct cursor cursor = {0};
    for (size_t rest = shape->steps * shape->batch; rest > 0;) {
        size_t count = rest < chunk ? rest : chunk;
        for (size_t tap = 0; tap < shape->taps; tap++) {
            const float *values = frames + tap * shape->batch * shape->frameSize;
            float *sums = gradient + tap * shape->run * channels;
#define VALUES(height) \
    { \
        for (size_t c = 0; c < channels; c += mynah_panel_columns) { \
            filterGradientBlock(height, shape, values, cursor, count, flowing, c, sums); \
        } \
        values += (height); \
        sums += (size_t)(height) * channels; \
    }
            FOR_BLOCKS(height, shape->run, VALUES);
#undef VALUES
        }
        flowing += count * shape->places * channels;
        rest -= count;
        for (size_t frame = 0; frame < count; frame++) nextFrame(&cursor, shape);
    }
}

ALWAYS_INLINE void frameGradientRows(
    const int height, const struct mynah_patches *shape, const float *flowing, const float *packed,
    struct cursor *cursor, float *frameGradient) {
    float *patches[maximumHeight];
#pragma clang loop unroll(full)
    for (int r = 0; r < height; r++) {
        patches[r] = frameGradient + cursor->patch;
        nextPatch(cursor, shape);
    }
    size_t channels = shape->channels;
    for (size_t tap = 0; tap < shape->taps; tap++) {
        size_t offset = tap * shape->batch * shape->frameSize;
        for (size_t k = 0; k < shape->run; k += mynah_panel_columns) {
            lanes sums[maximumHeight];
#pragma clang loop unroll(full)
            for (int r = 0; r < height; r++) sums[r] = (lanes){0};
            for (size_t c = 0; c < channels; c++, packed += mynah_panel_columns) {
                lanes filter = *(const lanes *)packed;
#pragma clang loop unroll(full)
                for (int r = 0; r < height; r++) sums[r] += flowing[(size_t)r * channels + c] * filter;
            }
            // One after the other: neighbouring patches share values.
#pragma clang loop unroll(full)
            for (int r = 0; r < height; r++) {
                float *target = patches[r] + offset + k;
                size_t width = widthOf(shape->run, k);
                lanes before;
                loadRow(&before, target, width);
                before += sums[r];
                storeRow(&before, target, width);
            }
        }
    }
}

ALWAYS_INLINE void frameGradient(
    const int height, const struct mynah_patches *shape, const float *flowing, const float *packed,
    float *frameGradient) {
    struct cursor cursor = {0};
#define ROWS(count) \
    { \
        frameGradientRows(count, shape, flowing, packed, &cursor, frameGradient); \
        flowing += (size_t)(count) * shape->channels; \
    }
    FOR_BLOCKS(height, shape->steps * shape->batch * shape->places, ROWS);
#undef ROWS
}

// The versions for several instruction sets that `MYNAH_CLONES` would make, but with blocks as high as the registers of
// each allow.
#define SHAPE const struct mynah_patches *shape
#define VERSION(name, height, attributes) \
    attributes static void convolve##name(SHAPE, const float *frames, const float *packed, float *result) { \
        convolve(height, shape, frames, packed, result); \
    } \
    attributes static void filterGradient##name( \
        SHAPE, const float *frames, const float *flowing, float *gradient) { \
        filterGradient(height, shape, frames, flowing, gradient); \
    } \
    attributes static void frameGradient##name( \
        SHAPE, const float *flowing, const float *packed, float *gradient) { \
        frameGradient(height, shape, flowing, packed, gradient); \
    }

#if defined(__x86_64__) && defined(__linux__)
VERSION(V4, 12, __attribute__((target("arch=x86-64-v4"), min_vector_width(512))))
VERSION(V3, 6, __attribute__((target("arch=x86-64-v3"))))
VERSION(Baseline, 3, )
#define CHOOSE(name, ...) \
    switch (mynah_vector_level()) { \
        case 4: name##V4(__VA_ARGS__); break; \
        case 3: name##V3(__VA_ARGS__); break; \
        default: name##Baseline(__VA_ARGS__); break; \
    }
#else
VERSION(Only, 6, )
#define CHOOSE(name, ...) name##Only(__VA_ARGS__);
#endif

void mynah_convolve(SHAPE, const float *frames, const float *packed, float *result) {
    CHOOSE(convolve, shape, frames, packed, result)
}

void mynah_convolve_filter_gradient(SHAPE, const float *frames, const float *flowing, float *gradient) {
    CHOOSE(filterGradient, shape, frames, flowing, gradient)
}

void mynah_convolve_frame_gradient(SHAPE, const float *flowing, const float *packed, float *gradient) {
    CHOOSE(frameGradient, shape, flowing, packed, gradient)
}
