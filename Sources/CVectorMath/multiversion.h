#pragma once

// One source, one object per instruction set, chosen when the program starts: a portable binary has no fused
// multiply-add and only 4 lanes, which costs these loops a factor of 4 to 8.
#if defined(__x86_64__) && defined(__linux__)
#define MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSION
#endif
