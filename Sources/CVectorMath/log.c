#include "log.h"

#include <float.h>
#include <stdint.h>
#include <string.h>

#include "clones.h"

#pragma clang fp contract(off)

// Splits x = m · 2^e with m in [√½, √2) and evaluates the minimax polynomial of ln(1 + r), r = m - 1, of S. L. Moshier's
// Cephes library (logf.c); ln 2 is split so that e · ln 2 adds no error of its own.
MYNAH_CLONES
void mynah_log(float *values, size_t count, float offset, float floor, float scale) {
    // The polynomial is one long chain of operations; with several at once the processor need not wait for each of them.
#pragma clang loop interleave_count(4)
    for (size_t index = 0; index < count; index++) {
        float x = values[index] + offset;
        x = x > floor ? x : floor;
        x = x < FLT_MAX ? x : FLT_MAX;

        int32_t bits;
        memcpy(&bits, &x, sizeof bits);
        const int32_t aboveRootHalf = bits - 0x3F3504F3;
        const int32_t exponent = aboveRootHalf >> 23;
        const int32_t mantissaBits = (aboveRootHalf & 0x007FFFFF) + 0x3F3504F3;
        float m;
        memcpy(&m, &mantissaBits, sizeof m);

        const float e = (float)exponent;
        const float r = m - 1.0f;
        const float square = r * r;
        float p = 7.0376836292e-2f;
        p = p * r - 1.1514610310e-1f;
        p = p * r + 1.1676998740e-1f;
        p = p * r - 1.2420140846e-1f;
        p = p * r + 1.4249322787e-1f;
        p = p * r - 1.6668057665e-1f;
        p = p * r + 2.0000714765e-1f;
        p = p * r - 2.4999993993e-1f;
        p = p * r + 3.3333331174e-1f;
        float y = p * r * square;
        y = y + e * -2.12194440e-4f;
        y = y - 0.5f * square;
        const float logarithm = r + y + e * 0.693359375f;
        values[index] = scale * logarithm;
    }
}
