#pragma once

#include <stddef.h>

/// Replaces each value by `scale * ln(min(max(value + offset, floor), FLT_MAX))`; not-a-number counts as `floor`.
///
/// The logarithm is within 1 ulp for normal numbers. The bits of a result depend only on its own value, not on
/// how many values are processed together, nor on the instruction set. `floor` must be a normal, positive number.
void mynah_log(float *values, size_t count, float offset, float floor, float scale);
