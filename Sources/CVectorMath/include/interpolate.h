#pragma once

#include <stddef.h>
#include <stdint.h>

/// `out[i]` = `scale` times the value at `position + i * step` in `values`, in 32.32 fixed point: the cubic through the
/// four nearest values (Catmull and Rom, 1974), which must exist.
void mynah_interpolate(
    const int16_t *restrict values, int64_t position, int64_t step, float scale, float *restrict out, size_t count);
