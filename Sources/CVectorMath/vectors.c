#include "vectors.h"

#include "clones.h"

MYNAH_CLONES
void mynah_add(float *restrict sums, const float *restrict values, size_t count) {
    for (size_t i = 0; i < count; i++) sums[i] += values[i];
}

MYNAH_CLONES
void mynah_multiply_by(float *restrict values, const float *restrict factors, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] *= factors[i];
}

MYNAH_CLONES
void mynah_scale(float *values, float factor, size_t count) {
    for (size_t i = 0; i < count; i++) values[i] *= factor;
}
