#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

// The instructions of AVX-512 BF16 that bfloat16.c uses, in plain C, for processors without them.

typedef float __m512 __attribute__((vector_size(64)));
typedef int32_t __m512i __attribute__((vector_size(64)));
typedef uint16_t __m256i __attribute__((vector_size(32)));
typedef uint16_t __m256bh __attribute__((vector_size(32)));
typedef uint16_t __m512bh __attribute__((vector_size(64)));
typedef uint16_t __mmask16;

static inline __m512 _mm512_setzero_ps(void) { return (__m512){0}; }

static inline __m512i _mm512_set1_epi32(int value) { return (__m512i){0} + value; }

static inline __m512 _mm512_maskz_loadu_ps(__mmask16 mask, const float *values) {
    __m512 result = {0};
    for (int i = 0; i < 16; i++) {
        if (mask >> i & 1) result[i] = values[i];
    }
    return result;
}

static inline void _mm512_mask_storeu_ps(float *values, __mmask16 mask, __m512 stored) {
    for (int i = 0; i < 16; i++) {
        if (mask >> i & 1) values[i] = stored[i];
    }
}

static inline __m512i _mm512_loadu_si512(const void *values) {
    __m512i result;
    memcpy(&result, values, sizeof result);
    return result;
}

static inline void _mm512_storeu_si512(void *values, __m512i stored) { memcpy(values, &stored, sizeof stored); }

static inline void _mm256_storeu_si256(__m256i *values, __m256i stored) { memcpy(values, &stored, sizeof stored); }

static inline __m512i _mm512_cvtepu16_epi32(__m256i values) {
    __m512i result;
    for (int i = 0; i < 16; i++) result[i] = values[i];
    return result;
}

static inline __m512i _mm512_or_si512(__m512i a, __m512i b) { return a | b; }

static inline __m512i _mm512_slli_epi32(__m512i values, int count) { return values << count; }

/// Rounds to the nearest number of 8 bits of mantissa, and of two as near to the even one.
static inline uint16_t emulatedRound(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline float emulatedWiden(uint16_t value) {
    uint32_t bits = (uint32_t)value << 16;
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

static inline __m256bh _mm512_cvtneps_pbh(__m512 values) {
    __m256bh result;
    for (int i = 0; i < 16; i++) result[i] = emulatedRound(values[i]);
    return result;
}

static inline __m512 _mm512_dpbf16_ps(__m512 sums, __m512bh a, __m512bh b) {
    for (int i = 0; i < 16; i++) {
        float upper = fmaf(emulatedWiden(a[2 * i + 1]), emulatedWiden(b[2 * i + 1]), sums[i]);
        sums[i] = fmaf(emulatedWiden(a[2 * i]), emulatedWiden(b[2 * i]), upper);
    }
    return sums;
}
