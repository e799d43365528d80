#include "interpolate.h"

#include "clones.h"

#pragma clang fp contract(fast)

MYNAH_CLONES
void mynah_interpolate(
    const int16_t *restrict values, int64_t position, int64_t step, float scale, float *restrict out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const int16_t *nearest = values + (position >> 32);
        float fraction = (float)(uint32_t)position * 0x1p-32f;
        float before = nearest[-1], left = nearest[0], right = nearest[1], after = nearest[2];
        float cubic = 3.0f * (left - right) + after - before;
        float square = 2.0f * before - 5.0f * left + 4.0f * right - after;
        out[i] = scale * (left + 0.5f * fraction * (right - before + fraction * (square + fraction * cubic)));
        position += step;
    }
}
