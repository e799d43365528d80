#pragma once

// Compiles a kernel for AVX-512, for AVX2 and for the baseline, and chooses when the program is loaded: a portable
// binary has no fused multiply-add and only 4 lanes, which costs these loops a factor of 4 to 8. The check of the kernels
// defines it as nothing, and compiles for one level at a time.
#ifndef MYNAH_CLONES
#if defined(__x86_64__) && defined(__linux__)
#define MYNAH_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MYNAH_CLONES
#endif
#endif
