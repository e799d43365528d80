#pragma once

#include <stddef.h>
#include <stdint.h>

// Of libFuzzer, which comes with the toolchain but without a header.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t count));

// The function that a fuzzer defines.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count);
