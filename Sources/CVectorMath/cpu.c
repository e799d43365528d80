#include "cpu.h"

#include <stdatomic.h>
#include <stdlib.h>

static int supportedLevel(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    // The levels by all that belongs to them: code for a level may use any of it.
    if (__builtin_cpu_supports("x86-64-v4")) return 4;
    if (__builtin_cpu_supports("x86-64-v3")) return 3;
#endif
    return 0;
}

int mynah_vector_level(void) {
    static atomic_int known = -1;
    int level = atomic_load_explicit(&known, memory_order_relaxed);
    if (level < 0) {
        level = supportedLevel();
        const char *limit = getenv("MYNAH_VECTOR_LEVEL");
        if (limit && *limit >= '0' && *limit <= '4' && !limit[1] && *limit - '0' < level) level = *limit < '3' ? 0 : *limit - '0';
        atomic_store_explicit(&known, level, memory_order_relaxed);
    }
    return level;
}
