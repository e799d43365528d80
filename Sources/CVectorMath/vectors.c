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

MYNAH_CLONES
void mynah_add_scaled(float *restrict sums, float factor, const float *restrict values, size_t count) {
    for (size_t i = 0; i < count; i++) sums[i] += factor * values[i];
}

MYNAH_CLONES
float mynah_dot(const float *a, const float *b, size_t count) {
    float lanes[16] = {0};
    size_t whole = count / 16 * 16;
    for (size_t i = 0; i < whole; i += 16) {
        for (size_t k = 0; k < 16; k++) lanes[k] += a[i + k] * b[i + k];
    }
    float sum = 0;
    for (size_t k = 0; k < 16; k++) sum += lanes[k];
    for (size_t i = whole; i < count; i++) sum += a[i] * b[i];
    return sum;
}
