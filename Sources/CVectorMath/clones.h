#pragma once

// Compiles a kernel twice, for AVX2 and for the baseline, and chooses at load time.
#if defined(__x86_64__) && defined(__linux__)
#define MYNAH_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define MYNAH_CLONES
#endif
